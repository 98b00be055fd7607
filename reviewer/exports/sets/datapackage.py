"""``datapackage.json``: the files of an export with sizes and hashes, as a Data Package (version 2) says them."""

import json
import unicodedata
from collections.abc import Sequence
from typing import Any

from reviewer.exports.sets.canonical import SetAbout
from reviewer.exports.sets.writing import WrittenFile, safe_name
from reviewer.model.clock import iso

NAME = "datapackage.json"
MEDIA = {
    "jsonl": "application/jsonlines",
    "json": "application/json",
    "csv": "text/csv",
    "md": "text/markdown",
    "yaml": "application/yaml",
    "py": "text/x-python",
    "parquet": "application/vnd.apache.parquet",
}
RECORD = {
    "example_id": "string", "trace_id": "string", "session_id": "string", "split": "string", "input": "string",
    "messages": "array", "retrieved_contexts": "array", "tools": "array", "output": "string",
    "output_tool_calls": "array", "expected": "string", "expected_tool_calls": "array", "verdict": "string",
    "failure_modes": "array", "scores": "object", "critique": "string", "prompt_version": "string", "model": "string",
    "tags": "array", "provenance": "object",
}  # fmt: skip
"""The fields of the canonical record, which alone has a schema here: the others have that of their tool."""


def data_package(target: str, about: SetAbout, version: str, files: Sequence[WrittenFile]) -> dict[str, Any]:
    """Return the description of a folder as JSON values."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": slug(about.name),
        "title": about.name,
        "version": version,
        "created": iso(about.created_us),
        "resources": [_resource(target, file) for file in files],
    }


def as_bytes(package: dict[str, Any]) -> bytes:
    """Return a description as it stands in its file."""
    return (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode()


def _resource(target: str, file: WrittenFile) -> dict[str, Any]:
    ending = file.path.rpartition(".")[2]
    made: dict[str, Any] = {
        "name": file.path.lower().replace("/", "-"),
        "path": file.path,
        "format": ending,
        "mediatype": MEDIA.get(ending, "application/octet-stream"),
        "encoding": "utf-8",
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
    }
    if target == "jsonl" and file.rows is not None:
        made |= {"type": "table", "dialect": {"json": {"keyed": True}}, "schema": _schema()}
    return made


def _schema() -> dict[str, Any]:
    fields: list[dict[str, Any]] = [{"name": name, "type": kind} for name, kind in RECORD.items()]
    limits = {"split": ["train", "dev", "test"], "verdict": ["pass", "fail"]}
    for field in fields:
        if field["name"] in limits:
            field["constraints"] = {"enum": limits[field["name"]], "required": True}
    return {"fields": fields, "primaryKey": ["example_id"]}


def slug(text: str) -> str:
    """Return a name of the letters that a Data Package takes, and Croissant too."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return safe_name(plain or "set").lower()
