"""Langfuse and LangSmith, new and old, against servers of their published shape."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from reviewer.errors import Expected, UsageError
from reviewer.model.label import Label
from reviewer.model.problem import Problem
from reviewer.model.pull import Wanted
from reviewer.model.trace import Trace
from reviewer.sources import services
from reviewer.sources.services.client import Client
from reviewer.sources.services.connections import Connection
from reviewer.sources.services.credentials import secret
from reviewer.verbs import connections
from tests.sources.services import fake_langfuse, fake_langsmith, fake_phoenix
from tests.sources.services.fake_langfuse import FakeLangfuse
from tests.sources.services.fake_langsmith import FakeLangSmith
from tests.sources.services.fake_phoenix import FakePhoenix
from tests.sources.services.servers import serve

EVER = Wanted(1_700_000_000_000_000, 1_900_000_000_000_000)
KEY = secret("pk-lf-1:sk-lf-canary")


class Service:
    """A service that runs, and the traces and labels that it holds."""

    def __init__(self, fake: Any, connection: Connection, client: Client, trace_id: Callable[[int], str]) -> None:
        self.fake, self.connection, self.client, self.trace_id = fake, connection, client, trace_id
        self.held: dict[str, dict[str, Any]] = fake.scores if isinstance(fake, FakeLangfuse) else fake.feedback
        self.module = services.service(connection.service)

    def found(self, *numbers: int) -> list[Trace]:
        problems: list[Problem] = []
        natives = [self.trace_id(n) for n in numbers]
        read = services.found(self.client, self.connection, natives, problems.append, lambda done, total: None)
        traces = [one.trace for one in read]
        assert not problems
        return traces

    def put(self, label: Label, remote_id: str | None = None) -> str | None:
        own_id = label.id_at(self.connection.origin)
        return self.module.put(self.client, self.connection.project, label, own_id, remote_id)

    def take_back(self, label: Label) -> None:
        self.module.take_back(self.client, "shop", label, label.id_at(self.connection.origin), None)


@pytest.fixture(params=["langfuse", "langfuse 3", "langsmith", "langsmith 1"])
def service(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    name, _, old = request.param.partition(" ")
    monkeypatch.setitem(services.SERVICES, name, replace(services.SERVICES[name], pace_s=0))
    is_langfuse = name == "langfuse"
    fake = FakeLangfuse(old=bool(old)) if is_langfuse else FakeLangSmith(old=bool(old))
    with serve(fake) as server:
        connection = Connection("c", name, server.url, "shop")
        with services.open_client(connection, KEY) as client:
            yield Service(fake, connection, client, (fake_langfuse if is_langfuse else fake_langsmith).trace_id)
    assert all("canary" not in asked.path + str(asked.query) for asked in server.asked)


def test_it_answers(service: Service) -> None:
    service.module.try_out(service.client, "shop")


def test_a_server_says_until_when_it_answers() -> None:
    fake = FakeLangfuse(old=True)

    def ending(asked: Any) -> Any:
        status, told, *more = fake(asked)
        return status, {**told, "_deprecation": {"message": "Gone after 2026-11-16."}}, *more

    with serve(ending) as server:
        found = connections.try_out(Connection("c", "langfuse", server.url, "shop"), KEY)
    assert found.endswith("shop can be read. Gone after 2026-11-16.")


def test_every_page_is_listed_and_no_trace_twice(service: Service) -> None:
    pages = list(services.listed(service.client, service.connection, EVER, None, print))
    natives = [row.native_id for rows, _ in pages for row in rows]
    assert sorted(natives) == sorted(service.trace_id(n) for n in range(10))
    assert [len(rows) for rows, _ in pages] == [4, 4, 2] and pages[-1][1] is None
    rest = list(services.listed(service.client, service.connection, EVER, pages[0][1], print))
    assert rest == pages[1:], "a listing is taken up at any page"


def test_a_listing_tells_segments(service: Service) -> None:
    by = replace(EVER, by=("workflow",))
    rows = [row for page, _ in services.listed(service.client, service.connection, by, None, print) for row in page]
    told = {row.segments for row in rows}
    assert told == ({("billing",), ("returns",)} if service.connection.service == "langfuse" else {("shop",)})


def test_a_trace_is_read_whole(service: Service) -> None:
    (trace,) = service.found(3)
    assert trace.native_id == service.trace_id(3) and trace.origin == service.connection.origin
    assert [(m.role, m.text) for m in trace.threads[0].messages] == [("user", "question 3"), ("assistant", "answer 3")]
    assert trace.model == "model-a" and trace.started_us is not None and not trace.scores


@pytest.mark.parametrize(
    "label",
    [
        Label("verdict", "", "ana", "verdict", "fail", "Made up."),
        Label("mode", "", "ana", "looping", True, "again and again"),
        Label("score", "", "ana", "groundedness", 2.0),
        Label("document", "", "ana", "document_2", "irrelevant", "policy/eu.md"),
        Label("expected", "", "ana", "expected_answer", "Within 30 days."),
    ],
    ids=lambda label: label.kind,
)
def test_a_label_is_written_once_written_over_and_taken_back(service: Service, label: Label) -> None:
    label = replace(label, trace=service.trace_id(1))
    remote = service.put(label)
    service.put(label)
    assert service.put(replace(label, explanation="Better words."), remote) == remote
    (told,) = service.held.values()
    assert told["comment"] == "Better words."
    assert told.get("traceId", told.get("trace_id")) == label.trace
    (trace,) = service.found(1)
    assert not trace.scores, "our own labels are no news"
    service.take_back(label)
    service.take_back(label)
    assert not service.held


def test_reviewers_stand_beside_each_other(service: Service) -> None:
    for name in ("ana", "ben"):
        service.put(Label("verdict", service.trace_id(1), name, "verdict", "pass"))
    assert len(service.held) == 2


def test_what_others_scored_comes_along(service: Service) -> None:
    native = service.trace_id(2)
    service.held["x"] = {
        "id": "x", "traceId": native, "run_id": native, "name": "polite", "key": "polite", "value": 0.5, "score": 0.5,
        "dataType": "NUMERIC", "comment": None,
    }  # fmt: skip
    (trace,) = service.found(2)
    assert [(score.name, score.value_num) for score in trace.scores] == [("polite", 0.5)]


def test_langfuse_needs_both_keys_and_takes_its_own_filters() -> None:
    connection = Connection("c", "langfuse", "http://127.0.0.1:1", "shop")
    with pytest.raises(UsageError, match="both keys") as why:
        services.open_client(connection, secret("sk-lf-canary"))
    assert "canary" not in str(why.value)
    with serve(FakeLangfuse()) as server:
        connection = replace(connection, address=server.url)
        with services.open_client(connection, KEY) as client, pytest.raises(UsageError, match="JSON list"):
            list(services.listed(client, connection, replace(EVER, filter="name = x"), None, print))


def test_langsmith_says_which_project_it_does_not_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(services.SERVICES, "langsmith", replace(services.SERVICES["langsmith"], pace_s=0))
    with serve(FakeLangSmith()) as server:
        connection = Connection("c", "langsmith", server.url, "other")
        with services.open_client(connection, KEY) as client, pytest.raises(Expected, match="no project"):
            services.service("langsmith").try_out(client, "other")


def test_langsmith_is_told_which_workspace_is_meant_and_its_traces_are_others_than_another_workspaces() -> None:
    with serve(FakeLangSmith()) as server:
        connection = connections.made("c", "langsmith", server.url, "shop", "0b1c")
        with services.open_client(connection, KEY) as client:
            services.service("langsmith").try_out(client, "shop")
        with services.open_client(replace(connection, tenant=""), KEY) as client:
            services.service("langsmith").try_out(client, "shop")
    assert [asked.headers.get("x-tenant-id") for asked in server.asked] == ["0b1c", None]
    assert connection.origin != replace(connection, tenant="").origin
    with pytest.raises(UsageError, match="needs no tenant"):
        connections.made("c", "phoenix", server.url, "shop", "0b1c")


def test_what_others_said_of_a_session_comes_with_its_traces_and_an_older_phoenix_is_not_asked_in_vain() -> None:
    fake = FakePhoenix(size=2)
    of_others = {"name": "solved", "annotator_kind": "HUMAN", "identifier": "", "result": {"score": 1.0}, "id": "A"}
    fake.held["session", "s1", "solved", ""] = {**of_others, "session_id": "s1"}
    natives = [fake_phoenix.trace_id(n) for n in range(2)]

    def scores(answer: Any) -> list[list[tuple[str, str, float | None]]]:
        with serve(answer) as server:
            connection = Connection("c", "phoenix", server.url, "shop")
            with services.open_client(connection, None) as client:
                found = services.found(client, connection, natives, print, lambda done, total: None)
                return [[(s.name, s.target, s.value_num) for s in one.trace.scores] for one in found]

    assert scores(fake) == [[], [("solved", "session", 1.0)]]
    older: Any = lambda asked: (404, {}) if asked.path.endswith("session_annotations") else fake(asked)  # noqa: E731
    assert scores(older) == [[], []]
