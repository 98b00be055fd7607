"""Push what reviewers said back to the service that the traces came from: only what changed, and never twice.

A plan names every label that would be written, changed or taken back. Each that was sent is noted at once; one that
was sent and not noted, because the program ended between, is written over by the next push.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from reviewer.jobs.messages import Batch, Broke, Cancelled, Done
from reviewer.jobs.running import Channel, Job
from reviewer.model.coding import Anchor, Verdict
from reviewer.model.ids import TraceId
from reviewer.model.label import Label
from reviewer.sources import services
from reviewer.sources.services.client import Refused
from reviewer.sources.services.connections import Connection
from reviewer.sources.services.credentials import Secret
from reviewer.verbs.changes import Changes
from reviewer.workspace import pushes
from reviewer.workspace.ask import pushes as asked
from reviewer.workspace.ask.pushes import Coded
from reviewer.workspace.ask.queue import week_of_traces
from reviewer.workspace.ask.transcript import open_transcript
from reviewer.workspace.file import Reader, Workspace, Writer

Kind = Literal["new", "changed", "withdrawn"]
_REFUSED_ALL = frozenset((0, 401, 403))
"""Statuses after which no other label would fare better."""


@dataclass(frozen=True, slots=True)
class Push:
    """One thing to do: write a label that is not there, write over one that is, or take one back.

    ``before`` is the label as it was sent, without its words; None where nothing was.
    """

    kind: Kind
    label: Label
    own_id: str
    remote_id: str | None = None
    before: Label | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the change as the command line prints it."""
        label = self.label
        return {
            "change": self.kind, "trace": label.trace, "reviewer": label.reviewer, "kind": label.kind, "name": label.name,
            "value": label.value, "explanation": label.explanation, "span": label.span,
            "before": self.before.value if self.before else None,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class PushPlan:
    """What a push would do, how many labels stand there as they should, and how many codings are of traces from files."""

    changes: tuple[Push, ...]
    unchanged: int
    from_files: int


@dataclass
class PushReport:
    """What became of a push."""

    sent: int = 0
    failed: list[tuple[Push, str]] = field(default_factory=list)
    state: Literal["running", "done", "cancelled", "broken"] = "running"
    sentence: str = ""

    def as_json(self, plan: PushPlan) -> dict[str, Any]:
        """Return the report as the command line prints it."""
        return {
            "state": self.state,
            "sent": self.sent,
            "unchanged": plan.unchanged,
            "failed": [{**push.as_json(), "reason": reason} for push, reason in self.failed],
        }


def labels(reader: Reader, coded: Coded) -> list[Label]:
    """Return what a submitted coding says: verdict, failure modes, scores, labels of documents, and what was expected.

    The note explains the verdict, the quote of its anchor a mode, and its name a document. A coding that was put off says
    nothing.
    """
    coding = coded.coding
    if not coding.counts or coding.verdict is None:
        return []
    who = (coded.native_id, coded.reviewer)
    spans = _Spans(reader, TraceId(coded.trace))
    said = [Label("verdict", *who, "verdict", Verdict(coding.verdict).value, coding.note)]
    said += [
        Label("mode", *who, mode, True, anchor.quote if anchor else "", spans.of(anchor))
        for mode, anchor in coding.modes.items()
    ]
    said += [Label("score", *who, name, float(value)) for name, value in coding.scores.items()]
    said += [
        Label("document", *who, f"document_{n + 1}", value, _document(reader, TraceId(coded.trace), n))
        for n, value in sorted(coding.documents.items())
    ]
    if coding.expected:
        said.append(Label("expected", *who, "expected_answer", coding.expected))
    if coding.expected_calls:
        said.append(
            Label(
                "expected", *who, "expected_tool_calls", json.dumps([call.as_json() for call in coding.expected_calls])
            )
        )
    return said


def _document(reader: Reader, trace: TraceId, n: int) -> str:
    """Return what a document is called: services are told of the trace, since no span is kept of it here."""
    documents = open_transcript(reader, trace).documents
    return (documents[n].title or documents[n].source or documents[n].doc_id or "") if n < len(documents) else ""


class _Spans:
    """Finds the span that a message came from; opens the trace only if it is asked."""

    def __init__(self, reader: Reader, trace: TraceId) -> None:
        self._reader, self._trace = reader, trace

    def of(self, anchor: Anchor | None) -> str | None:
        if anchor is None or anchor.message is None:
            return None
        opened = open_transcript(self._reader, self._trace)
        if anchor.message >= opened.count(anchor.thread):
            return None
        return opened.message(anchor.message, anchor.thread).span_id


def plan(reader: Reader, connection: Connection, week: str | None = None) -> PushPlan:
    """Return what a push would do; asks nobody but the workspace.

    With a week, only its codings are looked at, and only their labels are taken back.

    Raises:
        UsageError: there is no such week.
    """
    name = week_of_traces(reader, week).name if week is not None else None
    stood = asked.sent(reader, connection.origin)
    coded = asked.coded(reader, connection.origin, name)
    wanted = {label.id_at(connection.origin): label for one in coded for label in labels(reader, one)}
    changes = []
    for own_id, label in wanted.items():
        old = stood.get(own_id)
        if old is None:
            changes.append(Push("new", label, own_id))
        elif old.hash != pushes.hash_of(label):
            changes.append(Push("changed", label, own_id, old.remote_id, old.label))
    looked_at = {(one.native_id, one.reviewer) for one in coded}
    for own_id, old in stood.items():
        if own_id not in wanted and (name is None or (old.label.trace, old.label.reviewer) in looked_at):
            changes.append(Push("withdrawn", old.label, own_id, old.remote_id, old.label))
    unchanged = len(wanted) - sum(push.kind != "withdrawn" for push in changes)
    return PushPlan(tuple(changes), unchanged, asked.others(reader))


def send(channel: Channel, connection: Connection, key: Secret | None, changes: Sequence[Push]) -> None:
    """Do what a plan says, in the worker process; tell of each what the service called it, or why it refused."""
    service = services.service(connection.service)
    with services.open_client(connection, key, channel.check) as client:
        for number, push in enumerate(changes):
            try:
                outcome = _send_one(service, client, connection, push)
            except Refused as why:
                if why.status in _REFUSED_ALL:
                    raise
                channel.send(Batch((number, None, str(why))))
            else:
                channel.send(Batch((number, outcome, "")))


def _send_one(service: services.Service, client: Any, connection: Connection, push: Push) -> str | None:
    project, label, remote_id = connection.project, push.label, push.remote_id
    if push.kind == "withdrawn":
        service.take_back(client, project, label, push.own_id, remote_id)
        return None
    if push.before is not None and push.before.span != label.span:
        service.take_back(client, project, push.before, push.own_id, remote_id)
        remote_id = None
    return service.put(client, project, label, push.own_id, remote_id)


def carry_out(
    workspace: Workspace,
    connection: Connection,
    key: Secret | None,
    planned: PushPlan,
    on_sent: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> PushReport:
    """Push what a plan says and note each label that was sent; ``on_sent`` hears how many of how many.

    ``cancelled`` is asked after each label. What was sent stays sent, and noted.
    """
    report = PushReport()
    if not planned.changes:
        report.state = "done"
        return report
    job = Job(send, connection, key, planned.changes)
    for message in job.messages():
        match message:
            case Batch(content=(number, remote_id, refusal)):
                push = planned.changes[number]
                if refusal:
                    report.failed.append((push, refusal))
                else:
                    workspace.write(note, connection, push, remote_id).result()
                    report.sent += 1
                on_sent(number + 1, len(planned.changes))
                if cancelled():
                    job.cancel()
            case Done():
                report.state = "done"
            case Cancelled():
                report.state = "cancelled"
            case Broke(sentence=sentence, next_step=next_step):
                report.state, report.sentence = "broken", f"{sentence} {next_step}".strip()
    return report


def note(writer: Writer, connection: Connection, push: Push, remote_id: str | None) -> Changes:
    """Note that a label was sent, and what the service calls it."""
    if push.kind == "withdrawn":
        pushes.taken_back(writer, connection.origin, push.own_id)
    else:
        pushes.sent(writer, connection.origin, push.own_id, push.label, remote_id)
    return Changes()
