"""Which command does what on the review page."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from reviewer.desktop.commands.table import BY_ID, SLOTS
from reviewer.desktop.review.state import ReviewState
from reviewer.model.coding import Anchor

if TYPE_CHECKING:
    from reviewer.desktop.review.screen import ReviewPage

Act = Callable[[], object]
SCORE_KEYS = tuple(f"score.{digit}" for digit in range(10))


def acts(page: "ReviewPage") -> dict[str, Act]:
    """Return what each command of the review screen does, by the command's id."""
    done = {**_coding(page), **_moving(page), **_looking(page), **_evidence(page), **_writing(page)}
    return {command: _leaving_scores(page, command, act) for command, act in done.items()}


def _leaving_scores(page: "ReviewPage", command: str, act: Act) -> Act:
    """Let digits be failure modes again before a command that says or writes something else."""
    if BY_ID[command].group not in ("judge", "modes", "write") or command in ("review.scores", *SCORE_KEYS):
        return act

    def leave_and_act() -> None:
        if page.state is not None and page.state.score_focus is not None:
            page.do(ReviewState.leave_scores)
        act()

    return leave_and_act


def _coding(page: "ReviewPage") -> dict[str, Act]:
    done: dict[str, Act] = {
        "review.pass": partial(page.do, ReviewState.press_pass),
        "review.fail": partial(page.do, ReviewState.press_fail),
        "review.defer": partial(page.do, ReviewState.press_defer),
        "review.submit": partial(_submit, page),
        "review.submit_typing": partial(_submit, page),
        "review.scores": partial(page.do, ReviewState.enter_scores),
        "review.all_modes": page.open_modes,
        "review.first_failure": partial(_first_failure, page),
    }
    for slot in range(1, SLOTS + 1):
        done[f"review.tag.{slot}"] = partial(_tag, page, slot)
    for digit in range(10):
        done[f"score.{digit}"] = partial(_digit, page, digit)
    return done


def _tag(page: "ReviewPage", slot: int) -> None:
    page.do(lambda state: state.press_slot(slot, page.selection()))


def _digit(page: "ReviewPage", digit: int) -> None:
    page.do(lambda state: state.press_digit(digit))


def _submit(page: "ReviewPage") -> None:
    page.save_drafts()
    page.do(ReviewState.submit)


def _first_failure(page: "ReviewPage") -> None:
    document = page.evidence.focused_document if page.layer() == "evidence" else None
    elsewhere = page.evidence.other_trace
    anchor = page.view.anchor() if document is None else Anchor("document", document=document, trace=elsewhere)
    if anchor is not None:
        page.do(lambda state: state.first_failure(anchor))


def _moving(page: "ReviewPage") -> dict[str, Act]:
    view = page.view
    return {
        "item.next": partial(_step, page, 1),
        "item.previous": partial(_step, page, -1),
        "turn.next": view.next_turn,
        "turn.previous": view.previous_turn,
        "turn.first": view.first,
        "turn.last": view.last,
        "trace.next": partial(_step_trace, page, 1),
        "trace.previous": partial(_step_trace, page, -1),
        "page.down": partial(view.page, 1),
        "page.up": partial(view.page, -1),
    }


def _step(page: "ReviewPage", by: int) -> None:
    page.do(lambda state: state.step(by))


def _step_trace(page: "ReviewPage", by: int) -> None:
    from reviewer.desktop.review.session import step_trace  # not before a session is read

    step_trace(page, by)


def _toggle_session(page: "ReviewPage") -> None:
    from reviewer.desktop.review.session import toggle_session

    toggle_session(page)


def _looking(page: "ReviewPage") -> dict[str, Act]:
    view = page.view
    return {
        "look.evidence": page.panes.toggle_evidence,
        "look.one_turn": lambda: view.set_zen(not view.zen),
        "look.session": partial(_toggle_session, page),
        "look.raw": view.toggle_raw,
        "look.fold": view.toggle_fold,
        "look.copy_original": view.copy_original,
    }


def _evidence(page: "ReviewPage") -> dict[str, Act]:
    return {
        "document.next": partial(page.enter_evidence, 1),
        "document.previous": partial(page.enter_evidence, -1),
        "document.relevant": partial(_label, page, "relevant"),
        "document.irrelevant": partial(_label, page, "irrelevant"),
        "document.missing": partial(_label, page, "missing"),
    }


def _label(page: "ReviewPage", label: str) -> None:
    if page.evidence.other_trace is None:
        page.evidence.label_focused(label)
    else:
        page.do(ReviewState.refuse_elsewhere)


def _writing(page: "ReviewPage") -> dict[str, Act]:
    view = page.view
    return {
        "write.note": page.note.field.setFocus,
        "write.expected": page.open_expected,
        "write.undo": partial(page.do, ReviewState.undo),
        "write.redo": partial(page.do, ReviewState.redo),
        "write.flag": partial(page.do, ReviewState.flag),
        "write.find": page.find_bar.open,
        "write.find_next": partial(view.find_next, 1),
        "write.find_previous": partial(view.find_next, -1),
        "leave": partial(leave, page),
    }


def leave(page: "ReviewPage") -> None:
    """Leave what is open, the innermost first: a field, scores, evidence, a turn shown alone."""
    focus = QApplication.focusWidget()
    if page.find_bar.isVisible() and (focus is page.find_bar.field or not page.note.field.hasFocus()):
        page.find_bar.hide()
        page.view.find("")
        page.view.setFocus()
    elif page.note.field.hasFocus():
        page.view.setFocus()
    elif page.state is not None and page.state.score_focus is not None:
        page.do(ReviewState.leave_scores)
    elif page.layer() == "evidence":
        page.leave_evidence()
    elif page.view.zen:
        page.view.set_zen(False)
