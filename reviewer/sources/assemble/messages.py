"""Anything that frameworks write as input or output, as messages: one normaliser for every format.

The shapes are those of OpenAI (chat and Responses), Anthropic, Gemini, LangChain, Vercel, OpenInference, the GenAI
conventions and texts with role markers. Tool results that stand inside another message become tool messages.
"""

from typing import Any

from reviewer.model.trace import Message, Part, Role, ToolCall
from reviewer.sources.assemble.calls import native_id, to_call, to_calls
from reviewer.sources.assemble.parts import (
    CALLS,
    RESULT_IDS,
    RESULTS,
    TEXT,
    Pieces,
    add_content,
    citations,
    tool_message,
)
from reviewer.sources.assemble.spoken import from_repr, split_spoken
from reviewer.sources.assemble.unjson import is_absent, unjson
from reviewer.sources.jsontext import dump
from reviewer.sources.times import moment_us

STRUCTURED, PLAIN, GUESSED, NOTHING = 3, 2, 1, 0
"""How sure the messages are: recorded as messages, one plain text, guessed from a text, or nothing there."""

ROLES: dict[str, Role] = {
    **dict.fromkeys(("system", "developer", "SystemMessage"), "system"),
    **dict.fromkeys(("user", "human", "chat", "generic", "HumanMessage", "ChatMessage", "user_proxy"), "user"),
    **dict.fromkeys(("assistant", "ai", "model", "gpt", "bot", "agent", "AIMessage", "AIMessageChunk"), "assistant"),
    **dict.fromkeys(("tool", "function", "observation", "ToolMessage", "FunctionMessage"), "tool"),
}
_CONTENT = ("parts", "content", "text", "value", "message", "contents")
_HISTORY = ("messages", "contents", "all_messages", "input", "prompt")
_INSTRUCTIONS = ("system", "system_instruction", "systemInstruction", "instructions")
_SINGLE_TEXT = (
    *("question", "query", "input", "text", "answer", "response"),
    *("output", "content", "result", "completion", "raw", "prompt"),
)
_GENAI_ENTRY_ROLE: dict[str, Role] = {
    "gen_ai.system.message": "system",
    "gen_ai.user.message": "user",
    "gen_ai.assistant.message": "assistant",
    "gen_ai.tool.message": "tool",
}
_CONSTRUCTOR = frozenset(("lc", "type", "id", "name", "kwargs"))
_MAX_NESTING = 8
_DELTAS, _DELTA_LENGTH = 8, 24


def to_messages(value: Any, default_role: Role) -> tuple[list[Message], int]:
    """Return the messages that a value holds, and how sure they are (3 structured, 2 text, 1 guessed, 0 nothing).

    ``default_role`` speaks what has no role: ``user`` for inputs, ``assistant`` for outputs.
    """
    messages, quality = _read(unjson(value), default_role, 0)
    return (_joined_deltas(messages), quality) if messages else ([], NOTHING)


def text_message(role: Role, text: str) -> Message:
    """Return a message that says one text."""
    return Message(role, [Part("text", text)])


def _read(value: Any, default_role: Role, depth: int) -> tuple[list[Message], int]:
    if is_absent(value) or depth > _MAX_NESTING:
        return [], NOTHING
    if isinstance(value, str):
        return _from_text(value, default_role)
    if isinstance(value, list):
        return _from_list(value, default_role, depth)
    if isinstance(value, dict):
        return _from_dict(value, default_role, depth)
    return [text_message(default_role, dump(value))], PLAIN


def _from_text(text: str, default_role: Role) -> tuple[list[Message], int]:
    spoken = split_spoken(text)
    if spoken:
        return spoken, GUESSED
    return [text_message(default_role, text)], PLAIN


def _from_list(items: list[Any], default_role: Role, depth: int) -> tuple[list[Message], int]:
    if len(items) == 1 and isinstance(items[0], list):
        return _from_list(items[0], default_role, depth + 1)
    if all(isinstance(item, str) for item in items):
        said = [from_repr(item) for item in items]
        if all(message is not None for message in said):
            return [message for message in said if message is not None], GUESSED
        return [text_message(default_role, "\n".join(items))], PLAIN
    if _are_blocks(items):
        pieces = Pieces()
        add_content(pieces, items)
        return _built(pieces, default_role, {}), STRUCTURED
    messages: list[Message] = []
    for item in items:
        before = len(messages)
        _add_one(messages, unjson(item), default_role, depth)
        if isinstance(item, dict) and (at := item.get("timestamp") or item.get("created_at")):
            for message in messages[before:]:
                message.ts_us = moment_us(at)
    _name_results(messages)
    return messages, STRUCTURED


def _are_blocks(items: list[Any]) -> bool:
    """Whether a list holds content blocks without roles: the insides of one message."""
    kinds = TEXT | CALLS | RESULTS
    return all(
        isinstance(item, dict) and "role" not in item and "call_id" not in item and str(item.get("type")) in kinds
        for item in items
    )


def _from_dict(value: dict[str, Any], default_role: Role, depth: int) -> tuple[list[Message], int]:
    if value == {"content": "role"}:  # an instrumentation iterated over a dict: nothing was recorded
        return [], NOTHING
    if isinstance(value.get("role"), str) or _is_constructor(value) or _is_genai_item(value):
        messages: list[Message] = []
        _add_one(messages, value, default_role, depth)
        return messages, STRUCTURED
    answer = _answer_inside(value)
    if answer is not None:
        return _read(unjson(answer), "assistant", depth + 1)
    for key in _HISTORY:
        inner = unjson(value.get(key))
        if isinstance(inner, (list, dict)) and inner:
            messages, quality = _read(inner, default_role, depth + 1)
            return _with_instructions(value, messages), quality
    if isinstance(value.get("content"), (dict, list)) or isinstance(value.get("parts"), list):
        messages = []
        _add_one(messages, value, default_role, depth)
        return messages, STRUCTURED
    if isinstance(value.get("args"), list) and "kwargs" in value:
        said = [item if isinstance(item, str) else dump(item) for item in value["args"]]
        return ([text_message(default_role, "\n".join(said))], PLAIN) if said else ([], NOTHING)
    return _from_fields(value, default_role, depth)


def _from_fields(value: dict[str, Any], default_role: Role, depth: int) -> tuple[list[Message], int]:
    """A dict that is no message: the one text field that speaks, or the whole as JSON."""
    texts = [key for key in _SINGLE_TEXT if isinstance(value.get(key), str) and value[key]]
    instructed = [key for key in _INSTRUCTIONS if value.get(key)]
    calls = to_calls(value.get("tool_calls") or value.get("toolCalls"))
    if len(texts) == 1 and (len(value) == 1 or instructed or calls):
        messages, quality = _read(unjson(value[texts[0]]), default_role, depth + 1)
        if calls and messages:
            messages[-1].calls += calls
        return _with_instructions(value, messages), quality
    if calls:
        return [Message("assistant", calls=calls)], STRUCTURED
    if len(texts) == 1 and not any(isinstance(item, (dict, list)) and item for item in value.values()):
        return _from_text(value[texts[0]], default_role)
    return [text_message(default_role, dump(value))], GUESSED


def _answer_inside(value: dict[str, Any]) -> Any:
    """Return what a provider's response wraps: the chosen answer, or None."""
    choices = value.get("choices")
    if isinstance(choices, list) and choices and isinstance(choices[0], dict):
        chosen = choices[0]
        inner = chosen.get("message") or chosen.get("delta") or chosen.get("text")
        if isinstance(inner, dict) and chosen.get("finish_reason"):
            return {**inner, "finish_reason": chosen["finish_reason"]}
        return inner
    candidates = value.get("candidates")
    if isinstance(candidates, list) and candidates and isinstance(candidates[0], dict):
        content = candidates[0].get("content")
        reason = candidates[0].get("finishReason") or candidates[0].get("finish_reason")
        return {**content, "finish_reason": reason} if isinstance(content, dict) and reason else content
    generations = value.get("generations")
    while isinstance(generations, list) and generations:
        generations = generations[0]
    if isinstance(generations, dict):
        return generations.get("message") or generations.get("text")
    if isinstance(value.get("output"), list):
        return value["output"]
    return value.get("new_message")


def _with_instructions(value: dict[str, Any], messages: list[Message]) -> list[Message]:
    if any(message.role == "system" for message in messages):
        return messages
    config = value.get("config")
    held = next((value[key] for key in _INSTRUCTIONS if value.get(key)), None)
    if held is None and isinstance(config, dict):
        held = config.get("system_instruction") or config.get("systemInstruction")
    held = unjson(held)
    if not held:
        return messages
    pieces = Pieces()
    add_content(pieces, held.get("parts", held) if isinstance(held, dict) else held)
    return [Message("system", pieces.parts), *messages] if pieces.parts else messages


def _is_constructor(value: dict[str, Any]) -> bool:
    """Whether a value is a serialised object of LangChain; some exporters leave out the marks that say so."""
    kwargs = value.get("kwargs")
    if not isinstance(kwargs, dict):
        return False
    is_marked = value.get("lc") == 1 and value.get("type") == "constructor"
    return is_marked or ("content" in kwargs and _CONSTRUCTOR.issuperset(value))


def _is_genai_item(value: dict[str, Any]) -> bool:
    kind = value.get("type")
    return (
        isinstance(value.get("event.name"), str)
        or (kind in ("human", "ai", "tool", "system", "AIMessageChunk") and "content" in value)
        or kind in ("function_call", "function_call_output", "reasoning", "file_search_call", "web_search_call")
        or ("toolCallId" in value and "toolName" in value)
        or (isinstance(value.get("from"), str) and "value" in value)
        or (isinstance(value.get("message"), dict) and "role" in value["message"])
    )


def _add_one(messages: list[Message], raw: Any, default_role: Role, depth: int) -> None:
    """Add the message (or messages, with results split out) that one item of a list is."""
    if depth > _MAX_NESTING:
        return
    if not isinstance(raw, dict):
        if isinstance(raw, str):
            messages.append(from_repr(raw) or text_message(default_role, raw))
        elif isinstance(raw, list):
            messages += _from_list(raw, default_role, depth + 1)[0] if raw else []
        elif raw is not None:
            messages.append(Message(default_role, [Part("data", dump(raw))]))
        return
    role_name = raw.get("role")
    content = raw.get("content")
    if isinstance(content, str) and role_name in ("system", "user") and not content.startswith("[{"):
        parts = [Part("text", content)] if content else []
        messages.append(Message(role_name, parts, name=_speaker(raw)))
        return
    if _is_constructor(raw):
        kind = raw["id"][-1] if isinstance(raw.get("id"), list) and raw["id"] else None
        kwargs = raw["kwargs"]
        _add_one(messages, {**kwargs, "type": kind or kwargs.get("type")}, default_role, depth + 1)
    elif isinstance(name := raw.get("event.name"), str):
        _add_genai_entry(messages, raw, name, default_role, depth)
    elif role_name is None and isinstance(raw.get("message"), dict):
        _add_one(messages, raw["message"], default_role, depth + 1)
    elif not _add_item(messages, raw):
        _add_message(messages, raw, default_role)


def _add_genai_entry(messages: list[Message], raw: dict[str, Any], name: str, role: Role, depth: int) -> None:
    if name == "gen_ai.choice":
        inner = unjson(raw.get("message"))
        inner = inner if isinstance(inner, dict) else {"content": inner}
        _add_one(messages, {"role": "assistant", "finish_reason": raw.get("finish_reason"), **inner}, role, depth + 1)
        return
    inner = {key: item for key, item in raw.items() if key != "event.name"}
    inner["role"] = _GENAI_ENTRY_ROLE.get(name, inner.get("role", role))
    _add_one(messages, inner, role, depth + 1)


def _add_item(messages: list[Message], raw: dict[str, Any]) -> bool:
    """Add an item that is a call or a result by itself (Responses, Vercel); say whether it was one."""
    kind = raw.get("type")
    if kind in ("function_call_output", "custom_tool_call_output", "tool_result", "tool-result"):
        content = next((raw[key] for key in ("output", "content", "result") if raw.get(key) is not None), None)
        messages.append(tool_message(raw, content))
        return True
    is_call = kind in ("function_call", "custom_tool_call", "tool_use", "tool-call")
    if is_call or ("toolCallId" in raw and "toolName" in raw and "role" not in raw):
        if "result" in raw or "output" in raw:
            messages.append(tool_message(raw, raw.get("result", raw.get("output"))))
        elif (call := to_call(raw)) is not None:
            _add_call(messages, call)
        return True
    if kind in ("file_search_call", "web_search_call") and "role" not in raw:
        _add_search(messages, raw, kind.removesuffix("_call"))
        return True
    if kind == "reasoning" and "role" not in raw:
        pieces = Pieces()
        add_content(pieces, raw)
        if pieces.parts:
            messages.append(Message("assistant", pieces.parts))
        return True
    return False


def _add_call(messages: list[Message], call: ToolCall) -> None:
    """Add a call to the assistant's turn: Responses writes the calls of one turn as items beside its text."""
    last = messages[-1] if messages else None
    if last is None or last.role != "assistant":
        last = Message("assistant")
        messages.append(last)
    last.calls.append(call)


def _add_search(messages: list[Message], raw: dict[str, Any], name: str) -> None:
    """Add a search that the provider ran itself: a call and, where they are recorded, its results as documents."""
    asked = {key: raw[key] for key in ("queries", "action") if raw.get(key)}
    call_id = native_id(raw, ("id",))
    _add_call(messages, ToolCall(name, dump(asked), call_id=call_id))
    results = raw.get("results")
    if isinstance(results, list):
        shown = [
            {
                "text": item.get("text"),
                "title": item.get("filename"),
                "id": item.get("file_id"),
                "score": item.get("score"),
            }
            for item in results
            if isinstance(item, dict)
        ]
        messages.append(Message("tool", [Part("text", dump(shown))], call_id=call_id, name=name))


def _add_message(messages: list[Message], raw: dict[str, Any], default_role: Role) -> None:
    named = raw.get("role")
    if not isinstance(named, str):
        named = next((raw[key] for key in ("type", "from") if isinstance(raw.get(key), str)), None)
        role: Role = ROLES.get(named or "", default_role)
        tool_name = None
    else:
        found = ROLES.get(named) or ROLES.get(named.lower())
        # A role nobody knows is the name of a tool: some frameworks write it there.
        role, tool_name = (found, None) if found else ("tool", named)
    content = next((raw[key] for key in _CONTENT if raw.get(key) is not None), None)
    if role == "tool":
        _add_tool_message(messages, raw, content, tool_name)
        return
    pieces = Pieces()
    _add_reasoning_field(pieces, raw)
    if role == "assistant" or not isinstance(content, str):
        add_content(pieces, content)
    else:
        pieces.add_text(content)
    if raw.get("refusal"):
        pieces.parts.append(Part("refusal", str(raw["refusal"])))
    _add_calls(pieces, raw)
    pieces.parts += citations(raw.get("annotations"))
    messages += _built(pieces, role, raw)


def _add_reasoning_field(pieces: Pieces, raw: dict[str, Any]) -> None:
    for key in ("reasoning_content", "reasoning", "thinking"):
        if isinstance(raw.get(key), str) and raw[key]:
            pieces.parts.append(Part("reasoning", raw[key]))
            return


def _add_calls(pieces: Pieces, raw: dict[str, Any]) -> None:
    held = raw.get("tool_calls") or raw.get("toolCalls")
    extra = raw.get("additional_kwargs")
    if not held and isinstance(extra, dict):
        held = extra.get("tool_calls") or extra.get("function_call")
    if not held:
        held = raw.get("function_call") or raw.get("functionCall")
    if held:
        found = to_calls(held)
        known = {(call.call_id, call.name) for call in pieces.calls if call.call_id}
        # LangChain repeats the calls of Anthropic's blocks in tool_calls.
        pieces.calls += [call for call in found if (call.call_id, call.name) not in known]


def _add_tool_message(messages: list[Message], raw: dict[str, Any], content: Any, name: str | None) -> None:
    if _is_definition(raw, content):
        return
    if isinstance(content, (list, str)):
        pieces = Pieces()
        if isinstance(content, list) or content.startswith("[{"):
            add_content(pieces, content)
        if pieces.results:
            messages += pieces.results
            return
        if pieces.calls:
            messages.append(Message("assistant", pieces.parts, pieces.calls))
            return
        if isinstance(content, list) and any(part.kind != "text" for part in pieces.parts):
            message = tool_message(raw, None, name)
            message.parts = pieces.parts
            messages.append(message)
            return
    message = tool_message(raw, content, name)
    message.call_id = native_id(raw, RESULT_IDS[:-1]) or (None if raw.get("role") else native_id(raw, ("id",)))
    messages.append(message)


def _is_definition(raw: dict[str, Any], content: Any) -> bool:
    """Whether a tool message only declares a tool: LangGraph puts the definitions among the messages."""
    return isinstance(content, dict) and content.get("type") == "function" and not raw.get("tool_call_id")


def _built(pieces: Pieces, role: Role, raw: dict[str, Any]) -> list[Message]:
    """The tool messages that stood inside, then the message itself unless nothing else was said."""
    message = Message(role, pieces.parts, pieces.calls, name=_speaker(raw))
    if pieces.calls and role != "assistant":
        message.role = "assistant"
    reason = raw.get("finish_reason") or raw.get("stop_reason") or raw.get("finishReason")
    message.finish_reason = reason if isinstance(reason, str) else None
    if pieces.results and not message.parts and not message.calls:
        return pieces.results
    return [message, *pieces.results] if role == "assistant" else [*pieces.results, message]


def _speaker(raw: dict[str, Any]) -> str | None:
    name = raw.get("name")
    return name if isinstance(name, str) and name else None


def _name_results(messages: list[Message]) -> None:
    """Give tool messages without a name that of the call they say they answer."""
    if not any(message.role == "tool" and message.name is None for message in messages):
        return
    names: dict[str, str] = {}
    for message in messages:
        for call in message.calls:
            if call.call_id:
                names[call.call_id] = call.name
        if message.role == "tool" and message.name is None and message.call_id:
            message.name = names.get(message.call_id)


def _joined_deltas(messages: list[Message]) -> list[Message]:
    """Join runs of tiny assistant messages: a stream that was logged token by token."""
    if len(messages) < _DELTAS:
        return messages
    out: list[Message] = []
    run: list[Message] = []
    for message in [*messages, Message("system")]:
        if message.role == "assistant" and not message.calls and all(p.kind == "text" for p in message.parts):
            run.append(message)
            continue
        length = sum(len(m.text) for m in run)
        if len(run) >= _DELTAS and length < _DELTA_LENGTH * len(run):
            run = [text_message("assistant", "".join(m.text for m in run))]
        out += [*run, message]
        run = []
    return out[:-1]
