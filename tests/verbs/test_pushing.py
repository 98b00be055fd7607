"""Pushing codings back: only what changed, per reviewer, and never twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewer.model.calls import ExpectedCall
from reviewer.model.clock import day_start
from reviewer.model.coding import Coding, Verdict
from reviewer.model.pull import Wanted
from reviewer.model.week import Plan
from reviewer.sources.services import phoenix
from reviewer.sources.services.connections import Connection
from reviewer.verbs import coding, forgetting, pulling, pushing, weeks
from reviewer.verbs.pushing import PushPlan, PushReport
from reviewer.workspace.ask.pushes import Coded
from reviewer.workspace.file import Workspace
from tests.builders import a_trace, a_workspace, own_id, put
from tests.sources.services.fake_phoenix import FakePhoenix, trace_id
from tests.sources.services.servers import Served, serve

DAY = (day_start("2026-11-24", "UTC"), day_start("2026-11-25", "UTC"))
NOTE = "The answer is made up."


class Pulled:
    """A workspace with three traces of a service, drawn into a week."""

    def __init__(self, workspace: Workspace, server: Served, fake: FakePhoenix) -> None:
        self.workspace, self.server, self.fake = workspace, server, fake
        self.reader = workspace.reader()
        self.connection = Connection("shop", "phoenix", server.url, "shop")
        self.pull()
        plan = Plan(3, "seed")
        workspace.write(weeks.open_week, self.reader, "w1", *DAY, plan).result()

    def pull(self) -> pulling.PullReport:
        return pulling.start(self.workspace, self.connection, None, Wanted(*DAY)).wait()

    def code(self, n: int = 0, reviewer: str = "ana", **more: object) -> None:
        told = {"verdict": "fail", "modes": ("unsupported_claim",), "scores": {"groundedness": 2}, "note": NOTE, **more}
        wanted = coding.Wanted(trace_id(n), reviewer, **told)  # type: ignore[arg-type]
        self.workspace.write(coding.code, self.reader, "w1", wanted).result()

    def plan(self, week: str | None = None) -> PushPlan:
        return pushing.plan(self.reader, self.connection, week)

    def push(self) -> PushReport:
        return pushing.carry_out(self.workspace, self.connection, None, self.plan())

    def there(self) -> dict[tuple[str, str], object]:
        """Return what stands in the service, by name and author."""
        return {(row["name"], row["identifier"]): row["result"] for row in self.fake.held.values()}


@pytest.fixture
def pulled(tmp_path: Path) -> Iterator[Pulled]:
    fake = FakePhoenix(size=3)
    with serve(fake) as server, a_workspace(tmp_path) as workspace:
        found = Pulled(workspace, server, fake)
        yield found
        found.reader.close()


def test_a_coding_is_pushed_with_its_explanations_and_a_second_push_sends_nothing(pulled: Pulled) -> None:
    pulled.code()
    assert [push.kind for push in pulled.plan().changes] == ["new"] * 3
    assert not pulled.fake.held, "a plan sends nothing"
    assert (pulled.push().sent, pulled.push().sent) == (3, 0)
    me = "transcript-reviewer:ana"
    assert pulled.there() == {
        ("verdict", me): {"label": "fail", "score": 0.0, "explanation": NOTE},
        ("unsupported_claim", me): {"label": "present", "score": 1.0},
        ("groundedness", me): {"score": 2.0},
    }
    assert pulled.plan().unchanged == 3


def test_what_changed_is_written_over_and_what_is_gone_is_taken_back(pulled: Pulled) -> None:
    pulled.code()
    pulled.push()
    pulled.code(verdict="pass", modes=(), note="Fine after all.")
    kinds = {push.label.name: push.kind for push in pulled.plan().changes}
    assert kinds == {"verdict": "changed", "unsupported_claim": "withdrawn"}
    pulled.push()
    me = "transcript-reviewer:ana"
    assert pulled.there()["verdict", me] == {"label": "pass", "score": 1.0, "explanation": "Fine after all."}
    assert pulled.there()["unsupported_claim", me] == {"label": phoenix.WITHDRAWN}
    assert len(pulled.fake.held) == 3 and not pulled.plan().changes


def test_a_coding_that_is_put_off_takes_back_what_it_said(pulled: Pulled) -> None:
    pulled.code()
    pulled.push()
    pulled.code(verdict="defer", modes=(), scores={})
    assert [push.kind for push in pulled.plan().changes] == ["withdrawn"] * 3


def test_two_reviewers_stand_beside_each_other(pulled: Pulled) -> None:
    pulled.code()
    pulled.code(reviewer="ben", verdict="pass", modes=(), scores={}, note=None)
    assert pulled.push().sent == 4
    assert {who for _, who in pulled.there()} == {"transcript-reviewer:ana", "transcript-reviewer:ben"}


def test_what_was_sent_and_not_noted_is_written_over_and_not_doubled(pulled: Pulled) -> None:
    pulled.code()
    pulled.push()
    with pulled.workspace.writer.change() as db:
        db.execute("DELETE FROM pushed")
    assert pulled.push().sent == 3
    assert len(pulled.fake.held) == 3


def test_a_week_takes_back_only_its_own(pulled: Pulled) -> None:
    pulled.code(0)
    pulled.push()
    pulled.workspace.write(weeks.open_week, pulled.reader, "w2", *DAY, Plan(3, "other")).result()
    assert not pulled.plan("w2").changes


def test_our_own_labels_are_not_imported_again(pulled: Pulled) -> None:
    pulled.code()
    pulled.push()
    report = pulled.pull()
    assert (report.imported.updated, report.imported.unchanged) == (0, 3)
    pulled.fake.held["trace", trace_id(1), "polite", "someone"] = {
        "id": "X1", "trace_id": trace_id(1), "name": "polite", "identifier": "someone", "annotator_kind": "HUMAN",
        "result": {"score": 1.0, "label": None, "explanation": None},
    }  # fmt: skip
    assert pulled.pull().imported.updated == 1, "another's are"


def test_codings_of_traces_from_files_stay_here(pulled: Pulled) -> None:
    trace = a_trace(1, started_us=DAY[0] + 1)
    put(pulled.workspace, [trace])
    pulled.workspace.write(weeks.open_week, pulled.reader, "w2", *DAY, Plan(4, "s")).result()
    wanted = coding.Wanted("native-1", "ana", "pass")
    pulled.workspace.write(coding.code, pulled.reader, "w2", wanted).result()
    planned = pulled.plan()
    assert not planned.changes and planned.from_files == 1


def test_a_label_that_the_server_refuses_costs_no_other(pulled: Pulled) -> None:
    pulled.code()
    pulled.fake.refuses = "verdict"
    report = pulled.push()
    assert report.sent == 2 and [push.label.name for push, _ in report.failed] == ["verdict"]
    assert "no such name" in report.failed[0][1]
    assert [push.label.name for push in pulled.plan().changes] == ["verdict"], "it is tried again"


def test_expected_tool_calls_are_pushed_as_what_was_expected(pulled: Pulled) -> None:
    calls = (ExpectedCall("search_orders", {"order": "0042"}),)
    pulled.code(modes=(), scores={}, expected_tools=calls)
    pulled.push()
    told = pulled.there()["expected_tool_calls", "transcript-reviewer:ana"]
    assert told == {"label": "expected", "explanation": '[{"name": "search_orders", "arguments": {"order": "0042"}}]'}


def test_labels_of_documents_are_pushed_with_what_the_document_is_called(pulled: Pulled) -> None:
    put(pulled.workspace, [a_trace(1, native_id=trace_id(0), origin=pulled.connection.origin, kind="otel")])
    coding = Coding(Verdict.FAIL, documents={1: "irrelevant", 9: "relevant"}, submitted_us=1)
    trace = own_id(a_trace(1, native_id=trace_id(0), origin=pulled.connection.origin, kind="otel"))
    said = pushing.labels(pulled.reader, Coded(trace, trace_id(0), "w1", "ana", coding))
    told = [(label.kind, label.name, label.value, label.explanation) for label in said[1:]]
    assert told == [
        ("document", "document_2", "irrelevant", "policy/eu.md"),
        ("document", "document_10", "relevant", ""),
    ]


def test_the_record_of_what_was_sent_holds_no_words(pulled: Pulled) -> None:
    pulled.code(expected="A secret answer")
    pulled.push()
    told = str(pulled.reader.db.execute("SELECT * FROM pushed").fetchall())
    assert "unsupported_claim" in told and NOTE not in told and "secret" not in told
    pulled.workspace.write(forgetting.forget, pulled.reader, trace_id(0), None).result()
    assert not pulled.plan().changes, "what stands in the service stays as it is"
