"""The documentation: generated parts are fresh, nothing is missing, links resolve, and the printed commands run."""

import argparse
import importlib.util
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from reviewer import resources, sources
from reviewer.desktop.commands.table import COMMANDS
from reviewer.exports.sets.targets import TARGETS, losses
from reviewer.hints import CHECKS
from reviewer.model.segment_rules import FIELD_NAMES
from reviewer.model.week import SEGMENTS
from reviewer.workspace.schema import ATTRIBUTES, CODINGS, DATASETS, ROLL_UPS, SERVICES, TRACES, WEEKS

ROOT = Path(__file__).resolve().parents[1]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\[[^\]]+\]\((?P<target>[^)\s]+)\)")
FENCE = re.compile(r"^```(?P<kind>\w*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
SAVED = re.compile(r"[Ss]ave this as `(?P<name>[\w.-]+)`:\n\n```\w*\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
RUN = """
import json, sys
from reviewer import cli
for words in json.load(sys.stdin):
    code = cli.main(words)
    assert code == 0, f"{words} ended with {code}"
"""


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    found = importlib.util.spec_from_file_location("docs_generate", ROOT / "docs" / "generate.py")
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_generated_parts_are_fresh(page: Path, generate: ModuleType) -> None:
    held = page.read_text(encoding="utf-8")
    assert held == generate.fresh(held), "run: build/venv/bin/python docs/generate.py"


def test_every_generated_part_stands_in_some_page(generate: ModuleType) -> None:
    whole = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert {found["name"] for found in generate.PART.finditer(whole)} == set(generate.PARTS)


def test_every_command_and_option_is_explained(generate: ModuleType) -> None:
    page = text("docs/reference/commands.md")
    found = list(generate.subcommands(generate.cli._parser(), "reviewer"))
    assert len(found) > 10
    for name, parser in found:
        assert f"## {name}\n" in page
        section = page.split(f"## {name}\n")[1].split("\n## ")[0]
        for argument in parser._actions:
            if not isinstance(argument, argparse._HelpAction):
                assert all(option in section for option in argument.option_strings[-1:]), (name, argument.dest)


def test_every_key_command_is_listed(generate: ModuleType) -> None:
    page = text("docs/reference/keys.md")
    for command in COMMANDS:
        numbered = re.fullmatch(r"(review\.tag|score)\.\d+", command.id)
        assert numbered or f"`{command.id}`" in page
        if command.keys and not numbered:
            assert generate.caps(command.keys[0]) in page


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("docs/reference/formats.md", sources.names()),
        ("docs/reference/formats.md", [check.__name__ for check in CHECKS]),
        ("docs/reference/dataset-targets.md", list(TARGETS)),
        ("docs/reference/workspace.md", list(SEGMENTS)),
        ("docs/how-to/draw-a-week.md", list(SEGMENTS)),
        ("docs/how-to/name-the-segments.md", list(FIELD_NAMES)),
        ("docs/reference/workspace.md", [file.stem for file in resources.path("taxonomies").iterdir()]),
        (
            "docs/reference/workspace.md",
            re.findall(
                r"CREATE (?:VIRTUAL )?TABLE (\w+)",
                TRACES + CODINGS + WEEKS + ROLL_UPS + DATASETS + SERVICES + ATTRIBUTES,
            ),
        ),
    ],
)
def test_every_name_is_mentioned(page: str, names: list[str]) -> None:
    assert names
    assert [name for name in names if f"`{name}`" not in text(page)] == []


def test_every_format_is_explained_in_a_table() -> None:
    page = text("docs/reference/formats.md")
    assert [name for name in sources.names() if f"\n| `{name}` | " not in page] == []


def test_the_losses_of_every_target_are_named() -> None:
    page = text("docs/reference/dataset-targets.md")
    assert [loss for target in TARGETS for loss in losses(target) if loss not in page] == []


def test_every_library_is_accounted_for() -> None:
    project = tomllib.loads(text("pyproject.toml"))
    wanted = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["parquet"]]
    wanted += [one for group in project["dependency-groups"].values() for one in group]
    names = {re.split(r"[<>=;! ]", one)[0] for one in wanted}
    assert [name for name in sorted(names) if f"| {name} |" not in text("CONTRIBUTING.md")] == []


def test_every_room_and_contract_is_on_the_map() -> None:
    page = text("CONTRIBUTING.md")
    rooms = {path.name for path in (ROOT / "reviewer").iterdir() if (path / "__init__.py").exists()}
    assert [room for room in sorted(rooms) if f"`reviewer/{room}/`" not in page] == []
    contracts = tomllib.loads(text("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    assert [one["name"] for one in contracts if one["name"] not in page] == []


def test_every_make_target_is_explained() -> None:
    whole = text("README.md") + text("CONTRIBUTING.md")
    targets = re.search(r"^\.PHONY: (.+)$", text("Makefile"), re.MULTILINE)
    assert targets is not None
    assert [name for name in targets[1].split() if f"make {name}" not in whole] == []


def anchors(page: Path) -> set[str]:
    """Return the anchors that a forge makes of a page's headings."""
    prose = FENCE.sub("", page.read_text(encoding="utf-8"))
    heads = re.findall(r"^#+ (.+)$", prose, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_relative_link_resolves(page: Path) -> None:
    for found in LINK.finditer(FENCE.sub("", page.read_text(encoding="utf-8"))):
        path, _, anchor = found["target"].partition("#")
        if "://" in path:
            continue
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), found["target"]
        assert not anchor or anchor in anchors(target), found["target"]


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_file_that_is_named_exists(page: Path) -> None:
    prose = FENCE.sub("", page.read_text(encoding="utf-8"))
    for path in re.findall(r"`((?:reviewer|resources|tests|docs|packaging|\.ci)/[\w./-]+)`", prose):
        assert "NAME" in path or (ROOT / path).exists(), path


def commands(page: str) -> Iterator[list[str]]:
    """Yield the words of the commands that a page tells the reader to type."""
    for fence in FENCE.finditer(text(page)):
        if fence["kind"] == "sh":
            for line in fence["body"].splitlines():
                program, *words = shlex.split(line)
                assert program == "reviewer", line
                yield words


def play(page: str, folder: Path) -> None:
    """Do what a page says; reading in the window is done by a script instead."""
    for found in SAVED.finditer(text(page)):
        (folder / found["name"]).write_text(found["body"], encoding="utf-8")
    coded = ["code", "--from", "read.jsonl", "--week", "2026-W47", "--workspace", "bot.review"]
    rows = [{"trace": trace, "reviewer": "Ada", "verdict": "pass"} for trace in ("a1", "a2", "a3", "a4")]
    (folder / "read.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    wanted = [coded if words[0] == "open" else words for words in commands(page)]
    assert wanted
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen", "CI": ""}
    done = subprocess.run(
        [sys.executable, "-c", RUN], input=json.dumps(wanted), cwd=folder, env=environment, capture_output=True, text=True
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder in which the tutorial was followed to its end."""
    folder = tmp_path_factory.mktemp("tutorial")
    play("docs/tutorial.md", folder)
    return folder


def test_the_tutorial_leaves_what_it_promises(week: Path) -> None:
    assert {"bot.review", "scorecard.html", "dataset"} <= {path.name for path in week.iterdir()}
    assert len((week / "dataset" / "dataset.jsonl").read_text(encoding="utf-8").splitlines()) == 4


def test_the_five_minutes_of_the_readme_work(week: Path, tmp_path: Path) -> None:
    shutil.copy(week / "traces.jsonl", tmp_path)
    play("README.md", tmp_path)
    assert (tmp_path / "dataset" / "task.py").exists()


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "how-to").glob("*.md")), ids=lambda page: page.stem)
def test_every_command_of_a_how_to_works(page: Path, week: Path, tmp_path: Path) -> None:
    (tmp_path / "ratings.csv").write_text("wording,reply,stars\nWhy?,Because.,4\n")
    for name in ("bot.review", "traces.jsonl"):
        shutil.copy(week / name, tmp_path)
    (tmp_path / "exports").mkdir()
    shutil.copy(week / "traces.jsonl", tmp_path / "exports")
    play(named(page), tmp_path)
