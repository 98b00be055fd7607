"""Tool calls that should have been made, as reviewers write them: one a line, or JSON."""

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from reviewer.errors import UsageError

HOW = 'Write one a line, the name and its arguments: search_orders {"order": "0042"}.'


class ExpectedCall(NamedTuple):
    """A tool that should have been called, and its arguments as JSON values by name."""

    name: str
    arguments: dict[str, Any] = {}  # noqa: RUF012 - never changed in place

    def as_json(self) -> dict[str, Any]:
        """Return the call as JSON values, for storage and for datasets."""
        return {"name": self.name, "arguments": self.arguments}


def calls_from_text(text: str) -> tuple[ExpectedCall, ...]:
    """Return the calls that a text names: lines of a name and an object, or JSON as ``calls_from_json`` takes it.

    Raises:
        UsageError: a line is no call, or the JSON holds something else.
    """
    plain = text.strip()
    if plain.startswith(("[", "{")):
        return calls_from_json(_parsed(plain, "The text"))
    lines = [(number, line.strip()) for number, line in enumerate(text.split("\n"), 1)]
    return tuple(_from_line(line, f"Line {number}") for number, line in lines if line)


def calls_from_json(value: Any) -> tuple[ExpectedCall, ...]:
    """Return the calls of a list of {name, arguments}, or of calls in the form of OpenAI's chat API; None is no call.

    Arguments may be an object, or an object as JSON in a string.

    Raises:
        UsageError: it is something else.
    """
    if value is None:
        return ()
    listed = value if isinstance(value, list) else [value]
    return tuple(_from_object(one, f"Call {number}") for number, one in enumerate(listed, 1))


def as_text(calls: Iterable[ExpectedCall]) -> str:
    """Return calls as ``calls_from_text`` reads them, one a line."""
    return "\n".join(f"{call.name} {json.dumps(call.arguments, ensure_ascii=False)}" for call in calls)


def _from_line(line: str, where: str) -> ExpectedCall:
    name, brace, rest = line.partition("{")
    arguments = _parsed(brace + rest, where) if brace else {}
    return _checked(name.strip(), arguments, where)


def _from_object(held: Any, where: str) -> ExpectedCall:
    if isinstance(held, dict) and isinstance(held.get("function"), dict):
        held = held["function"]
    if not isinstance(held, dict):
        raise UsageError(f"{where} is no object with a name.", HOW)
    arguments = held.get("arguments")
    if isinstance(arguments, str):
        arguments = _parsed(arguments, where)
    return _checked(held.get("name"), {} if arguments is None else arguments, where)


def _checked(name: Any, arguments: Any, where: str) -> ExpectedCall:
    if not isinstance(name, str) or not name or len(name.split()) != 1:
        raise UsageError(f"{where} does not begin with the name of a tool.", HOW)
    if not isinstance(arguments, dict):
        raise UsageError(f"{where}: the arguments of {name} are no object.", HOW)
    try:
        json.dumps([name, arguments], ensure_ascii=False).encode()
    except UnicodeEncodeError as why:  # half of a surrogate pair, which no file can hold
        raise UsageError(f"{where} holds half of a character.", HOW) from why
    return ExpectedCall(name, arguments)


def _parsed(text: str, where: str) -> Any:
    def refuse(name: str) -> None:
        raise ValueError(f"{name} is no number of JSON")

    try:
        return json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError) as why:
        raise UsageError(f"{where} is no JSON: {why}.", HOW) from why
