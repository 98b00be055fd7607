"""A client of one server: one request at a time, patient with limits, and the key in a header to that server alone."""

import json
import logging
import math
import random
import ssl
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from reviewer.errors import Expected
from reviewer.sources.jsontext import NotJson, parse_fast, printable
from reviewer.sources.services.address import Address, parse, refuse_link_local
from reviewer.sources.services.credentials import Secret

if TYPE_CHECKING:
    import httpx

TRIES = 6
TIMEOUT_S = 60.0
LARGEST_ANSWER = 256 << 20
LONGEST_WAIT_S = 300.0
_REDIRECTS = 3
_SAID = 200
_SLICE_S = 0.2
_NO_ANSWER = 0
_NOT_DONE = frozenset((425, 429, 503))
_AGAIN = _NOT_DONE | {_NO_ANSWER, 408, *range(500, 600)}
_MOVED = frozenset((301, 302, 303, 307, 308))

Check = Callable[[], None]
"""Raises when the work was cancelled; asked before every request and while waiting."""


class Refused(Expected):
    """The server said no; ``status`` is its HTTP status, or 0 where it did not answer at all."""

    def __init__(self, status: int, sentence: str, next_step: str = "") -> None:
        super().__init__(sentence, next_step)
        self.status = status


def unhindered() -> None:
    """Let work go on that nobody can cancel."""


class Client:
    """Asks one server. Not for more than one thread at a time."""

    def __init__(
        self,
        address: Address,
        headers: Mapping[str, str],
        key: Secret | None,
        check: Check = unhindered,
        sleep: Callable[[float], None] = time.sleep,
        pace_s: float = 0,
    ) -> None:
        import httpx

        # Both say every address at INFO, and every header at DEBUG.
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)
        refuse_link_local(address)
        self.address = address
        self._key = key or Secret("")
        self._headers = {**headers, "accept": "application/json"}
        self._check = check
        self._sleep = sleep
        self._pace_s = pace_s
        self._asked_at = -pace_s
        # trust_env would add passwords of ~/.netrc and send keys through whatever proxy the environment names.
        # The context is the system's: a company's own authority is named by SSL_CERT_FILE.
        verify = ssl.create_default_context() if address.scheme == "https" else False
        self._http = httpx.Client(follow_redirects=False, trust_env=False, verify=verify, timeout=TIMEOUT_S)

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def get(self, path: str, **query: Any) -> Any:
        """Return the JSON of an answer; queries that are None are left out."""
        return self.ask("GET", path, query=query)

    def ask(
        self, method: str, path: str, body: Any = None, query: Mapping[str, Any] | None = None, *, again: bool = True
    ) -> Any:
        """Return the JSON of an answer, or None where it is empty.

        ``again`` allows to ask once more after an answer that leaves open whether anything was done.

        Raises:
            Refused: the server said no, was not there, or sent the request elsewhere.
        """
        url = self.address.text + path
        wanted = {name: value for name, value in (query or {}).items() if value is not None}
        for attempt in range(1, TRIES + 1):
            self._check()
            self._wait(self._asked_at + self._pace_s - time.monotonic() if self._pace_s else 0)
            self._asked_at = time.monotonic()
            status, headers, data = self._once(method, url, body, wanted)
            if status not in (_AGAIN if again else _NOT_DONE) or attempt == TRIES:
                break
            self._wait(_pause(headers.get("retry-after"), attempt))
        if not 200 <= status < 300:
            raise self._refused(status, data)
        return self._parsed(data)

    def _once(self, method: str, url: str, body: Any, query: Mapping[str, Any]) -> tuple[int, Mapping[str, str], bytes]:
        for _ in range(_REDIRECTS + 1):
            status, headers, data = self._send(method, url, body, query)
            if status not in _MOVED:
                return status, headers, data
            # Only to the same server: the next one would get the key.
            url, query = self._moved(method, url, headers.get("location", "")), {}
        raise Refused(status, f"{self.address.host} sends every request on to somewhere else.")

    def _send(self, method: str, url: str, body: Any, query: Mapping[str, Any]) -> tuple[int, Mapping[str, str], bytes]:
        import httpx

        content = None if body is None else json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        headers = {**self._headers, **({"content-type": "application/json"} if body is not None else {})}
        try:
            with self._http.stream(method, url, params=query or None, content=content, headers=headers) as answer:
                return answer.status_code, answer.headers, self._bounded(answer)
        except httpx.HTTPError as why:
            return _NO_ANSWER, {}, type(why).__name__.encode()

    def _bounded(self, answer: "httpx.Response") -> bytes:
        held: list[bytes] = []
        size = 0
        for chunk in answer.iter_bytes():
            self._check()
            size += len(chunk)
            if size > LARGEST_ANSWER:
                raise Refused(answer.status_code, f"{self.address.host} sent an answer that is too large to be meant.")
            held.append(chunk)
        return b"".join(held)

    def _moved(self, method: str, url: str, to: str) -> str:
        target = urljoin(url, to)
        try:
            place = parse(target.partition("?")[0].partition("#")[0]).place
        except Expected:
            place = None
        if place != self.address.place or method not in ("GET", "HEAD"):
            other = printable(urlsplit(target).hostname or "somewhere else")
            raise Refused(
                302,
                f"{self.address.host} sends the request on to {other}, which was not followed.",
                "If that is the right server, give its own address.",
            )
        return target

    def _wait(self, seconds: float) -> None:
        while seconds > 0:
            self._check()
            self._sleep(min(seconds, _SLICE_S))
            seconds -= _SLICE_S

    def _refused(self, status: int, data: bytes) -> Refused:
        host = self.address.host
        if status == _NO_ANSWER:
            return Refused(
                _NO_ANSWER, f"{host} did not answer ({data.decode()}).", "Check its address, and that it runs."
            )
        if status in (401, 403):
            return Refused(status, f"{host} refused the key ({status}).", "Add the connection again, with another key.")
        said = self._key.hide_in(printable(_message(data)))[:_SAID]
        return Refused(status, f"{host} answered {status}{': ' + said if said else ''}.")

    def _parsed(self, data: bytes) -> Any:
        if not data.strip():
            return None
        try:
            return parse_fast(data)
        except NotJson:
            raise Refused(
                200, f"{self.address.host} answered something that is no JSON.", "Check the address."
            ) from None


def _pause(asked: str | None, attempt: int) -> float:
    """Return how many seconds to wait: as the server says, in seconds or as a date, else 1, 2, 4 ... and up to a quarter."""
    for said in (_seconds, _until):
        try:
            return min(max(0.0, said(asked or "")), LONGEST_WAIT_S)
        except ValueError:
            continue
    return float(2 ** (attempt - 1)) * (1 + random.random() / 4)  # noqa: S311 - no secret


def _seconds(asked: str) -> float:
    found = float(asked)
    if not math.isfinite(found):
        raise ValueError(asked)
    return found


def _until(asked: str) -> float:
    return parsedate_to_datetime(asked).timestamp() - time.time()


def _message(data: bytes) -> str:
    """Return what an answer says of itself, without its markup."""
    try:
        told = parse_fast(data[:10_000])
    except NotJson:
        return ""
    if isinstance(told, dict):
        for key in ("message", "detail", "error"):
            if isinstance(told.get(key), str):
                return str(told[key])
    return ""
