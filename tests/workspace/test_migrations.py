"""Files of older schemas: they open, nothing is lost, and what they did not record is not recorded."""

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from reviewer import cli
from reviewer.exports.sets.choosing import Choice
from reviewer.verbs import datasets, opening
from reviewer.workspace import backups
from reviewer.workspace.ask import datasets as ask
from reviewer.workspace.file import Reader, Workspace
from reviewer.workspace.layout import SCHEMA_VERSION

OLD = Path(__file__).with_name("schema-1.review.gz")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.review"
    path.write_bytes(gzip.decompress(OLD.read_bytes()))
    return path


def test_a_file_of_the_first_schema_opens_after_a_backup(old: Path) -> None:
    Workspace(old).close()
    assert len(backups.existing(old)) == 1
    result = opening.check(old)
    assert (result.traces, result.faults) == (2, ())
    reader = Reader(old)
    assert reader.db.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION
    assert reader.db.execute("SELECT ending, prompt_chars FROM trace").fetchall() == [(None, None)] * 2
    assert reader.db.execute("SELECT count(fallback) FROM tool_call").fetchone() == (0,)
    reader.close()


def test_a_file_from_before_services_opens_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "old.review"
    path.write_bytes(gzip.decompress(OLD.with_name("schema-3.review.gz").read_bytes()))
    Workspace(path).close()
    result = opening.check(path)
    assert result.traces and not result.faults
    reader = Reader(path)
    assert reader.db.execute("SELECT count(*) FROM pull").fetchone() == (0,)
    reader.close()


def test_a_file_of_the_third_schema_keeps_its_codings_and_can_hold_datasets(tmp_path: Path) -> None:
    path = tmp_path / "third.review"
    path.write_bytes(gzip.decompress(OLD.with_name("schema-3.review.gz").read_bytes()))
    Workspace(path).close()
    reader = Reader(path)
    assert reader.db.execute("SELECT count(*) FROM coding WHERE submitted_us IS NOT NULL").fetchone() == (3,)
    planned = datasets.plan(reader, Choice())
    assert planned.version.rows == 3 and not ask.uploads(reader, planned.line.name)
    reader.close()
    assert opening.check(path).faults == ()


def test_a_file_of_the_seventh_schema_keeps_its_week_and_has_no_attributes_yet(tmp_path: Path) -> None:
    path = tmp_path / "seventh.review"
    path.write_bytes(gzip.decompress(OLD.with_name("schema-7.review.gz").read_bytes()))
    Workspace(path).close()
    assert opening.check(path).faults == ()
    reader = Reader(path)
    assert reader.db.execute("SELECT count(*) FROM week_item").fetchone() == (4,)
    assert reader.db.execute("SELECT count(*) FROM attribute").fetchone() == (0,)
    assert reader.db.execute("SELECT DISTINCT workflow FROM trace ORDER BY 1").fetchall() == [
        ("billing",),
        ("returns",),
    ]
    reader.close()


def test_a_command_that_reads_brings_an_older_file_up_to_date(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["traces", "--workspace", str(old), "--json"]) == 0
    assert capsys.readouterr().out.count('"id"') == 2


def test_a_workspace_is_made_without_pandas_which_can_be_imported_afterwards(tmp_path: Path) -> None:
    code = """
import sys
from pathlib import Path
from reviewer.exports.sets.choosing import Choice
from reviewer.verbs import datasets, opening
opening.new(Path(sys.argv[1])).close()
assert "sqlite_utils" in sys.modules and "pandas" not in sys.modules
import pandas
"""
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "w.review")], timeout=60, check=True)
