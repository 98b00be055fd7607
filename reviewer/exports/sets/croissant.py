"""``croissant.json``: the files of an export and the fields of their rows, as Croissant (version 1.0, MLCommons) says them.

License, creator, citation and address are the owner's to say: they are left out, and a validator warns of that.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from reviewer.exports.sets import huggingface
from reviewer.exports.sets.canonical import SetAbout
from reviewer.exports.sets.datapackage import MEDIA, slug
from reviewer.exports.sets.writing import WrittenFile
from reviewer.model.clock import iso

NAME = "croissant.json"
CONFORMS_TO = "http://mlcommons.org/croissant/1.0"
_OWN = [
    "arrayShape",
    "citeAs",
    "column",
    "equivalentProperty",
    "extract",
    "field",
    "fileObject",
    "fileProperty",
    "fileSet",
    "format",
    "includes",
    "isArray",
    "isLiveDataset",
    "jsonPath",
    "key",
    "md5",
    "parentField",
    "path",
    "recordSet",
    "references",
    "regex",
    "repeated",
    "replace",
    "samplingRate",
    "separator",
    "source",
    "subField",
    "transform",
]
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "conformsTo": "dct:conformsTo",
    **{name: f"cr:{name}" for name in _OWN},
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
}
"""What the words of the file mean, as the specification prints it."""

_CANONICAL = {
    **dict.fromkeys(
        ("example_id", "trace_id", "session_id", "split", "input", "output", "expected", "verdict", "critique",
         "prompt_version", "model"), False,
    ),
    **dict.fromkeys(("retrieved_contexts", "failure_modes", "tags"), True),
}  # fmt: skip
_HUGGING_FACE = {**dict.fromkeys(huggingface.TEXT_COLUMNS, False), **dict.fromkeys(huggingface.LIST_COLUMNS, True)}
COLUMNS: Mapping[str, Mapping[str, bool]] = {"jsonl": _CANONICAL, "hf": _HUGGING_FACE}
"""The fields that are described, by target: texts, and lists of texts (True). Conversations have no flat type."""


def croissant(target: str, about: SetAbout, version: str, files: Sequence[WrittenFile]) -> dict[str, Any]:
    """Return the description of a folder as JSON values."""
    columns = COLUMNS.get(target, {})
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "name": slug(about.name),
        "alternateName": about.name,
        "description": f"Transcripts read and labelled by people. {about.design}".strip(),
        "conformsTo": CONFORMS_TO,
        "version": version,
        "datePublished": iso(about.created_us),
        "distribution": [_file(file) for file in files],
        "recordSet": [_rows(file, columns) for file in files if file.path.endswith(".jsonl") and columns],
    }


def as_bytes(described: dict[str, Any]) -> bytes:
    """Return a description as it stands in its file."""
    return (json.dumps(described, ensure_ascii=False, indent=2) + "\n").encode()


def _file(file: WrittenFile) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file.path,
        "name": file.path,
        "contentUrl": file.path,
        "contentSize": f"{file.size} B",
        "encodingFormat": MEDIA.get(file.path.rpartition(".")[2], "application/octet-stream"),
        "sha256": file.sha256,
    }


def _rows(file: WrittenFile, columns: Mapping[str, bool]) -> dict[str, Any]:
    name = file.path.rpartition("/")[2].removesuffix(".jsonl")
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "key": {"@id": f"{name}/example_id"},
        "field": [_field(file, name, column, is_list) for column, is_list in columns.items()],
    }


def _field(file: WrittenFile, rows: str, column: str, is_list: bool) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{rows}/{column}",
        "name": column,
        "dataType": "sc:Text",
        "source": {"fileObject": {"@id": file.path}, "extract": {"column": column}},
        **({"isArray": True, "arrayShape": "-1"} if is_list else {}),
    }
