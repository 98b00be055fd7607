"""Seeded transcripts to measure with: a typical one, and one of 2,000 messages and 5 MB with a result of 2 MB."""

import json
import random
import re

from reviewer.model.trace import Document, Message, Part, Thread, ToolCall, Trace
from tests.builders import MONDAY_US

WORDS = re.findall(
    r"\w+",
    """answer policy refund customer order shipped delivery window account billing address retrieved document
evidence citation result query search index score rank review label section clause within thirty days return invoice
payment card expired charge dispute support agent escalate manager please confirm number email verification code reset
password session region tax exempt warranty replacement part the a of and to is in that for with""",
)


def sentence(r: random.Random, n: int = 0) -> str:
    """Return a sentence of some words, sometimes with bold words, code or a citation."""
    chosen = [r.choice(WORDS) for _ in range(n or r.randint(6, 22))]
    chosen[0] = chosen[0].capitalize()
    if r.random() < 0.15:
        chosen[r.randrange(len(chosen))] = f"**{r.choice(WORDS)} {r.choice(WORDS)}**"
    if r.random() < 0.10:
        chosen[r.randrange(len(chosen))] = f"`{r.choice(WORDS)}_id`"
    if r.random() < 0.12:
        chosen.append(f"[{r.randint(1, 8)}]")
    return " ".join(chosen) + "."


def prose(r: random.Random, size: int) -> str:
    """Return Markdown of about ``size`` characters: paragraphs, lists, headings, code, tables, quotes."""
    out: list[str] = []
    written = 0
    while written < size:
        x = r.random()
        if x < 0.60:
            block = " ".join(sentence(r) for _ in range(r.randint(2, 6)))
        elif x < 0.75:
            block = "\n".join("- " + sentence(r) for _ in range(r.randint(2, 6)))
        elif x < 0.82:
            block = "### " + sentence(r, 4)
        elif x < 0.90:
            block = (
                "```python\n" + "\n".join(f"def {r.choice(WORDS)}_{i}(x):\n    return x" for i in range(3)) + "\n```"
            )
        elif x < 0.95:
            block = "| a | b |\n|---|---|\n" + "\n".join(
                f"| {r.choice(WORDS)} | {r.randint(0, 99)} |" for _ in range(3)
            )
        else:
            block = "> " + sentence(r) + " 日本語のテキスト 🙂 naïve café"
        out.append(block)
        written += len(block) + 2
    return "\n\n".join(out)


def results(r: random.Random, size: int, indent: int | None) -> str:
    """Return the JSON of a search result of about ``size`` characters."""
    rows = [
        {
            "id": f"doc-{r.randint(0, 99999):05d}",
            "score": round(r.random(), 4),
            "title": sentence(r, 5),
            "text": sentence(r),
        }
        for _ in range(max(1, size // 230))
    ]
    return json.dumps({"results": rows, "took_ms": r.randint(3, 90)}, indent=indent)


def transcript(seed: int, messages: int = 20, size: int = 30_000, big: int = 0, one_line: bool = False) -> Trace:
    """Return a trace of so many messages and about ``size`` characters; the first result has ``big`` of them."""
    r = random.Random(seed)
    each = max(80, (size - big) // messages)
    main: list[Message] = []
    for n in range(messages // 4):
        call = ToolCall("search_docs", json.dumps({"query": sentence(r, 8), "k": 8}), latency_ms=r.random() * 900)
        call.result = results(r, big if big and n == 0 else each, None if one_line else 1)
        stamp = MONDAY_US + n * 60_000_000
        main += [
            Message("user", [Part("text", prose(r, each // 2))], ts_us=stamp),
            Message("assistant", [], [call], ts_us=stamp + 1_000_000),
            Message("tool", [Part("text", call.result)], answers=call, ts_us=stamp + 2_000_000),
            Message("assistant", [Part("text", prose(r, each * 2))], ts_us=stamp + 3_000_000),
        ]
    documents = [
        Document(prose(r, 1500), f"docs/{r.choice(WORDS)}-{n}.md", score=round(r.random(), 2), rank=n, turn=3)
        for n in range(8)
    ]
    return Trace(
        kind="test", native_id=f"bench-{seed}-{messages}", format="plain", threads=[Thread(main)], documents=documents,
        started_us=MONDAY_US, status="ok",
    )  # fmt: skip
