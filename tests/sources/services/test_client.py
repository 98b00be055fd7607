"""The client: patient, bounded, and never a word of the key to anyone but the server."""

import logging
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from reviewer.errors import Expected
from reviewer.sources.services import client as module
from reviewer.sources.services.address import parse
from reviewer.sources.services.client import TRIES, Client, Refused
from reviewer.sources.services.credentials import secret
from tests.sources.services.servers import Answer, Asked, serve

CANARY = "canary-77d0e2"


def asking(url: str, waited: list[float] | None = None, check: Callable[[], None] = lambda: None) -> Client:
    key = secret(CANARY)
    naps = waited if waited is not None else []
    return Client(parse(url), {"authorization": f"Bearer {key.reveal()}"}, key, check, naps.append)


def test_the_key_goes_in_a_header_and_not_into_the_address() -> None:
    with serve(lambda _: (200, {"data": [1]})) as server, asking(server.url) as client:
        assert client.get("/v1/x", limit=2, cursor=None) == {"data": [1]}
    (asked,) = server.asked
    assert asked.headers["authorization"] == f"Bearer {CANARY}"
    assert asked.query == {"limit": "2"} and CANARY not in asked.path


def test_it_waits_as_long_as_the_server_says() -> None:
    answers: list[Answer] = [(429, {}, {"retry-after": "3"}), (522, {}), (200, {"fine": 1})]
    waited: list[float] = []
    with serve(lambda _: answers.pop(0)) as server, asking(server.url, waited) as client:
        assert client.get("/") == {"fine": 1}
    assert 3 + 2 <= sum(waited) <= 3 + 2 * 1.25 + 0.2


def test_it_waits_until_the_date_that_the_server_says() -> None:
    at = format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)
    answers: list[Answer] = [(429, {}, {"retry-after": at}), (503, {}, {"retry-after": "inf"}), (200, {"fine": 1})]
    slept: list[float] = []
    with serve(lambda _: answers.pop(0)) as server, asking(server.url, slept) as client:
        assert client.get("/") == {"fine": 1}
    assert 36 < sum(slept) < 44, "then two seconds, since infinity is no date"


def test_it_gives_up_after_six_tries() -> None:
    with (
        serve(lambda _: (500, {"message": f"no {CANARY}"})) as server,
        asking(server.url) as client,
        pytest.raises(Refused) as why,
    ):
        client.get("/")
    assert len(server.asked) == TRIES
    assert "500" in str(why.value) and CANARY not in str(why.value)


def test_what_may_have_been_done_is_not_asked_again_unless_that_is_harmless() -> None:
    with serve(lambda _: (500, {})) as server, asking(server.url) as client, pytest.raises(Refused):
        client.ask("POST", "/x", {"a": 1}, again=False)
    assert len(server.asked) == 1


def test_a_redirect_to_another_place_gets_no_request() -> None:
    def steal(_: Asked) -> Answer:
        return 307, None, {"location": f"{other.url}/steal"}

    with serve(lambda _: (200, {})) as other, serve(steal) as server, asking(server.url) as client:
        with pytest.raises(Refused, match="not followed"):
            client.get("/")
        with pytest.raises(Refused, match="not followed"):
            client.ask("POST", "/", {"a": 1})
    assert not other.asked, "another port is another server"


def test_a_redirect_inside_the_server_is_followed_and_a_circle_is_not() -> None:
    def answer(asked: Asked) -> Answer:
        if asked.path == "/new":
            return 200, {"there": True}
        return 302, None, {"location": "/new" if asked.path == "/old" else "/circle"}

    with serve(answer) as server, asking(server.url) as client:
        assert client.get("/old") == {"there": True}
        with pytest.raises(Refused):
            client.get("/circle")
    assert len(server.asked) < 10


def test_a_cancel_is_heard_while_waiting() -> None:
    class Stopped(Exception):
        pass

    seen = 0

    def check() -> None:
        nonlocal seen
        seen += 1
        if seen > 4:
            raise Stopped

    def wait(_: Asked) -> Answer:
        return 429, {}, {"retry-after": "100"}

    with serve(wait) as server, asking(server.url, check=check) as client, pytest.raises(Stopped):
        client.get("/")


def test_an_answer_that_is_no_json_or_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(lambda _: (200, b"<html>log in</html>")) as server, asking(server.url) as client:
        with pytest.raises(Refused, match="no JSON"):
            client.get("/")
        monkeypatch.setattr(module, "LARGEST_ANSWER", 4)
        with pytest.raises(Refused, match="too large"):
            client.get("/")


def test_a_server_that_is_not_there_is_said_plainly() -> None:
    with serve(lambda _: (200, {})) as server:
        url = server.url
    with asking(url) as client, pytest.raises(Refused, match="did not answer") as why:
        client.get("/")
    assert why.value.status == 0


@pytest.mark.parametrize("status", [200, 401, 400, 418, 500])
def test_no_log_and_no_error_holds_the_key(status: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    said = ""
    words = {"detail": f"the key {CANARY} is no good"}
    with serve(lambda _: (status, words)) as server, asking(server.url) as client:
        try:
            client.get("/v1/x")
        except Expected as why:
            said = "".join(traceback.format_exception(why)) + repr(why.__dict__)
    assert server.asked
    assert CANARY not in said and CANARY not in caplog.text
