"""`reviewer export --upload`: a dry run that sends nothing, an upload, and no key in anything that is printed."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewer import cli
from reviewer.sources.services import connections
from reviewer.sources.services.connections import Connection
from tests.builders import a_workspace
from tests.desktop.opened import reviewed
from tests.sources.services.fake_datasets import LangfuseDatasets
from tests.sources.services.servers import Served, serve

CANARY = "sk-lf-canary-77"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Served]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("REVIEWER_KEY_SHOP", f"pk-lf-1:{CANARY}")
    with serve(LangfuseDatasets()) as served:
        connections.save({"shop": Connection("shop", "langfuse", served.url, "shop")})
        yield served


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with a_workspace(tmp_path, 6) as workspace:
        reviewed(workspace, size=6, modes=("looping",))
    return tmp_path / "test.review"


def test_a_set_is_uploaded_after_a_dry_run_and_only_once(
    server: Served, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["export", "--workspace", str(path), "--to", "langfuse", "--upload", "shop"]
    assert cli.main([*command, "--dry-run"]) == 0
    dry = capsys.readouterr()
    assert dry.out.count("new       ex-") == 6 and "6 rows would be created in shop" in dry.err
    assert {asked.method for asked in server.asked} == {"GET"}
    assert cli.main(["dataset", "list", "--workspace", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [], "a dry run keeps no version"

    assert cli.main([*command, "--json"]) == 0
    first = capsys.readouterr()
    told = json.loads(first.out)
    assert (told["state"], told["created"], told["version"]) == ("done", 6, 1)
    assert "archived" in " ".join(told["losses"]) and "Not carried over" in first.err
    assert cli.main([*command, "--json"]) == 0
    again = capsys.readouterr()
    assert (json.loads(again.out)["created"], json.loads(again.out)["unchanged"]) == (0, 6)

    assert cli.main(["dataset", "show", "--workspace", str(path), "--json"]) == 0
    shown = capsys.readouterr()
    assert [one["created"] for one in json.loads(shown.out)["uploads"]] == [6, 0]
    everything = "".join(part for said in (dry, first, again, shown) for part in (said.out, said.err))
    assert CANARY not in everything and CANARY.encode() not in path.read_bytes()
    assert all(CANARY not in asked.path + str(asked.query) + json.dumps(asked.body) for asked in server.asked)


def test_what_cannot_be_meant_is_refused_before_anything_is_sent(
    server: Served, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["export", "--workspace", str(path)]
    assert cli.main([*command, "--to", "phoenix", "--upload", "shop"]) == 2
    assert "connection to Langfuse" in capsys.readouterr().err
    assert cli.main([*command, "--to", "langfuse", "--out", str(path.parent / "out"), "--dry-run"]) == 2
    assert not server.asked and not (path.parent / "out").exists()
