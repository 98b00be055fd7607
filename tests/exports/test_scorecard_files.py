"""The scorecard outside of the window: a page that runs nothing, Markdown that links nowhere, JSON that is strict."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from reviewer.exports.scorecard import as_json, html, markdown
from reviewer.model.clock import day_start
from reviewer.model.number import Basis, Field, Number, Row, Scorecard, Unit

POISON = '<img src=x onerror=alert(1)><script>fetch("http://e.example")</script> [a](http://e.example) www.e.example | `x` \u202e'
NONE = Number(None, Basis.NOT_RECORDED)


def rate(value: float) -> Number:
    return Number(value, Basis.ESTIMATE, low=value / 2, high=value * 1.6, n=240, count=20)


def card(name: str = "checkout-bot", workflow: str = "Order status", mode: str = "Unsupported claim") -> Scorecard:
    def field(number: int, title: str, *rows: Row) -> Field:
        return Field(f"f{number}", title, rows, f"How {title} is made.")

    traffic = Number(0.384, Basis.ALL_TRAFFIC, n=31573, count=12124)
    hidden = Number(0.02, Basis.ESTIMATE, low=0.004, high=0.046, n=240, count=4, suppressed=True)
    cost = Number(0.049, Basis.ESTIMATE, Unit.DOLLARS, 0.0461, 0.0532, n=240)
    return Scorecard(
        title="Scorecard",
        workspace=name,
        period="2026-W45 – 2026-W48",
        start_us=day_start("2026-11-02", "Europe/Berlin"),
        end_us=day_start("2026-11-30", "Europe/Berlin"),
        timezone="Europe/Berlin",
        design="31,573 traces in all · 240 of 240 drawn were reviewed",
        reviewed=240,
        drawn=240,
        population=31573,
        fields=(
            Field("top_workflows", "Top workflows", (Row(workflow, traffic, replace(traffic, value=0.42)),), "Shares."),
            Field("top_failure_modes", "Top failure modes", (Row(mode, rate(0.082)), Row("Looping", hidden)), "Rates."),
            field(3, "p95 latency", Row("p95 latency", Number(5400, Basis.ALL_TRAFFIC, Unit.MILLISECONDS, n=31573))),
            field(4, "Cost per successful task", Row("Cost", cost, replace(cost, value=0.045))),
            *(field(n, f"Field {n}", Row(f"Field {n}", NONE)) for n in range(5, 10)),
        ),
        made_us=day_start("2026-11-30T09:00", "Europe/Berlin"),
        headline=Row("Failing traces", rate(0.16)),
    )


class Seen(HTMLParser):
    """Collects tags, attributes and text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in ("meta", "col"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, "the page must close what it opens"

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_shows_all_nine_fields_with_their_warrants() -> None:
    seen = Seen(html(card()))
    assert seen.open == []
    for said in ("checkout-bot", "2 – 29 November 2026", "38.4 %", "−3.6", "8.2 %", "4.1 – 13.1 %", "5.4 s"):
        assert said in seen.text, said
    for said in ("4 of 240", "at most 4.6 %", "$0.046 – 0.053", "N 31,573"):
        assert said in seen.text, said
    assert seen.text.count("not recorded") == 5
    assert "16.0 % of the traces fail" in seen.text
    assert "Top workflows, p95 latency count all traffic" in seen.text
    assert "How Field 9 is made." in seen.text


def test_the_page_runs_and_fetches_nothing_whatever_traces_are_called() -> None:
    page = html(card(POISON, POISON, POISON))
    seen = Seen(page)
    assert not seen.tags & {"script", "img", "iframe", "object", "link", "a", "base", "form", "svg"}
    assert not {name for name in seen.attributes if name.startswith("on") or name in ("src", "href")}
    assert re.search(r"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"", page)
    assert not re.search(r"url\(|@import", page)
    assert seen.text.count("<script>") == 3, "shown as letters"


def test_a_period_before_without_anything_stays_empty() -> None:
    nothing = Row("Looping", rate(0.082), Number(None, Basis.ESTIMATE, n=0, count=0, suppressed=True))
    page = html(replace(card(), fields=(card().fields[0], Field("top_failure_modes", "M", (nothing,), "Rates."))))
    assert "nothing reviewed" not in Seen(page).text


def test_braces_in_a_name_are_letters() -> None:
    assert "{style} {0.x}" in Seen(html(card("{style} {0.x}"))).text


def test_markdown_takes_names_literally() -> None:
    text = markdown(card(POISON, POISON, POISON))
    unescaped = re.sub(r"\\.", "", text)
    assert not re.search(r"[\[\]<>`]|://|www\.", unescaped)
    assert all(row.count("|") == 6 for row in unescaped.splitlines() if row.startswith("|"))
    assert len([row for row in text.splitlines() if row.startswith("## ")]) == 9


def test_markdown_says_what_the_page_says() -> None:
    text = markdown(card()).replace("\\", "")
    for said in ("# Scorecard: checkout-bot", "## 2. Top failure modes (estimate)", "4.1 – 13.1 %", "4 of 240"):
        assert said in text, said


def test_json_is_strict_and_keeps_every_number_with_its_basis() -> None:
    broken = card()
    wild = Row("x", Number(float("nan"), Basis.ESTIMATE, high=float("inf"), n=2))
    broken = replace(broken, fields=(*broken.fields[:8], Field("eval_trend", "E", (wild,))))
    loaded = json.loads(json.dumps(as_json(broken), allow_nan=False))
    assert [field["id"] for field in loaded["fields"]][:2] == ["top_workflows", "top_failure_modes"]
    first = loaded["fields"][0]["rows"][0]
    assert (first["number"]["basis"], first["number"]["n"], first["said"]) == ("all traffic", 31573, "38.4 %")
    assert loaded["fields"][1]["rows"][1]["number"]["suppressed"] is True
    assert loaded["fields"][8]["rows"][0]["number"]["value"] is None
    assert loaded["start"] == "2026-11-01T23:00:00.000Z"
    assert loaded["headline"]["number"]["value"] == 0.16


@pytest.mark.parametrize("write", [html, markdown])
def test_an_empty_scorecard_can_be_written(write: object) -> None:
    empty = replace(card(), fields=tuple(Field(f"f{i}", f"F{i}", (Row("r", NONE),)) for i in range(9)), headline=None)
    assert callable(write)
    assert "No sample was drawn" in write(empty)
