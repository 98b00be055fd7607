"""Whole imports of the shared material, through the command: real traces, and files made to hurt."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Shared = Callable[..., Path]
REAL = ("langfuse", "otel-spans", "tau-bench", "inspect", "agentdojo", "invariant")


def imported(paths: list[Path], workspace: Path) -> tuple[int, dict[str, Any], str]:
    """Run the command in a process of its own; return its exit code, report and what it said."""
    command = [sys.executable, "-m", "reviewer", "import", *map(str, paths), "--workspace", str(workspace), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)
    assert "Traceback" not in done.stderr
    report = json.loads(done.stdout)
    assert report["read"] == report["imported"] + report["updated"] + report["unchanged"] + report["failed"]
    return done.returncode, report, done.stderr


def records(facts: dict[str, Any], folder: str) -> dict[str, int]:
    """Return how many records each file of a folder holds, as counted independently of this program."""
    prefix = f"dev/{folder}/"
    return {
        key.removeprefix(prefix): row["records"]
        for key, row in facts.items()
        if key.startswith(prefix) and "records" in row
    }


def test_all_real_files_import_once_and_only_once(shared: Shared, tmp_path: Path) -> None:
    folders = [shared("data", name) for name in REAL]
    code, report, _ = imported(folders, tmp_path / "w.review")
    assert (code, report["failed"], report["errors"]) == (0, 0, [])
    # What Langfuse expects of each observation is no trace.
    assert all(w["file"].endswith(".chatml.json") for w in report["warnings"])
    facts = json.loads(shared("data", "facts-dev.json").read_text())
    counted = {k: n for name in REAL for k, n in records(facts, name).items() if not k.endswith(".chatml.json")}
    assert report["read"] == sum(counted.values())
    assert report["messages"] > 3498  # AgentDojo alone
    assert report["tool_calls"] >= 1285
    code, again, said = imported(folders, tmp_path / "w.review")
    assert (code, again["unchanged"], again["messages"]) == (0, report["read"], 0)
    assert "Nothing new" in said


# file -> records imported, records failed, words of the errors or warnings
HOSTILE: dict[str, tuple[int, int, tuple[str, ...]]] = {
    "deep_nesting.jsonl": (4, 1, ("line 3",)),
    "deep_nesting_valid.jsonl": (4, 1, ("line 3",)),
    "truncated.jsonl": (4, 1, ("line 5",)),
    "duplicate_keys.jsonl": (4, 1, ("line 3", "'id'", "line 1")),
    "nan_inf.jsonl": (4, 1, ("line 3",)),
    "huge_int.jsonl": (5, 0, ()),
    "invalid_utf8.jsonl": (4, 1, ("line 3",)),
    "bom.jsonl": (5, 0, ()),
    "utf16.jsonl": (5, 0, ()),
    "nul_and_controls.jsonl": (5, 0, ()),
    "lone_surrogate.jsonl": (5, 0, ("line 3",)),
    "line_separators.jsonl": (5, 0, ()),
    "crlf_blank_lines.jsonl": (5, 0, ()),
    "not_objects.jsonl": (2, 2, ("line 2", "line 3")),
    "concatenated.json": (2, 0, ()),
    "array_bad_element.json": (1, 1, ("line 1", "byte")),
    "empty.jsonl": (0, 0, ("no records found in empty.jsonl",)),
    "same_id_other_content.jsonl": (2, 1, ("line 3", "line 1")),
    "id_types.jsonl": (8, 0, ()),
    "timestamps.jsonl": (8, 0, ("line 4", "not a date")),
    "span_cycle.jsonl": (2, 0, ("circle",)),
    "span_chain_deep.jsonl": (1, 0, ()),
    "many_keys.json": (1, 0, ()),
    "hostile_keys.jsonl": (1, 0, ()),
    "html_active.jsonl": (5, 0, ()),
    "markdown_active.jsonl": (5, 0, ()),
    "nested_html_tables.jsonl": (5, 0, ()),
    "nested_html_tags.jsonl": (5, 0, ()),
    "long_word.jsonl": (5, 0, ()),
    "zalgo.jsonl": (5, 0, ()),
    "bidi_trojan.jsonl": (5, 0, ()),
    "formula_cells.jsonl": (7, 0, ()),
    "bomb.jsonl.gz": (1, 1, ("line 2",)),
    "truncated.jsonl.gz": (93, 1, ("last whole line is 93", "ends early")),
    "gz_two_members.jsonl.gz": (2, 0, ()),
    "bomb.eval": (1, 1, ("samples/2_epoch_1.json",)),
    "lying_size.eval": (1, 1, ("samples/2_epoch_1.json",)),
    "traversal.eval": (1, 1, ("outside the archive",)),
    "symlink.eval": (1, 1, ("symbolic link",)),
    "dup_members.eval": (0, 0, ("2 times",)),
    "damaged.eval": (2, 1, ("samples/2_epoch_1.json",)),
    "many_members.eval": (0, 0, ("400 samples",)),
    "bomb.yaml": (0, 0, ("YAML",)),
    "tag.yaml": (0, 0, ("YAML",)),
    "pickle.jsonl": (0, 0, ("pickle",)),
    "hostile.sqlite": (0, 0, ("SQLite",)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_harms_only_itself(shared: Shared, tmp_path: Path, name: str) -> None:
    good, bad, words = HOSTILE[name]
    workspace = tmp_path / "w.review"
    start = time.monotonic()
    code, report, said = imported([shared("hostile", name)], workspace)
    assert time.monotonic() - start < 15
    assert (report["imported"], report["failed"]) == (good, bad)
    assert code == (0 if good else 1)
    assert (len(report["errors"]) >= bad) and (good or len(report["errors"]) == 1)
    told = json.dumps(report["errors"] + report["warnings"]) + said
    assert not [word for word in words if word not in told]
    _, again, _ = imported([shared("hostile", name)], workspace)
    assert (again["imported"], again["updated"]) == (0, 0)
    assert not Path("/tmp/pwned_yaml").exists()


def test_many_bad_files_at_once_leave_the_good_one_whole(shared: Shared, tmp_path: Path) -> None:
    paths = [
        shared("hostile", n) for n in ("pickle.jsonl", "bomb.eval", "deep_nesting.jsonl", "bom.jsonl", "empty.jsonl")
    ]
    code, report, _ = imported(paths, tmp_path / "w.review")
    assert code == 0
    assert {Path(e["file"]).name for e in report["errors"]} == {
        "pickle.jsonl",
        "bomb.eval",
        "deep_nesting.jsonl",
        "empty.jsonl",
    }
    assert sum(report["by_format"].values()) == report["imported"] + report["unchanged"] + report["failed"] - 2
