"""Agreement, judges and decompositions as a script asks for them; and the published numbers, from the raw files."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewer import cli
from reviewer.verbs import listing, sample
from reviewer.workspace.file import Reader

Run = Callable[..., Any]
Shared = Callable[..., Path]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command and return what it printed: values with ``--json``, else text."""

    def program(*arguments: object, expect: int = 0) -> Any:
        capsys.readouterr()
        try:
            code = cli.main([str(one) for one in arguments])
        except SystemExit as why:
            code = int(why.code or 0)
        out, err = capsys.readouterr()
        assert code == expect, (arguments, out, err)
        return json.loads(out) if "--json" in arguments else out + err

    return program


def imported(run: Run, folder: Path, *files: Path) -> Path:
    path = folder / "w.review"
    run("new", path, "--taxonomy", "none")
    run("import", *files, "--workspace", path)
    return path


def shown(path: Path) -> list[dict[str, Any]]:
    """Return what ``reviewer show --json`` prints of every trace."""
    reader = Reader(path)
    try:
        return [listing.show(reader, row["id"]) for row in listing.traces(reader)]
    finally:
        reader.close()


def published(shared: Shared, name: str) -> dict[str, Any]:
    listed = json.loads(shared("data", "published-dev.json").read_text(encoding="utf-8"))
    found: dict[str, Any] = next(one for one in listed if one["id"] == name)
    return found


def test_the_kappas_and_the_majority_of_pandalm(run: Run, shared: Shared, tmp_path: Path) -> None:
    """Wang and others, arXiv 2306.05087: three annotators, 999 items."""
    path = imported(run, tmp_path, shared("data", "pandalm", "testset-v1.json"))
    (one,) = run("agreement", "--workspace", path, "--json")["annotators"]
    computed = published(shared, "pandalm-cohen-kappa")["computed"]
    kappas = {f"{pair['first']}-{pair['second']}": pair["kappa"] for pair in one["pairs"]}
    assert kappas == pytest.approx(computed, abs=5e-5)
    assert one["kappa"]["value"] == pytest.approx(0.8642, abs=5e-5), "Fleiss, as another library gives it"
    assert one["traces"] == 999
    distribution = published(shared, "pandalm-label-distribution")["published"]
    assert one["majority"] == distribution


@pytest.mark.parametrize("name", ["gemini-1.5-pro-002", "command-r"])
def test_the_utility_of_agentdojo(run: Run, shared: Shared, tmp_path: Path, name: str) -> None:
    """Debenedetti and others, arXiv 2406.13352: the share of benign tasks that succeed."""
    file = shared("data", "agentdojo", f"agentdojo-{name.replace('.', '-')}.jsonl")
    path = imported(run, tmp_path, file)
    outcomes: Counter[float] = Counter()
    for told in shown(path):
        scores = {one["name"]: one["value"] for one in told["scores"]}
        if "security" not in scores:
            outcomes[scores["success"]] += 1
    utility = 100 * outcomes[1.0] / outcomes.total()
    assert round(utility, 2) == published(shared, f"agentdojo-{name}")["published"]["utility"]


def test_the_mix_of_mtrag_un(run: Run, shared: Shared, tmp_path: Path) -> None:
    """Rosenthal and others, arXiv 2602.23184, section 2.3, of the tasks that the file holds."""
    path = imported(run, tmp_path, shared("data", "mtrag-un", "reference.jsonl"))
    answerable: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    first = 0
    rows = shown(path)
    for told in rows:
        scores = {one["name"]: one["value"] for one in told["scores"]}
        answerable[scores["answerability"]] += 1
        kinds[scores["multi_turn"]] += 1
        first += sum(message["role"] == "user" for message in told["messages"]) == 1
    wanted = published(shared, "mtrag-un-mix")
    shares = {
        "unans_partial_pct": answerable["UNANSWERABLE"] + answerable["PARTIAL"],
        "clarification_pct": kinds["Clarification"],
        "first_turn_pct": first,
    }
    assert len(rows) == wanted["computed"]["n"]
    assert {name: round(100 * n / len(rows)) for name, n in shares.items()} == {
        name: wanted["published"][name] for name in shares
    }


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample workspace: some weeks, one reader, no judge."""
    return sample.make(tmp_path_factory.mktemp("sample")).path


def test_one_reader_has_no_agreement_and_says_so(run: Run, reviewed: Path) -> None:
    assert run("agreement", "--workspace", reviewed, "--json") == {"week": None, "readers": [], "annotators": []}
    assert "No trace was judged by two people yet." in run("agreement", "--workspace", reviewed)
    assert "No trace was judged" in run("agreement", "--workspace", reviewed, "--mode", "looping", expect=2)


def test_a_change_is_printed_whole(run: Run, reviewed: Path) -> None:
    weeks = [row["period"] for row in run("trends", "--workspace", reviewed, "--json")]
    last, before = sorted(set(weeks))[-1], sorted(set(weeks))[-2]
    found = run("decompose", "--workspace", reviewed, "--week", last, "--by", "workflow", "--of", "latency", "--json")
    assert (found["before"], found["after"], found["by"]) == (before, last, "workflow")
    parts = [found[name]["value"] for name in ("mix", "within", "presence") if found[name]]
    assert found["total"]["value"] == pytest.approx(sum(parts))
    said = run("decompose", "--workspace", reviewed, "--week", last, "--by", "workflow", "--of", "latency")
    assert said.startswith(f"Mean latency, {last} against {before}: ")
    assert "the traffic is mixed differently" in said
    assert "no split" in run("decompose", "--workspace", reviewed, "--week", last, "--by", "workflow"), (
        "nothing is read"
    )
    assert "no segment" in run("decompose", "--workspace", reviewed, "--week", last, "--by", "colour", expect=2)


def test_options_that_belong_together_are_asked_for(run: Run, reviewed: Path) -> None:
    for options, sentence in (
        (("--cut", "0.5"), "A cut belongs to one judge."),
        (("--above",), "--above says on which side"),
        (("--sensitivity", "0.8"), "go together"),
        (("--sensitivity", "0.8", "--specificity", "2"), "go together"),
        (("--judge", "luck", "--cut", "0.5"), "There is no judge 'luck' here."),
    ):
        assert sentence in run("judges", "--workspace", reviewed, *options, expect=2)
