"""Upload a version of a dataset to the service of a connection: only what is not there yet, and never twice.

A plan compares the rows that the file target would write with those that stand in the service, so that a second upload
finds nothing to do, and one that was ended goes on where it was. Rows that left are taken out if a version of this
workspace ever held them; rows that others put there stay.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from reviewer.errors import UsageError
from reviewer.exports.redact import Rule
from reviewer.exports.sets.losses import Losses
from reviewer.exports.sets.targets import losses, preview
from reviewer.jobs.messages import Batch, Broke, Cancelled, Done
from reviewer.jobs.running import Channel, Job
from reviewer.model.clock import iso
from reviewer.model.dataset import Uploaded
from reviewer.sources import services
from reviewer.sources.services.client import Client, Refused
from reviewer.sources.services.connections import Connection
from reviewer.sources.services.credentials import Secret
from reviewer.sources.services.pages import parted
from reviewer.sources.services.uploads import Uploads, uploads
from reviewer.sources.services.uploads.rows import Held, Place, Row, digest
from reviewer.verbs import datasets, exporting
from reviewer.verbs.changes import Changes
from reviewer.verbs.datasets import Planned
from reviewer.workspace import uploads as stored
from reviewer.workspace.ask import datasets as ask
from reviewer.workspace.file import Reader, Workspace, Writer

Kind = Literal["new", "changed", "removed"]
LARGEST_BODY = 4 << 20
"""Bytes of rows that are sent in one request, unless one row alone is more."""

_REFUSED_ALL = frozenset((0, 401, 403))
"""Statuses after which no other row would fare better."""


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row to write, to write over, or to take out. ``key`` is the service's own, ``example`` our id of the row."""

    kind: Kind
    key: str
    example: str
    remote_id: str = ""


@dataclass(frozen=True, slots=True)
class UploadPlan:
    """What an upload would do. ``others`` counts rows that somebody else put there, ``joined`` rows that become one."""

    dataset: str
    version: int
    is_new: bool
    changes: tuple[RowChange, ...]
    unchanged: int
    others: int
    joined: int
    losses: tuple[str, ...]

    @property
    def counts(self) -> dict[Kind, int]:
        """Return how many rows would be created, changed and removed."""
        found = Counter(change.kind for change in self.changes)
        return {"new": found["new"], "changed": found["changed"], "removed": found["removed"]}

    def as_json(self) -> dict[str, Any]:
        """Return the plan as the command line prints it."""
        return {
            "dataset": self.dataset, "version": self.version, "new_dataset": self.is_new,
            "changes": [{"change": one.kind, "example": one.example} for one in self.changes],
            "unchanged": self.unchanged, "others": self.others, "joined": self.joined, "losses": list(self.losses),
        }  # fmt: skip


@dataclass
class UploadReport:
    """What became of an upload: how many rows of each kind were sent, and which were refused and why."""

    sent: Counter[Kind] = field(default_factory=Counter)
    failed: list[tuple[RowChange, str]] = field(default_factory=list)
    state: Literal["running", "done", "cancelled", "broken"] = "running"
    sentence: str = ""

    def take(self, plan: UploadPlan, numbers: Sequence[int], refusal: str) -> None:
        """Take what the worker says of some changes of a plan."""
        for number in numbers:
            if refusal:
                self.failed.append((plan.changes[number], refusal))
            else:
                self.sent[plan.changes[number].kind] += 1

    def end(self, message: Done | Cancelled | Broke) -> None:
        """Take how it ended."""
        match message:
            case Done():
                self.state = "done"
            case Cancelled():
                self.state = "cancelled"
            case Broke(sentence=sentence, next_step=next_step):
                self.state, self.sentence = "broken", f"{sentence} {next_step}".strip()

    def as_json(self, plan: UploadPlan) -> dict[str, Any]:
        """Return the report as the command line prints it."""
        return {
            "state": self.state, "dataset": plan.dataset, "version": plan.version, "created": self.sent["new"],
            "changed": self.sent["changed"], "removed": self.sent["removed"], "unchanged": plan.unchanged,
            "others": plan.others, "joined": plan.joined, "losses": list(plan.losses),
            "failed": [{"change": one.kind, "example": one.example, "reason": reason} for one, reason in self.failed],
        }  # fmt: skip


def refuse(connection: Connection, target: str) -> None:
    """Raise for a target that is not the one of the connection's service.

    Raises:
        UsageError: it is not.
    """
    uploads(connection.service)
    if target != connection.service:
        raise UsageError(
            f"{connection.name} is a connection to {services.service(connection.service).TITLE}.",
            f"Upload to it with: --to {connection.service}.",
        )


def plan(
    reader: Reader,
    connection: Connection,
    key: Secret | None,
    planned: Planned,
    rules: Sequence[Rule] | None = None,
    check: Callable[[], None] = lambda: None,
) -> UploadPlan:
    """Return what an upload of a version would do; asks the service what it has, and changes nothing there.

    Raises:
        Refused: the service said no.
    """
    service, lost = uploads(connection.service), Losses()
    wanted: dict[str, tuple[str, str]] = {}
    count = 0
    for row in _rows(reader, connection, planned, rules, lost):
        check()
        wanted[service.key(row)] = (service.example(row), digest(service.said(row)))
        count += 1
    with services.open_client(connection, key, check) as client:
        place = service.find(client, connection.project, planned.version.dataset)
        there = list(service.held(client, place)) if place is not None else []
    ours = ask.ever(reader, planned.version.dataset) | {row.id for row in planned.rows}
    changes = tuple(_changes(wanted, there, ours))
    writes = sum(change.kind != "removed" for change in changes)
    told = (*losses(connection.service), *service.LOSES, *lost.sentences(), *exporting.torn(planned))
    others = sum(one.key not in wanted and one.example not in ours for one in there)
    version = planned.version
    return UploadPlan(
        version.dataset, version.number, place is None, changes, len(wanted) - writes, others, count - len(wanted), told
    )


def _changes(wanted: dict[str, tuple[str, str]], there: Sequence[Held], ours: set[str]) -> Iterator[RowChange]:
    stands = {one.key: one for one in there}
    for key, (example, said) in wanted.items():
        old = stands.get(key)
        if old is None:
            yield RowChange("new", key, example)
        elif old.digest != said:
            yield RowChange("changed", key, example, old.remote_id)
    for one in there:
        if one.key not in wanted and one.example in ours:
            yield RowChange("removed", one.key, one.example, one.remote_id)


def _rows(
    reader: Reader, connection: Connection, planned: Planned, rules: Sequence[Rule] | None, lost: Losses
) -> Iterator[Row]:
    """Yield the rows of a version as the file of the service's target has them, one in memory at a time."""
    wanted = {(row.week, row.trace): row for row in planned.rows}
    about = exporting.about(reader, planned, rules=rules)
    return preview(connection.service, datasets.labelled(reader, wanted, planned.labels), about, lost)


def plan_of(
    channel: Channel, path: str, connection: Connection, key: Secret | None, planned: Planned, redact: bool = False
) -> UploadPlan:
    """Return what an upload from the workspace at a path would do, in the worker process."""
    reader = Reader(Path(path))
    try:
        return plan(reader, connection, key, planned, exporting.redaction_rules() if redact else None, channel.check)
    finally:
        reader.close()


def send(
    channel: Channel,
    path: str,
    connection: Connection,
    key: Secret | None,
    planned: Planned,
    rules: Sequence[Rule] | None,
    todo: UploadPlan,
) -> None:
    """Do what a plan says, in the worker process; tell which changes were made, and of others why they were refused."""
    service = uploads(connection.service)
    reader = Reader(Path(path))
    try:
        with services.open_client(connection, key, channel.check) as client:
            name = todo.dataset
            place = service.find(client, connection.project, name) or service.make(client, connection.project, name)
            rows = _rows(reader, connection, planned, rules, Losses())
            for some in _batches(service, rows, todo):
                _write(channel, service, client, place, some)
            gone = [(n, one.remote_id) for n, one in enumerate(todo.changes) if one.kind == "removed"]
            for part in parted(gone, service.AT_ONCE):
                numbers = [n for n, _ in part]
                _told(channel, numbers, service.remove, client, place, [remote_id for _, remote_id in part])
    finally:
        reader.close()


def _batches(service: Uploads, rows: Iterator[Row], todo: UploadPlan) -> Iterator[list[tuple[int, Row, bool]]]:
    """Yield the rows to write, each with the number of its change and whether it stands there, in sendable runs."""
    numbers = {(one.key, one.example): n for n, one in enumerate(todo.changes) if one.kind != "removed"}
    batch: list[tuple[int, Row, bool]] = []
    size = 0
    for row in rows:
        number = numbers.get((service.key(row), service.example(row)))
        if number is None:
            continue
        length = len(json.dumps(row))
        if batch and (len(batch) == service.AT_ONCE or size + length > LARGEST_BODY):
            yield batch
            batch, size = [], 0
        batch.append((number, row, todo.changes[number].kind == "changed"))
        size += length
    if batch:
        yield batch


def _write(
    channel: Channel, service: Uploads, client: Client, place: Place, some: Sequence[tuple[int, Row, bool]]
) -> None:
    """Write rows at once, or one by one where the service refuses them together."""
    numbers = [n for n, _, _ in some]
    if not _told(channel, numbers, service.write, client, place, [one[1:] for one in some], last=len(some) == 1):
        for one in some:
            _write(channel, service, client, place, [one])


def _told(channel: Channel, numbers: list[int], do: Callable[..., None], *arguments: Any, last: bool = True) -> bool:
    """Do something for some changes and tell of it; return False where it was refused and is to be tried in parts."""
    try:
        do(*arguments)
    except Refused as why:
        if why.status in _REFUSED_ALL:
            raise
        if not last:
            return False
        channel.send(Batch((numbers, str(why))))
    else:
        channel.send(Batch((numbers, "")))
    return True


def carry_out(
    workspace: Workspace,
    connection: Connection,
    key: Secret | None,
    planned: Planned,
    todo: UploadPlan,
    rules: Sequence[Rule] | None = None,
) -> UploadReport:
    """Upload what a plan says and note it."""
    report = UploadReport()
    job = Job(send, str(workspace.path), connection, key, planned, rules, todo)
    try:
        for message in job.messages():
            match message:
                case Batch(content=(numbers, refusal)):
                    report.take(todo, numbers, refusal)
                case Done() | Cancelled() | Broke():
                    report.end(message)
    finally:
        if report.state == "running":
            # Ctrl+C came: what was sent is noted all the same.
            job.cancel()
            report.end(Cancelled())
        workspace.write(note, connection, todo, report, rules is not None).result()
    return report


def note(writer: Writer, connection: Connection, todo: UploadPlan, report: UploadReport, redacted: bool) -> Changes:
    """Note what became of an upload."""
    stored.note(writer, Uploaded(
        todo.dataset, todo.version, connection.origin, connection.service, redacted, report.sent["new"],
        report.sent["changed"], report.sent["removed"], len(report.failed), report.state,
    ))  # fmt: skip
    return Changes(datasets=frozenset({todo.dataset}))


def plan_sentences(todo: UploadPlan, place: str) -> list[str]:
    """Return what an upload would do, in words; ``place`` is what the connection is called."""
    counts = todo.counts
    head = f"Version {todo.version} of {todo.dataset}: {counts['new']:,} rows would be created in {place}"
    lines = [f"{head}, {counts['changed']:,} changed, {counts['removed']:,} taken out; {todo.unchanged:,} stand there."]
    return lines + _more(todo)


def sentences(report: UploadReport, todo: UploadPlan) -> list[str]:
    """Return what became of an upload, in words."""
    sent = report.sent
    head = f"Version {todo.version} of {todo.dataset}: {sent['new']:,} rows created, {sent['changed']:,} changed"
    lines = [f"{head}, {sent['removed']:,} taken out, {todo.unchanged:,} stood there, {len(report.failed):,} refused."]
    if report.state == "cancelled":
        lines.append("Stopped: what was sent stays, and the next upload goes on from here.")
    return lines + _more(todo)


def _more(todo: UploadPlan) -> list[str]:
    lines = [f"Rows that somebody else put there, and that stay: {todo.others:,}."] if todo.others else []
    lines += [f"Rows that become one there with another of the same inputs: {todo.joined:,}."] if todo.joined else []
    return lines + [f"Not carried over: {loss}" for loss in todo.losses]


def uploads_as_json(reader: Reader, dataset: str) -> list[dict[str, Any]]:
    """Return what was uploaded of a dataset as JSON values, the oldest first."""
    return [
        {
            "version": one.version, "service": one.service, "origin": one.origin, "redacted": one.redacted,
            "created": one.created, "changed": one.changed, "removed": one.removed, "failed": one.failed,
            "state": one.state, "at": iso(one.at_us),
        }
        for one in ask.uploads(reader, dataset)
    ]  # fmt: skip
