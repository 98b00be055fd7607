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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from reviewer.errors import BadInput, UsageError

TAG_DIGITS = 4

Check = Callable[[str], bool]


class Rule(Protocol):
    """What finds texts to take out: its name, the kinds of text that it may find, both in capitals, and where they stand."""

    @property
    def name(self) -> str:
        """Return the name that the manifest gives it."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return what it may find."""

    def find(self, text: str) -> Iterable[tuple[int, int, str]]:
        """Yield beginning, end and kind of every place, in order, none inside another."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A kind of text that has a form: its name in capitals, its pattern, and a check that a match is really one."""

    name: str
    pattern: re.Pattern[str]
    check: Check | None = None

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return the name: it is what is found."""
        return (self.name,)

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield beginning, end and name of every match that is really one."""
        for found in self.pattern.finditer(text):
            if found.group() and (self.check is None or self.check(found.group())):
                yield *found.span(), self.name


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
    Pattern("JWT", re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*")),
    Pattern("BEARER", re.compile(r"(?i)(?<=\bbearer\s)[\w.~+/=-]{12,}")),
    Pattern("KEY", re.compile(
        r"\b(?:sk|pk|rk)-[\w-]{12,}|\blsv2_\w{8,}|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_\w{20,}|\bxox[abprs]-[\w-]{10,}"
        r"|\bAIza[\w-]{30,}|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
    )),
    Pattern("URL_QUERY", re.compile(r"(?<=\?)(?<=[^\s?]\?)[^\s\"'<>?#=&]+=[^\s\"'<>#]*")),
    Pattern("EMAIL", re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")),
    Pattern("IBAN", re.compile(r"\b[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]{2,4}){3,8}\b"), is_iban),
    Pattern("CARD", re.compile(r"(?<![\w.])\d(?:[ -]?\d){12,18}(?![\w.]?\d)"), is_card),
    Pattern("IP", re.compile(r"(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w.]*\d)")),
    Pattern("IP", re.compile(r"(?<![\w:])[0-9A-Fa-f:]{6,39}(?![\w:])"), is_ipv6),
    Pattern("PHONE", re.compile(r"(?<![\w.-])(?:\+\d|\(\d|0\d)[\d ()/.-]{6,18}\d(?![\w-])"), is_phone),
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
            done, pieces = 0, []
            for start, end, kind in rule.find(text):
                pieces += [text[done:start], self._tag(kind, text[start:end], scope)]
                done = end
            if done:
                text = "".join([*pieces, text[done:]])
        return text

    def _tag(self, kind: str, found: str, scope: str) -> str:
        self.counts[kind] += 1
        said = "\x1f".join((scope, kind, found)).encode("utf-8", "surrogatepass")
        return f"<{kind}_{hmac.new(self.key, said, hashlib.sha256).hexdigest()[:TAG_DIGITS]}>"

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
    rules: list[Rule] = []
    for name, pattern in held.items():
        if not re.fullmatch(r"[A-Z][A-Z_]*", name):
            raise UsageError(f"{path}: the rule {name!r} needs a name of capital letters.", "For example TICKET.")
        try:
            rules.append(Pattern(name, re.compile(str(pattern))))
        except re.error as why:
            raise UsageError(f"{path}: {name} is no regular expression: {why}.") from why
    return rules


def _words(held: Any, path: Path) -> list[Rule]:
    if not isinstance(held, list) or not all(isinstance(word, str) and word.strip() for word in held):
        raise UsageError(f"{path}: words must be a list of texts.")
    longest_first = sorted(held, key=len, reverse=True)
    return [Pattern("WORD", re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE))] if held else []


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
