"""Claude Code sessions: a file of lines, of which those of a person, a model and its tools make one conversation."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from reviewer.model.problem import Problem
from reviewer.model.trace import Message, Thread, Trace
from reviewer.sources.assemble.about import read_usage
from reviewer.sources.assemble.messages import to_messages
from reviewer.sources.building import Refused, build_each
from reviewer.sources.jsontext import Warn
from reviewer.sources.reading import Stored
from reviewer.sources.records import Found, Guess, Note, Value
from reviewer.sources.times import moment_us

NAMES = ("claude_code",)
KIND = "claude_code"

_SPOKEN = ("user", "assistant")
_ONLY_HERE = frozenset({"file-history-snapshot", "permission-mode", "queue-operation"})
_INJECTED = ("<command-name>", "<command-message>", "<local-command-stdout>", "<system-reminder>", "Caveat: ")
_TOKENS = ("input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
_LOCAL_ERROR = "<synthetic>"


def looks_like(head: Sequence[Value], name: str) -> Guess | None:
    """Return a guess if a line is part of a session."""
    for value in head:
        line = value.value
        if not isinstance(line, dict):
            continue
        spoken = "sessionId" in line and "message" in line and ("uuid" in line or "parentUuid" in line)
        if spoken or line.get("type") in _ONLY_HERE:
            return Guess("claude_code", "lines of a session: sessionId, uuid, message")
    return None


def read(stored: Stored, note: Note) -> Iterator[Found]:
    """Yield a trace for every session of the file, and one for every sub-agent: its lines name both.

    A session is one record, so a line that cannot be read is a warning with its number.
    """
    sessions: dict[tuple[str, str], _Session] = {}
    last: _Session | None = None
    titles: dict[str, str] = {}

    def tell(problem: Problem) -> None:
        note(Problem(problem.file, problem.reason, problem.line, problem.member, lost=False))

    for value in stored.values(tell, checked=True):
        line = value.value
        if not isinstance(line, dict):
            tell(stored.problem("the line is no object", value.line, value.member))
            continue
        if line.get("type") == "summary" and isinstance(line.get("summary"), str):
            titles[str(line.get("leafUuid"))] = line["summary"]
        if line.get("type") not in _SPOKEN:
            continue
        if not isinstance(line.get("message"), dict) or "content" not in line["message"]:
            tell(stored.problem("the line has no message with content", value.line, value.member))
            continue
        if last is None or isinstance(line.get("sessionId"), str):
            agent = str(line.get("agentId") or "sub-agent") if line.get("isSidechain") is True else ""
            name = (str(line.get("sessionId") or "session"), agent)
            last = sessions.setdefault(name, _Session(*name, value.line))
        last.lines.append(line)
    yield from build_each(
        stored.name,
        [Value(session, session.line, stored.member) for session in sessions.values()],
        note,
        lambda session, warn: session.trace(titles, warn),
    )


@dataclass(slots=True)
class _Session:
    """The lines of one session, or of one sub-agent in it, as they stand in the file."""

    name: str
    agent: str
    line: int | None
    lines: list[dict[str, Any]] = field(default_factory=list)

    def trace(self, titles: dict[str, str], warn: Warn) -> Trace:
        """Return the session as a trace; branches that were edited away become threads."""
        left = _edited_away(self.lines)
        main = [line for place, line in enumerate(self.lines) if place not in left]
        messages = _messages(main)
        if not messages:
            raise Refused("the session holds no messages")
        native = f"{self.name}/{self.agent}" if self.agent else self.name
        trace = Trace(KIND, native, "claude_code", threads=[Thread(messages)], session_id=self.name)
        trace.transcript_how = "lines of a session"
        if left and (others := _messages([line for place, line in enumerate(self.lines) if place in left])):
            trace.threads.append(Thread(others, "Edited away"))
        trace.name = next((titles[line["uuid"]] for line in main if line.get("uuid") in titles), self.agent)
        trace.workflow = "sub-agent" if self.agent else "session"
        self._describe(trace)
        return trace

    def _describe(self, trace: Trace) -> None:
        moments = [us for line in self.lines if (us := moment_us(line.get("timestamp"))) is not None]
        if moments:
            trace.started_us, trace.ended_us = min(moments), max(moments)
            trace.latency_ms = (trace.ended_us - trace.started_us) / 1000
        versions = [line["version"] for line in self.lines if isinstance(line.get("version"), str)]
        trace.release = versions[-1] if versions else None
        for key in ("cwd", "gitBranch", "slug"):
            if told := [line[key] for line in self.lines if isinstance(line.get(key), str)]:
                trace.metadata[key] = told[-1]
        answers = {line["message"].get("id"): line["message"] for line in self.lines if line["type"] == "assistant"}
        models = Counter(m for one in answers.values() if isinstance(m := one.get("model"), str) and m != _LOCAL_ERROR)
        if models:
            trace.model, trace.provider = models.most_common(1)[0][0], "anthropic"
        _add_usage(trace, [one.get("usage") for one in answers.values()])


def _edited_away(lines: Sequence[dict[str, Any]]) -> set[int]:
    """Return the places of the lines that hang on a prompt which was written anew: of siblings, the last one counts."""
    latest: dict[str, str] = {}
    prompts = [line for line in lines if _is_prompt(line) and isinstance(line.get("uuid"), str)]
    for line in prompts:
        if isinstance(line.get("parentUuid"), str):
            latest[line["parentUuid"]] = line["uuid"]
    gone = {line["uuid"] for line in prompts if latest.get(str(line.get("parentUuid")), line["uuid"]) != line["uuid"]}
    left: set[int] = set()
    for place, line in enumerate(lines):
        if line.get("uuid") in gone or line.get("parentUuid") in gone:
            left.add(place)
            gone.add(str(line.get("uuid")))
    return left


def _is_prompt(line: dict[str, Any]) -> bool:
    """Whether a person wrote the line: tools answer in the same role, and several answers hang on one call."""
    content = line["message"]["content"]
    if line["type"] != "user" or line.get("isMeta") is True or (isinstance(content, str) and not content):
        return False
    return isinstance(content, str) or (
        isinstance(content, list) and all(isinstance(p, dict) and p.get("type") == "text" for p in content)
    )


def _messages(lines: Sequence[dict[str, Any]]) -> list[Message]:
    """Return the messages; an answer of the model stands in as many lines as it has parts, under one id."""
    said: list[dict[str, Any]] = []
    answers: dict[str, list[Any]] = {}
    for line in lines:
        message = line["message"]
        parts = _parts(message["content"])
        if line["type"] == "assistant" and isinstance(message.get("id"), str):
            if message["id"] in answers:
                answers[message["id"]] += parts
                continue
            answers[message["id"]] = parts
        one = {"role": line["type"], "content": parts, "timestamp": line.get("timestamp")}
        if line["type"] == "user" and _is_injected(line, parts):
            one["name"] = "injected"
        said.append(one)
    return to_messages([one for one in said if one["content"]], "user")[0]


def _parts(content: Any) -> list[Any]:
    if isinstance(content, list):
        return [{"type": "text", "text": part} if isinstance(part, str) else part for part in content]
    return [{"type": "text", "text": content}] if isinstance(content, str) and content else []


def _is_injected(line: dict[str, Any], parts: Sequence[Any]) -> bool:
    """Whether the program put the line in, in the name of the person."""
    first = parts[0].get("text") if parts and isinstance(parts[0], dict) else None
    return line.get("isMeta") is True or (isinstance(first, str) and first.startswith(_INJECTED))


def _add_usage(trace: Trace, each: Sequence[Any]) -> None:
    total: dict[str, int] = {}
    for usage in each:
        for key in _TOKENS:
            if isinstance(usage, dict) and isinstance(count := usage.get(key), int):
                total[key] = total.get(key, 0) + count
    read_usage(trace, total or None, input_has_cache=False)
