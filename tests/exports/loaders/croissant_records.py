"""Stream records with mlcroissant: python croissant_records.py FOLDER; prints one JSON row a record, in our names.

A validation that finds more than what only the owner can say (license and citation), and a changed byte that goes
unnoticed, end it.
"""

import json
import sys
from pathlib import Path

import mlcroissant

OWNERS = ("citeAs", "license")


def plain(value: object) -> object:
    if isinstance(value, bytes):
        return value.decode()
    return [plain(inner) for inner in value] if isinstance(value, list) else value


folder = Path(sys.argv[1])
dataset = mlcroissant.Dataset(jsonld=folder / "croissant.json")
issues = dataset.metadata.ctx.issues
assert not issues.errors, issues.errors
assert all(any(name in warning for name in OWNERS) for warning in issues.warnings), issues.warnings
for record_set in dataset.metadata.record_sets:
    for record in dataset.records(record_set.uuid):
        print(json.dumps({key.rpartition("/")[2]: plain(value) for key, value in record.items()}))
changed = folder / dataset.metadata.distribution[0].content_url
changed.write_bytes(b" " + changed.read_bytes())
try:
    list(mlcroissant.Dataset(jsonld=folder / "croissant.json").records(dataset.metadata.record_sets[0].uuid))
except mlcroissant.GenerationError as refused:
    assert changed.name in str(refused), refused
else:
    raise AssertionError("a changed byte went unnoticed")
