"""Taking personal data and keys out of what leaves, before any writer sees it.

Patterns find what has a form: addresses, numbers, keys. Names and places have none, so that this is no
anonymisation. What is found is replaced by a tag that is the same for the same text in one session and says nothing
outside it, so that a conversation still makes sense.
"""

import hashlib
import hmac
import ipaddress
import json
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reviewer.errors import BadInput, UsageError

TAG_DIGITS = 4

Check = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of text to take out: its name in capitals, its pattern, and a check that a match is really one."""

    name: str
    pattern: re.Pattern[str]
    check: Check | None = None


def is_card(text: str) -> bool:
    """Return whether digits are a card number by their check digit (Luhn, ISO/IEC 7812-1)."""
    digits = [int(char) for char in text if char.isdigit()]
    if not 13 <= len(digits) <= 19 or len(set(digits)) == 1:
        return False
    doubled = [digit if place % 2 else sum(divmod(2 * digit, 10)) for place, digit in enumerate(reversed(digits), 1)]
    return sum(doubled) % 10 == 0


def is_iban(text: str) -> bool:
    """Return whether a text is an account number by its check digits (ISO 13616, modulo 97)."""
    plain = re.sub(r"[\s-]", "", text).upper()
    if not 15 <= len(plain) <= 34:
        return False
    turned = plain[4:] + plain[:4]
    return int("".join(str(int(char, 36)) for char in turned)) % 97 == 1


def is_ipv6(text: str) -> bool:
    """Return whether a text is an address of version 6, of at least three groups: ``a::b`` is ordinary text too."""
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return sum(bool(group) for group in text.split(":")) >= 3


def is_phone(text: str) -> bool:
    """Return whether digits may be a telephone number: 8 to 15 of them, and no date or time."""
    digits = sum(char.isdigit() for char in text)
    return 8 <= digits <= 15 and not _DATE.match(text)


_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}")

RULES: tuple[Rule, ...] = (
    Rule("JWT", re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*")),
    Rule("BEARER", re.compile(r"(?i)(?<=\bbearer\s)[\w.~+/=-]{12,}")),
    Rule("KEY", re.compile(
        r"\b(?:sk|pk|rk)-[\w-]{12,}|\blsv2_\w{8,}|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_\w{20,}|\bxox[abprs]-[\w-]{10,}"
        r"|\bAIza[\w-]{30,}|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
    )),
    Rule("URL_QUERY", re.compile(r"(?<=\?)(?<=[^\s?]\?)[^\s\"'<>?#=&]+=[^\s\"'<>#]*")),
    Rule("EMAIL", re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")),
    Rule("IBAN", re.compile(r"\b[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]{2,4}){3,8}\b"), is_iban),
    Rule("CARD", re.compile(r"(?<![\w.])\d(?:[ -]?\d){12,18}(?![\w.]?\d)"), is_card),
    Rule("IP", re.compile(r"(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w.]*\d)")),
    Rule("IP", re.compile(r"(?<![\w:])[0-9A-Fa-f:]{6,39}(?![\w:])"), is_ipv6),
    Rule("PHONE", re.compile(r"(?<![\w.-])(?:\+\d|\(\d|0\d)[\d ()/.-]{6,18}\d(?![\w-])"), is_phone),
)  # fmt: skip
"""In the order in which they are asked: what is found by one is no longer seen by the next."""


@dataclass(slots=True)
class Redactor:
    """Replaces what its rules find; ``key`` never leaves the workspace and makes the tags unguessable.

    ``counts`` says how often each rule found something.
    """

    key: bytes
    rules: Sequence[Rule] = RULES
    counts: Counter[str] = field(default_factory=Counter)

    def redacted(self, value: Any, scope: str) -> Any:
        """Return a JSON value with every text redacted, keys of objects too; ``scope`` is the session."""
        if isinstance(value, str):
            return self._text(value, scope)
        if isinstance(value, dict):
            return {self._text(name, scope): self.redacted(inner, scope) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.redacted(inner, scope) for inner in value]
        return value

    def _text(self, text: str, scope: str) -> str:
        if text[:1] in ("{", "[") and (parsed := _parsed(text)) is not None:
            # Inside JSON, letters may be written as escapes: only its values can be searched.
            inner = self.redacted(parsed, scope)
            return text if inner == parsed else json.dumps(inner, ensure_ascii=False)
        for rule in self.rules:
            text = rule.pattern.sub(lambda found, rule=rule: self._tag(rule, found.group(), scope), text)  # type: ignore[misc]
        return text

    def _tag(self, rule: Rule, found: str, scope: str) -> str:
        if not found or (rule.check is not None and not rule.check(found)):
            return found
        self.counts[rule.name] += 1
        said = "\x1f".join((scope, rule.name, found)).encode("utf-8", "surrogatepass")
        return f"<{rule.name}_{hmac.new(self.key, said, hashlib.sha256).hexdigest()[:TAG_DIGITS]}>"

    def as_json(self) -> dict[str, Any]:
        """Return what the manifest says of the redaction: which rules, and how often each found something."""
        return {"rules": [rule.name for rule in self.rules], "replaced": dict(sorted(self.counts.items()))}


def read_rules(path: Path) -> tuple[Rule, ...]:
    """Return the rules of a TOML file, to be asked before the built-in ones.

    The file has a table ``patterns`` of names with regular expressions, and a list ``words`` of texts to take out
    wherever they stand, whatever their case.

    Raises:
        BadInput: the file cannot be read or is no TOML.
        UsageError: a pattern is no regular expression, or a name has other letters than A to Z and _.
    """
    try:
        held = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as why:
        raise BadInput(
            f"{path} cannot be read as rules: {why}.", 'Write [patterns], then TICKET = "T-[0-9]+".'
        ) from why
    return (*_words(held.get("words", []), path), *_patterns(held.get("patterns", {}), path))


def _patterns(held: Mapping[str, Any], path: Path) -> list[Rule]:
    rules = []
    for name, pattern in held.items():
        if not re.fullmatch(r"[A-Z][A-Z_]*", name):
            raise UsageError(f"{path}: the rule {name!r} needs a name of capital letters.", "For example TICKET.")
        try:
            rules.append(Rule(name, re.compile(str(pattern))))
        except re.error as why:
            raise UsageError(f"{path}: {name} is no regular expression: {why}.") from why
    return rules


def _words(held: Any, path: Path) -> list[Rule]:
    if not isinstance(held, list) or not all(isinstance(word, str) and word.strip() for word in held):
        raise UsageError(f"{path}: words must be a list of texts.")
    longest_first = sorted(held, key=len, reverse=True)
    return [Rule("WORD", re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE))] if held else []


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
