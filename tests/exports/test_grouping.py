"""Splits without leakage: what asks the same stands together, and nothing that has a split ever gets another."""

import random
from collections.abc import Iterable
from typing import Any

import pytest

from reviewer.exports.sets.grouping import Gathered, assign, session_key
from reviewer.exports.sets.manifest import content_hash, digest, digest_line
from reviewer.model.dataset import Line, Split

LINE = Line("bot", "bot/split-v1", {"train": 0.6, "dev": 0.2, "test": 0.2})
WORDS = [f"word{n}" for n in range(4000)]


def row(session: str, question: str, answer: str = "Yes.", verdict: str = "pass", **more: Any) -> dict[str, Any]:
    messages = [{"role": "system", "content": "You help. " * 40}, {"role": "user", "content": question}]
    return {
        "example_id": f"ex-{session}-{question[:40]}", "trace_id": f"t-{session}", "session_id": session, "split": "train",
        "messages": messages, "retrieved_contexts": [], "output": answer, "verdict": verdict, "failure_modes": [],
        "provenance": {"week": "W1", "reviewer": "reviewer-1", "sample_weight": 2.0},
    } | more  # fmt: skip


def gathered(rows: Iterable[dict[str, Any]]) -> Gathered:
    made = Gathered()
    for one in rows:
        made.add(LINE.salt, one)
    return made


def groups_of(*rows: dict[str, Any]) -> list[str]:
    """Return the group of each row."""
    made = gathered(rows)
    groups = made.groups()
    return [groups[session] for session in made.sessions]


def text(rng: random.Random, words: int = 60) -> str:
    return " ".join(rng.choice(WORDS) for _ in range(words))


def changed(rng: random.Random, said: str, places: int) -> str:
    words = said.split()
    for place in rng.sample(range(len(words)), places):
        words[place] = rng.choice(WORDS)
    return " ".join(words)


def test_the_same_question_in_other_letters_stands_together_whatever_was_answered() -> None:
    one, two, other = groups_of(
        row("a", "Where is  my\nORDER?", "Here."),
        row("b", "where is my order?", "There."),
        row("c", "Where is my bill?"),
    )
    assert one == two != other


def test_other_documents_make_another_question_of_the_same_words() -> None:
    one, two = groups_of(
        row("a", "Summarise.", retrieved_contexts=["One text."]), row("b", "Summarise.", retrieved_contexts=["Other."])
    )
    assert one != two


def test_nearly_the_same_is_found_and_different_is_not() -> None:
    rng = random.Random(7)
    base = [text(rng, 120) for _ in range(100)]
    rows = [row(f"a{n}", said) for n, said in enumerate(base)]
    rows += [row(f"b{n}", changed(rng, said, 3)) for n, said in enumerate(base)]
    made = groups_of(*rows)
    found = sum(made[n] == made[n + 100] for n in range(100))
    assert found >= 95
    assert len(set(made)) >= 100, "nothing may be joined that is not alike"


def test_a_template_around_every_question_joins_nothing() -> None:
    rng = random.Random(8)
    template = text(rng, 300)
    rows = [row(f"s{n}", f"{template} {text(rng, 15)}") for n in range(60)]
    assert len(set(groups_of(*rows))) == 60


def test_a_script_without_spaces_is_compared_by_its_characters() -> None:
    long = "退货政策规定商品在收到后三十天内可以退回但是必须保持原包装完好无损并且附上购买凭证"
    one, two, other = groups_of(
        row("a", long), row("b", long.replace("凭证", "发票")), row("c", "请问我的订单什么时候可以送到北京市朝阳区")
    )
    assert one == two != other


def test_a_session_is_never_parted_even_where_it_asks_different_things() -> None:
    rows = [row("s", "first question"), row("s", "another thing entirely"), row("t", "another thing entirely")]
    assert len(set(groups_of(*rows))) == 1


def dataset(rng: random.Random, sessions: range, texts: dict[int, str]) -> list[dict[str, Any]]:
    """Return two or three rows a session; every tenth session asks nearly what the one before it asked."""
    rows = []
    for n in sessions:
        if n not in texts:
            texts[n] = changed(rng, texts[n - 1], 1) if n % 10 == 9 and n - 1 in texts else text(rng, 40)
        rows += [
            row(f"s{n}", f"{texts[n]} {turn}", example_id=f"ex-{n}-{turn}", verdict=rng.choice(["pass", "fail"]))
            for turn in range(2 + n % 2)
        ]
    return rows


def splits_of(rows: list[dict[str, Any]], before: dict[str, Split]) -> tuple[dict[str, Split], dict[str, Split]]:
    """Return the splits of the examples and of the sessions, those of earlier versions included."""
    made = gathered(rows)
    assigned = assign(made.groups(), before, LINE)
    examples = {
        one["example_id"]: assigned.splits[session]
        for one, session in zip(rows, made.sessions, strict=True)
        if session not in assigned.left_out
    }
    return examples, before | assigned.splits


def hash_of(rows: list[dict[str, Any]]) -> str:
    return content_hash(digest_line(one["example_id"], digest(one)) for one in rows)


def test_ten_thousand_examples_in_three_versions_never_move_and_share_no_session() -> None:
    rng, texts = random.Random(9), dict[int, str]()
    first = dataset(rng, range(2800), texts)
    second = dataset(rng, range(1000, 3500), texts)
    third = dataset(rng, range(4000), texts)
    assert len(third) == 10_000
    held: dict[str, Split] = {}
    seen: dict[str, Split] = {}
    for rows in (first, second, third):
        examples, held = splits_of(rows, held)
        moved = [id for id, split in examples.items() if seen.get(id, split) != split]
        assert moved == []
        seen |= examples
        by_session: dict[str, set[str]] = {}
        for one in rows:
            if one["example_id"] in examples:
                by_session.setdefault(one["session_id"], set()).add(examples[one["example_id"]])
        assert all(len(splits) == 1 for splits in by_session.values())
    near = [(f"ex-{n - 1}-0", f"ex-{n}-0") for n in range(9, 4000, 10)]
    assert all(seen[one] == seen[other] for one, other in near if one in seen and other in seen)
    shares = [sum(split == wanted for split in seen.values()) / len(seen) for wanted in ("train", "dev", "test")]
    assert shares == pytest.approx([0.6, 0.2, 0.2], abs=0.03)
    # Other verdicts, the same session: another hash, the same split. The same labels: the same hash.
    again = [one | {"verdict": "fail" if one["verdict"] == "pass" else "pass"} for one in third]
    assert hash_of(again) != hash_of(third) == hash_of(list(reversed(third)))
    assert splits_of(again, held)[0] == splits_of(third, held)[0]


def test_who_would_join_two_splits_is_left_out_and_what_stood_in_them_stays() -> None:
    rng = random.Random(10)
    one = text(rng, 40)
    a, b, link = row("a", one), row("b", text(rng, 40)), row("c", one)
    link2 = row("c", b["messages"][1]["content"])
    keys = {session: session_key(LINE.salt, row(session, "")) for session in "abc"}
    before: dict[str, Split] = {keys["a"]: "train", keys["b"]: "test"}
    assigned = assign(gathered([a, b, link, link2]).groups(), before, LINE)
    assert (assigned.splits, assigned.left_out, assigned.torn) == (before, frozenset({keys["c"]}), 1)


def test_a_pinned_session_takes_its_group_along() -> None:
    keys = [session_key(LINE.salt, row(session, "")) for session in "ab"]
    groups = gathered([row("a", "same words"), row("b", "same words")]).groups()
    assigned = assign(groups, {keys[0]: "dev"}, LINE)
    assert assigned.splits == {keys[0]: "dev", keys[1]: "dev"}


def test_repeated_is_only_what_is_said_the_same_of() -> None:
    rows = [row("a", "Q", "A"), row("b", "q", "a"), row("c", "Q", "A", "fail"), row("d", "Q", "other")]
    assert gathered(rows).repeated() == {1: 0}
