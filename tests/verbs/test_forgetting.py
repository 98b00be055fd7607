"""Forgetting, when it is cut short or somebody reads on."""

from pathlib import Path

import pytest

from reviewer.errors import WorkspaceBusy
from reviewer.verbs.forgetting import forget
from reviewer.workspace import traces
from reviewer.workspace.file import Reader
from tests.builders import a_trace, a_workspace, own_id, put


def test_a_forgetting_that_was_cut_short_can_be_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = a_trace(1, user_id="customer")

    def cut_short(*_: object) -> None:
        raise KeyboardInterrupt

    with a_workspace(tmp_path) as workspace:
        put(workspace, [trace])
        with monkeypatch.context() as patched:
            patched.setattr(traces, "forget", cut_short)
            with pytest.raises(KeyboardInterrupt):
                workspace.write(forget, workspace.reader(), None, "customer").result()
        assert workspace.write(forget, workspace.reader(), None, "customer").result().traces == (own_id(trace),)


def test_a_reader_that_holds_the_old_text_is_told(tmp_path: Path) -> None:
    with a_workspace(tmp_path, 2) as workspace:
        holding = Reader(workspace.path)
        holding.db.execute("BEGIN")
        holding.db.execute("SELECT count(*) FROM trace").fetchone()
        with pytest.raises(WorkspaceBusy, match="keeps their text"):
            workspace.write(forget, workspace.reader(), "native-0", None).result()
        holding.close()
        workspace.write(forget, workspace.reader(), "native-0", None).result()
