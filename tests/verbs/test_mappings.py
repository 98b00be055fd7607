"""What people said of columns is remembered by header, and may be forgotten."""

from pathlib import Path

import pytest

from reviewer.errors import UsageError
from reviewer.sources.tables.columns import Use
from reviewer.verbs import mappings
from reviewer.workspace.mappings import set_mapping
from tests.builders import a_workspace


def test_a_mapping_comes_back_as_it_was_said(tmp_path: Path) -> None:
    uses = {"reply": Use("assistant"), "stars": Use("label", "quality", "ann:b")}
    with a_workspace(tmp_path) as workspace:
        workspace.write(mappings.remember, "k1", uses).result()
        workspace.write(mappings.remember, "k2", {"q": Use("user")}).result()
        workspace.write(set_mapping, "k3", {"a": "user", "b": "of a later version"}).result()
        reader = workspace.reader()
        assert mappings.remembered(reader) == {"k1": uses, "k2": {"q": Use("user")}, "k3": {"a": Use("user")}}
        workspace.write(mappings.remember, "k1", {}).result()
        assert "k1" not in mappings.remembered(reader)
        reader.close()


def test_a_column_may_hold_equal_signs() -> None:
    assert mappings.parse_pairs(["a=b=user"]) == {"a=b": Use("user")}
    with pytest.raises(UsageError):
        mappings.parse_pairs(["=user"])
