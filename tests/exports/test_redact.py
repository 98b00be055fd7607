"""What is taken out of an export, what stays, and that the same text has the same tag in one session."""

import json
import re
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.errors import BadInput, UsageError
from reviewer.exports.presidio import Presidio, presidio
from reviewer.exports.redact import RULES, Redactor, read_rules
from reviewer.exports.sets.targets import TARGETS, export
from reviewer.model.coding import Verdict
from reviewer.model.trace import Document, Message, Part, Thread, ToolCall, Trace

from .builders import about, coded, labelled

CANARIES = {
    "EMAIL": ["ann.o'hara+x@mail.example.org", "jörg@beispiel.example"],
    "CARD": ["4111 1111 1111 1111", "5500-0000-0000-0004", "378282246310005"],
    "IBAN": ["GB82 WEST 1234 5698 7654 32", "DE89370400440532013000", "at61 1904 3002 3457 3201"],
    "KEY": ["sk-proj-4f9d8a7b6c5e4d3c2b1a", "AKIAIOSFODNN7EXAMPLE", "lsv2_pt_0123456789abcdef", "ghp_" + "a1" * 18],
    "JWT": ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"],
    "BEARER": ["Bearer abcdef0123456789ABCDEF"],
    "IP": ["192.168.10.254", "2001:db8:85a3::8a2e:370:7334"],
    "PHONE": ["+43 660 1234567", "(0316) 555 1234", "0049 30 901820"],
    "URL_QUERY": ["https://example.org/reset?token=abc123&user=ann"],
}
ORDINARY = [
    "Order 1234567890123456 of 2026-11-24 came at 10:15:30.", "It costs 1,234.50 for 12 items.", "v1.2.3 and 10.5",
    "Is it a=b? No: see section 4.1.2.", "call me maybe", "item-0001-0002-0003", "2026-11-24T10:15:30Z", "a::b", "What?x",
]  # fmt: skip


def redactor() -> Redactor:
    return Redactor(b"key")


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in CANARIES.items() for text in texts])
def test_what_has_a_form_is_taken_out_wherever_it_stands(kind: str, text: str) -> None:
    secret = text.removeprefix("Bearer ").split("?")[-1]
    for said in (text, f"Write to {text}, please.", f"({text})", f"x\n{text}\ny"):
        out = redactor().redacted(said, "s")
        assert secret not in out
        assert f"<{kind}_" in out


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_stays(text: str) -> None:
    assert redactor().redacted(text, "s") == text


def test_the_same_text_has_one_tag_in_a_session_and_another_elsewhere() -> None:
    one = redactor()
    first = one.redacted("ann@example.org wrote to bob@example.org; ann@example.org waits", "s1")
    tags = [word for word in first.replace(";", "").split() if word.startswith("<")]
    assert tags[0] == tags[2] != tags[1]
    assert one.redacted("ann@example.org", "s2") != tags[0]
    assert Redactor(b"other").redacted("ann@example.org", "s1") != tags[0]
    assert one.counts["EMAIL"] == 4


def test_arguments_keys_and_escapes_are_searched_too() -> None:
    escaped = '{"to": "ann\\u0040example.org", "n": 1}'
    value = {"arguments": escaped, "ann@example.org": [{"deep": "ann@example.org"}], "kept": [1, None, True]}
    out = json.dumps(redactor().redacted(value, "s"))
    assert "ann" not in out
    assert json.loads(json.loads(out)["arguments"])["n"] == 1
    assert json.loads(out)["kept"] == [1, None, True]


def test_rules_of_ones_own_come_first(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text('words = ["Ann", "Ann Berg"]\n[patterns]\nTICKET = "T-[0-9]+"\n')
    out = Redactor(b"k", (*read_rules(file), *RULES)).redacted("ann berg has T-41", "s")
    assert out.startswith("<WORD_")
    assert "<TICKET_" in out
    file.write_text('[patterns]\nTICKET = "T-["\n')
    with pytest.raises(UsageError, match="TICKET"):
        read_rules(file)
    with pytest.raises(BadInput):
        read_rules(tmp_path / "none.toml")


@given(st.text(max_size=200))
def test_any_text_comes_back_as_text_and_twice_changes_nothing_more(text: str) -> None:
    once = redactor().redacted(text, "s")
    assert isinstance(once, str)
    assert redactor().redacted(once, "s") == once


def test_no_canary_in_any_field_of_a_trace_reaches_any_file(tmp_path: Path) -> None:
    secret = "ann.canary@example.org"
    call = ToolCall("lookup", json.dumps({"to": secret, secret: 1}), call_id=secret, result=secret)
    talk = [
        Message("system", [Part("text", secret)]), Message("user", [Part("text", f"I am {secret}")], name=secret),
        Message("assistant", [Part("text", secret)], calls=[call]), Message("tool", [Part("text", secret)], answers=call),
        Message("assistant", [Part("text", f"Hello {secret}")]),
    ]  # fmt: skip
    trace = Trace(
        "k", secret, secret, origin=secret, name=secret, threads=[Thread(talk)], documents=[Document(secret, secret)],
        session_id=secret, user_id=secret, model=secret, prompt_version=secret, tags=[secret],
    )  # fmt: skip
    coding = coded(Verdict.FAIL, "looping", note=f"tell {secret}", expected=f"Dear {secret}")
    for target in TARGETS:
        export(target, [labelled(trace, coding)], tmp_path / target, about(redactor=redactor()))
        for file in (tmp_path / target).rglob("*.*"):
            assert b"canary" not in file.read_bytes(), file
    told = json.loads((tmp_path / "jsonl" / "manifest.json").read_text())["redaction"]
    assert told["replaced"]["EMAIL"] > 10


class Told(NamedTuple):
    """One result in the shape of Presidio's ``RecognizerResult``."""

    entity_type: str
    start: int
    end: int
    score: float


class Analyzer:
    """What the rule asks of Presidio's analyzer: it finds names that it was told, and a wider place that is less sure."""

    def analyze(self, *, text: str, language: str, score_threshold: float) -> list[Told]:
        told = [Told("PERSON", found.start(), found.end(), 0.85) for found in re.finditer("Ann Berg", text)]
        told += [Told("LOCATION", one.start, min(one.end + 4, len(text)), 0.6) for one in told]
        return told + [Told("US_SSN", found.start(), found.end(), 0.5) for found in re.finditer("7f|EMAIL", text)]

    def get_supported_entities(self, language: str) -> list[str]:
        return ["US_SSN", "PERSON", "LOCATION"]


def test_presidio_takes_out_what_has_no_form_and_leaves_tags_alone() -> None:
    found = Redactor(b"key", (*RULES, Presidio(Analyzer())))
    out = found.redacted({"note": "Ann Berg <ann@example.org> met Ann Berg", "arguments": '{"who": "Ann Berg"}'}, "s")
    tags = re.findall("<PERSON_[0-9a-f]{4}>", out["note"])
    assert len(tags) == 2
    assert tags[0] == tags[1] == json.loads(out["arguments"])["who"]
    assert re.fullmatch("<PERSON_....> <<EMAIL_....>> met <PERSON_....>", out["note"])
    assert found.as_json()["replaced"] == {"EMAIL": 1, "PERSON": 3}
    assert found.as_json()["rules"][-1] == "PRESIDIO"
    assert Presidio(Analyzer()).kinds == ("LOCATION", "PERSON", "US_SSN")


def test_presidio_that_is_not_installed_is_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reviewer.exports.presidio.find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"transcript-reviewer\[presidio\]"):
        presidio()
