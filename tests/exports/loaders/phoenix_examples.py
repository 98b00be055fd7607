"""Upload examples to a Phoenix and read them back: python phoenix_examples.py FOLDER ADDRESS; prints our rows."""

import json
import sys
from pathlib import Path

from phoenix.client import Client

rows = [json.loads(line) for line in (Path(sys.argv[1]) / "examples.jsonl").read_bytes().split(b"\n") if line]
client = Client(base_url=sys.argv[2])
first = client.datasets.create_dataset(name="reviewed", examples=rows, timeout=120)
again = client.datasets.create_dataset(name="reviewed", examples=rows, timeout=120)
assert first.version_id == again.version_id, "the same rows make no new version"
for held in client.datasets.get_dataset(dataset="reviewed").examples:
    meta = held["metadata"]
    row = {
        "expected": held["output"]["expected"],
        "verdict": held["output"]["verdict"],
        "input": held["input"]["input"],
        "retrieved_contexts": held["input"]["retrieved_contexts"],
        "output": meta["actual_output"],
        **{key: meta[key] for key in ("example_id", "trace_id", "failure_modes", "scores", "critique", "provenance")},
    }
    print(json.dumps(row))
