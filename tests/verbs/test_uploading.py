"""Uploading a dataset: the rows of the file, only what is not there yet, nothing of others, and nothing unredacted."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from reviewer.errors import Expected, UsageError
from reviewer.exports.sets.choosing import Choice
from reviewer.sources import services
from reviewer.sources.services.connections import Connection
from reviewer.sources.services.credentials import Secret, secret
from reviewer.verbs import datasets, exporting, uploading
from reviewer.verbs.coding import Wanted, code
from reviewer.workspace.ask import datasets as ask
from reviewer.workspace.file import Reader, Workspace
from tests.builders import a_trace as trace_of
from tests.builders import a_workspace, put
from tests.desktop.opened import reviewed
from tests.sources.services.fake_datasets import (
    FakeDatasets,
    LangfuseDatasets,
    LangSmithDatasets,
    MlflowDatasets,
    PhoenixDatasets,
)
from tests.sources.services.servers import Served, serve

FAKES = {
    "phoenix": PhoenixDatasets,
    "mlflow": MlflowDatasets,
    "langfuse": LangfuseDatasets,
    "langsmith": LangSmithDatasets,
}
KEYS = {"langfuse": "pk-lf-1:sk-lf-canary"}
EMAIL = "carla.canary@example.org"
SIZE = 12


@dataclass
class Shop:
    """A reviewed workspace and a service to upload to."""

    workspace: Workspace
    reader: Reader
    fake: FakeDatasets
    server: Served
    connection: Connection
    key: Secret
    redact: bool = False

    def plan(self, **choice: Any) -> tuple[datasets.Planned, uploading.UploadPlan]:
        planned = datasets.plan(self.reader, Choice(**choice))
        self.workspace.write(datasets.keep, planned).result()
        rules = exporting.redaction_rules() if self.redact else None
        return planned, uploading.plan(self.reader, self.connection, self.key, planned, rules)

    def upload(self, **choice: Any) -> uploading.UploadReport:
        planned, todo = self.plan(**choice)
        rules = exporting.redaction_rules() if self.redact else None
        return uploading.carry_out(self.workspace, self.connection, self.key, planned, todo, rules)

    def rows(self) -> list[dict[str, Any]]:
        return self.fake.rows("test")

    def counts(self, **choice: Any) -> tuple[int, ...]:
        return tuple(self.plan(**choice)[1].counts.values())


@pytest.fixture(params=list(FAKES))
def shop(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    name = request.param
    monkeypatch.setitem(services.SERVICES, name, replace(services.SERVICES[name], pace_s=0))
    fake = FAKES[name]()
    with serve(fake) as server, a_workspace(tmp_path) as workspace:
        put(workspace, [trace_of(n, question=f"What about order {n}, {EMAIL}?") for n in range(SIZE)])
        reviewed(workspace, size=SIZE, modes=("looping",))
        reader = workspace.reader()
        connection = Connection("shop", name, server.url, "7")
        yield Shop(workspace, reader, fake, server, connection, secret(KEYS.get(name, "sk-canary")))
        reader.close()
    assert "canary" not in " ".join(asked.path + str(asked.query) for asked in server.asked)


def of_file(shop: Shop, folder: Path) -> list[dict[str, Any]]:
    """Return the rows that the file target writes."""
    planned = datasets.plan(shop.reader, Choice())
    written = exporting.export(shop.reader, shop.connection.service, folder, planned)
    lines = next(one for one in written.files if one.path.endswith(".jsonl"))
    return [json.loads(line) for line in (folder / lines.path).read_text(encoding="utf-8").split("\n") if line]


def example_of(row: dict[str, Any]) -> str:
    return str((row.get("metadata") or row["tags"])["example_id"])


def test_the_rows_of_the_file_stand_in_the_service_and_a_second_upload_finds_nothing_to_do(
    shop: Shop, tmp_path: Path
) -> None:
    _, todo = shop.plan()
    assert todo.is_new and (todo.counts, todo.unchanged) == ({"new": SIZE, "changed": 0, "removed": 0}, 0)
    assert not shop.fake.held, "a plan changes nothing"
    report = shop.upload()
    assert (report.state, report.sent["new"], report.failed) == ("done", SIZE, [])
    held = {example_of(row): row for row in shop.rows()}
    for row in of_file(shop, tmp_path / "out"):
        there = held.pop(example_of(row))
        for part in row.keys() - {"id", "splits", "split", "span_id", "source"}:
            told = {name: there[part].get(name) for name in row[part]} if part in ("tags", "metadata") else there[part]
            assert told == row[part], part
    assert not held
    _, again = shop.plan()
    assert (again.is_new, again.changes, again.unchanged) == (False, (), SIZE)
    told = ask.uploads(shop.reader, "test")
    assert [(one.version, one.service, one.created, one.state) for one in told] == [
        (1, shop.connection.service, SIZE, "done")
    ]


def test_what_changed_is_written_over_and_what_left_is_taken_out_but_nothing_of_others(shop: Shop) -> None:
    shop.upload()
    _, todo = shop.plan()
    stranger = json.loads(json.dumps(shop.rows()[0]).replace(example_of(shop.rows()[0]), "somebody-elses"))
    stranger |= {"id": "s1", "dataset_record_id": "s1", "node_id": "s1"}
    shop.fake.held["test"]["s1"] = stranger
    planned = datasets.plan(shop.reader, Choice())
    first = next(row for row in planned.rows if row.verdict == "pass")
    told = Wanted(first.trace, "anna", "pass", (), {}, "Fine, and polite.")
    shop.workspace.write(code, shop.reader, "2026-W47", told).result()
    fails = sum(row.verdict == "fail" for row in planned.rows)

    assert shop.counts() == (0, 1, 0)
    report = shop.upload()
    assert (report.sent["changed"], report.failed) == (1, [])
    assert sum("Fine, and polite." in json.dumps(row) for row in shop.rows()) == 1

    _, todo = shop.plan(verdict="fail")
    assert (todo.counts["removed"], todo.unchanged) == (SIZE - fails, fails)
    report = shop.upload(verdict="fail")
    assert (report.state, report.sent["removed"]) == ("done", SIZE - fails)
    left = [row for row in shop.rows() if row.get("status") != "ARCHIVED"]
    assert len(left) == fails + 1 and any(example_of(row) == "somebody-elses" for row in left)
    assert shop.counts(verdict="fail") == (0, 0, 0)

    assert sum(shop.counts()) == SIZE - fails, "what was taken out can come again"
    shop.upload()
    assert shop.counts() == (0, 0, 0)


def test_texts_are_redacted_as_in_the_file_and_what_stood_there_unredacted_is_gone(shop: Shop) -> None:
    shop.upload()
    assert EMAIL in json.dumps(shop.rows())
    shop.redact = True
    report = shop.upload()
    assert report.state == "done" and not report.failed
    assert EMAIL not in json.dumps([row for row in shop.rows() if row.get("status") != "ARCHIVED"])
    assert "<EMAIL" in json.dumps(shop.rows())
    assert shop.counts() == (0, 0, 0)
    assert [one.redacted for one in ask.uploads(shop.reader, "test")] == [False, True]


def test_a_row_that_is_refused_costs_none_of_its_neighbours(shop: Shop) -> None:
    planned, _ = shop.plan()
    shop.fake.refuses = planned.rows[3].id
    report = shop.upload()
    assert (report.state, report.sent["new"]) == ("done", SIZE - 1)
    [(change, reason)] = report.failed
    assert change.example == planned.rows[3].id and "not taken" in reason
    shop.fake.refuses = ""
    assert shop.counts() == (1, 0, 0), "the next one tries it again"


def test_a_key_that_is_refused_is_said_once(shop: Shop) -> None:
    planned, todo = shop.plan()
    with serve(lambda _: (401, {"message": "sk-canary is wrong"})) as refusing:
        other = replace(shop.connection, address=refusing.url)
        with pytest.raises(Expected, match="refused the key"):
            uploading.plan(shop.reader, other, shop.key, planned)
        report = uploading.carry_out(shop.workspace, other, shop.key, planned, todo)
    assert report.state == "broken" and "refused the key" in report.sentence and "canary" not in report.sentence


def test_traces_with_the_same_inputs_are_counted_where_they_become_one(tmp_path: Path) -> None:
    with serve(MlflowDatasets()) as server, a_workspace(tmp_path) as workspace:
        put(workspace, [trace_of(n, answer=f"Yes, {n}.") for n in range(4)])
        reviewed(workspace, size=4)
        reader = workspace.reader()
        planned = datasets.plan(reader, Choice())
        calls = {json.dumps(row["inputs"]) for row in exporting.preview(reader, "mlflow", Choice(), 9)[0]}
        todo = uploading.plan(reader, Connection("m", "mlflow", server.url, "7"), None, planned)
        assert (len(todo.changes), todo.joined) == (len(calls), 4 - len(calls))
        reader.close()


def test_another_target_than_the_connections_is_refused() -> None:
    with pytest.raises(UsageError, match="Phoenix"):
        uploading.refuse(Connection("shop", "phoenix", "http://127.0.0.1:1", "p"), "langfuse")
