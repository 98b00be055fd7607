"""The view that sends a set to a service: what would change there, then the rows, then what became of them."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from reviewer.desktop import shown
from reviewer.desktop.exports.upload_state import Phase, UploadState
from reviewer.desktop.imports.page import Bar
from reviewer.desktop.parts.controls import Button, Ground
from reviewer.desktop.parts.fields import Choice
from reviewer.desktop.parts.table import Cell, Column, Table
from reviewer.desktop.theme import Theme
from reviewer.errors import Expected
from reviewer.jobs.messages import Batch, Broke, Cancelled, Done
from reviewer.wording import decimal, share, short_moment
from reviewer.workspace.ask.settings import taxonomy, timezone

if TYPE_CHECKING:
    from reviewer.desktop.bridge import Bridge
    from reviewer.jobs.messages import Message
    from reviewer.jobs.running import Job
    from reviewer.sources.services.connections import Connection
    from reviewer.sources.services.credentials import Secret
    from reviewer.verbs.datasets import Planned

MARGIN = 28
REASONS = 3


class UploadView(Ground):
    """Choose a connection, see what would change, send it. Nothing is sent before it was shown."""

    def __init__(self, bridge: "Bridge", theme: Theme) -> None:
        super().__init__(theme)
        self.bridge = bridge
        self.theme = theme
        self.state = UploadState()
        self._job: Job | None = None
        self._modes: dict[str, str] = {}
        self.chosen = Choice(self.tr("Connection"), theme)
        self.chosen.chosen.connect(lambda name: self._choose(str(name)))
        self.where = shown.label("", theme=theme, color="text2", elide=Qt.TextElideMode.ElideMiddle)
        self.about = shown.label("", theme=theme, color="text2", wrap=True)
        self.changes = Table(
            self.tr("What an upload would change"), self._columns(), theme, margin=MARGIN, can_choose=False
        )
        self.losses_title = shown.label(self.tr("What is not carried over"), theme=theme, weight=600)
        self.losses = shown.label("", theme=theme, role="small", color="text2", wrap=True)
        self.outcome = shown.label("", theme=theme, wrap=True)
        self.bar = Bar(theme)
        self.last = shown.label("", theme=theme, role="small", color="text2", elide=Qt.TextElideMode.ElideRight)
        self.cancel = Button(self.tr("Cancel"), theme, "x")
        self.cancel.clicked.connect(self._cancel)
        self.look = Button(self.tr("What would change?"), theme, "list")
        self.look.clicked.connect(self._look)
        self.send = Button(self.tr("Upload"), theme, "file-output", primary=True)
        self.send.clicked.connect(self._keep)
        self._lay_out()
        self.show_state()

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column(self.tr("change"), 88),
            Column(self.tr("split"), 84, least=420),
            Column(self.tr("verdict"), 64),
            Column(self.tr("failure modes"), share=2, least=480),
            Column(self.tr("example"), share=2),
        )

    def _lay_out(self) -> None:
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 20, 0, 20)
        lines.setSpacing(8)
        head = QHBoxLayout()
        head.setContentsMargins(MARGIN, 0, MARGIN, 0)
        head.setSpacing(12)
        head.addWidget(shown.label(self.tr("Upload to"), theme=self.theme, weight=600))
        head.addWidget(self.chosen)
        head.addWidget(self.where, 1)
        lines.addLayout(head)
        told = QVBoxLayout()
        told.setContentsMargins(MARGIN, 0, MARGIN, 4)
        told.addWidget(self.about)
        lines.addLayout(told)
        lines.addWidget(self.changes, 1)
        lines.addStretch(0)
        below = QVBoxLayout()
        below.setContentsMargins(MARGIN, 8, MARGIN, 0)
        below.setSpacing(8)
        for widget in (self.losses_title, self.losses, self.outcome, self.bar, self.last):
            below.addWidget(widget)
        below.addStretch(0)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        for button in (self.cancel, self.look, self.send):
            foot.addWidget(button)
        below.addLayout(foot)
        lines.addLayout(below)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        super().set_theme(theme)
        self.theme = theme

    def offer(self, service: str, planned: "Planned | None", redact: bool) -> bool:
        """Take the chosen target and the version; return whether any connection leads to the target's service."""
        fitting = _fitting(service)
        self.state.offer(fitting, planned, redact)
        self.chosen.offer([(one.name, one.name) for one in fitting], self.state.name)
        if fitting:
            self._noted()
        return bool(fitting)

    def _choose(self, name: str) -> None:
        self.state.choose(name)
        self.show_state()

    def _way(self) -> "tuple[Connection, Secret | None] | None":
        """Return the chosen connection with its key; None where it is gone, which is said."""
        from reviewer.verbs import connections

        try:
            return connections.named(self.state.name)
        except Expected as why:
            self.state.end(str(why))
            self.show_state()
            return None

    def _look(self) -> None:
        from reviewer.verbs import uploading

        state = self.state
        if not state.can_look:
            return
        state.look()
        way = self._way()
        if way is not None:
            self._job = self.bridge.job(
                uploading.plan_of, str(self.bridge.workspace_path), *way, state.planned, state.redact,
                message=lambda _: None, done=self._looked,
            )  # fmt: skip
            self.show_state()

    def _looked(self, end: "Done | Cancelled | Broke") -> None:
        if isinstance(end, Done):
            self.state.show_plan(end.result)
        else:
            self.state.end(_why(end))
        self.show_state()

    def _keep(self) -> None:
        """Keep the version before its rows leave: what was sent is what it holds."""
        from reviewer.verbs.datasets import keep
        from reviewer.verbs.uploading import UploadReport

        if self.state.can_send:
            self.state.send(UploadReport())
            self.bridge.write(keep, self.state.planned, then=lambda _: self._send(), failed=self._not_kept)
            self.show_state()

    def _not_kept(self, why: BaseException) -> None:
        self.state.end(str(why))
        self.show_state()

    def _send(self) -> None:
        from reviewer.verbs import exporting, uploading

        state, way = self.state, self._way()
        if way is None:
            return
        rules = exporting.redaction_rules() if state.redact else None
        self._job = self.bridge.job(
            uploading.send, str(self.bridge.workspace_path), *way, state.planned, rules, state.plan,
            message=self._heard, done=self._sent,
        )  # fmt: skip
        if state.phase is Phase.STOPPING:
            self._job.cancel()

    def _heard(self, said: "Message") -> None:
        state = self.state
        if isinstance(said, Batch) and state.report is not None and state.plan is not None:
            state.report.take(state.plan, *said.content)
            self._show_progress()

    def _sent(self, end: "Done | Cancelled | Broke") -> None:
        from reviewer.verbs import uploading

        state = self.state
        report, sent = state.report, (state.connection, state.plan, state.report, state.redact)
        assert report is not None
        report.end(end)
        state.end(report.sentence)
        self.bridge.write(uploading.note, *sent, then=lambda _: self._noted())
        self.show_state()

    def _noted(self) -> None:
        from reviewer.workspace.ask.datasets import uploads

        if self.state.planned is not None:
            self.state.uploads = tuple(uploads(self.bridge.reader, self.state.planned.version.dataset))
        self.show_state()

    def _cancel(self) -> None:
        self.state.stop()
        if self._job is not None:
            self._job.cancel()
        self.show_state()

    def show_state(self) -> None:
        """Show what is known."""
        state = self.state
        there = state.connection
        self.where.setText(f"{there.address}  ·  {there.project}" if there else "")
        self.chosen.setEnabled(not state.busy)
        self.look.setEnabled(state.can_look)
        self.send.setEnabled(state.can_send and state.report is None)
        self.cancel.setVisible(state.busy)
        self.cancel.setEnabled(state.phase is not Phase.STOPPING)
        plan = state.plan
        self.about.setText(self._about())
        self._modes = {mode.id: mode.title for mode in taxonomy(self.bridge.reader).modes} if plan else {}
        self.changes.show_rows(len(plan.changes) if plan else 0, self._cells)
        self.losses.setText("\n".join(f"– {loss}" for loss in plan.losses) if plan else "")
        for widget in (self.changes, self.losses_title, self.losses):
            widget.setVisible(plan is not None)
        self.last.setText(self._said_last())
        self.last.setVisible(state.last is not None or state.busy)
        self._say_outcome()
        self._show_progress()

    def _about(self) -> str:
        state, plan = self.state, self.state.plan
        if state.phase is Phase.LOOKING:
            return self.tr("asking what stands there …")
        if plan is None:
            return self.tr("Nothing is sent before you have seen what would change.")
        counts = {name: decimal(count) for name, count in plan.counts.items()}
        said = self.tr("Version {n} of {name}: {new} rows would be created, {changed} changed, {removed} taken out.")
        lines = [said.format(n=plan.version, name=plan.dataset, **counts)]
        for text, count in (
            (self.tr("{} stand there as they are."), plan.unchanged),
            (self.tr("{} are somebody else's, and stay."), plan.others),
            (self.tr("{} become one there with another of the same inputs."), plan.joined),
        ):
            lines += [text.format(decimal(count))] if count else []
        return " ".join(lines)

    def _say_outcome(self) -> None:
        state, report = self.state, self.state.report
        lines = [state.trouble] if state.trouble else []
        if report is not None and not state.busy:
            said = self.tr("{new} rows created, {changed} changed, {removed} taken out, {failed} refused.")
            sent = {name: decimal(report.sent[name]) for name in ("new", "changed", "removed")}
            lines.append(said.format(failed=decimal(len(report.failed)), **sent))
            lines += [*dict.fromkeys(reason for _, reason in report.failed)][:REASONS]
            if report.state == "cancelled":
                lines.append(self.tr("Stopped: what was sent stays, and the next upload goes on from here."))
        went_well = report is not None and report.state == "done" and not report.failed and not state.trouble
        self.outcome.set_color("passed" if went_well else "failed")
        self.outcome.setText("\n".join(lines))
        self.outcome.setVisible(bool(lines))

    def _show_progress(self) -> None:
        state = self.state
        sending = state.report is not None and state.busy
        self.bar.setVisible(sending)
        self.bar.say(state.part, share(state.part, 0))
        if sending and state.plan is not None:
            said = self.tr("{} of {} rows sent").format(decimal(state.done), decimal(len(state.plan.changes)))
            self.last.setText(said)

    def _said_last(self) -> str:
        last = self.state.last
        if last is None:
            return ""
        at = short_moment(last.at_us, timezone(self.bridge.reader))
        return self.tr("Version {n} was uploaded there: {at}").format(n=last.version, at=at)

    def _cells(self, row: int) -> tuple[Cell, ...]:
        assert self.state.plan is not None
        change = self.state.plan.changes[row]
        kinds = {"new": self.tr("new"), "changed": self.tr("changed"), "removed": self.tr("taken out")}
        colors = {"new": "passed", "changed": "defer", "removed": "failed"}
        example = self.state.examples.get(change.example)
        verdict = example.verdict if example else ""
        return (
            Cell(kinds[change.kind], colors[change.kind], weight=500),
            Cell(chips=(example.split,) if example else ()),
            Cell(verdict, {"pass": "passed", "fail": "failed"}.get(verdict, "text2")),
            Cell(", ".join(self._modes.get(mode, mode) for mode in example.modes) if example else "", "text2"),
            Cell(change.example, "text2", "mono"),
        )


def _fitting(service: str) -> "list[Connection]":
    """Return the connections to a service that takes datasets; none where they cannot be read, which Services says."""
    from reviewer.sources.services.uploads import UPLOADS
    from reviewer.verbs import connections

    if service not in UPLOADS:
        return []
    try:
        return [one for one in connections.listed() if one.service == service]
    except Expected:
        return []


def _why(end: "Cancelled | Broke") -> str:
    return f"{end.sentence} {end.next_step}".strip() if isinstance(end, Broke) else ""
