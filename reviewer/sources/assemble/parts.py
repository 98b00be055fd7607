"""The content of a message, block by block: parts, tool calls and tool results."""

from dataclasses import dataclass, field
from typing import Any

from reviewer.model.trace import Message, Part, ToolCall
from reviewer.sources.assemble.calls import CALL_REPR, call_from_repr, looks_like_calls, native_id, to_call
from reviewer.sources.assemble.unjson import unjson
from reviewer.sources.jsontext import dump

_MAX_NESTING = 6

TEXT = {"text", "input_text", "output_text", "summary_text"}
REASONING = {"thinking", "reasoning", "redacted_thinking"}
CALLS = {"tool_call", "tool-call", "tool_use", "server_tool_use", "mcp_tool_use", "function_call", "functionCall"}
RESULTS = {
    "tool_call_response",
    "tool-result",
    "tool_result",
    "function_result",
    "function_response",
    "functionResponse",
    "function_call_output",
    "web_search_tool_result",
    "mcp_tool_result",
}
MEDIA = {
    "image",
    "image_url",
    "input_image",
    "audio",
    "input_audio",
    "file",
    "input_file",
    "blob",
    "uri",
    "binary",
    "video",
    "image-url",
    "document-url",
    "audio-url",
    "video-url",
}
DOCUMENTS = {"document", "search_result"}
RESULT_IDS = ("tool_call_id", "tool_use_id", "toolCallId", "call_id", "source_call_id", "id")
_MIME = ("media_type", "mime_type", "mimeType", "mediaType", "content_type", "format")
_MEDIA_INSIDE = (
    *("source", "image_url", "input_audio", "file", "inlineData", "inline_data", "image", "audio", "video", "blob"),
    *("url", "uri", "data", "content", "file_data"),
)


@dataclass(slots=True)
class Pieces:
    """What the content of one message holds. ``results`` are tool messages that stood inside it."""

    parts: list[Part] = field(default_factory=list)
    calls: list[ToolCall] = field(default_factory=list)
    results: list[Message] = field(default_factory=list)

    def add_text(self, text: Any) -> None:
        """Add a text part; an empty one says nothing."""
        if text is not None and text != "":
            self.parts.append(Part("text", text if isinstance(text, str) else dump(text)))


def add_content(pieces: Pieces, content: Any, depth: int = 0) -> None:
    """Add everything that a ``content`` (text, block or list of blocks) holds to the pieces."""
    if content is None or content == "":
        return
    if isinstance(content, str):
        _add_string(pieces, content, depth)
    elif isinstance(content, dict):
        _add_block(pieces, content, depth)
    elif isinstance(content, list) and depth < _MAX_NESTING:
        for item in content:
            add_content(pieces, item, depth + 1)
    else:
        pieces.parts.append(Part("data", dump(content)))


def result_text(value: Any) -> str:
    """Return the text of a tool result: a text as it stands, blocks as their texts, anything else as JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        if value.startswith("{") and '"function_result"' in value[:200]:
            inner = unjson(value)
            if isinstance(inner, dict) and inner.get("type") == "function_result":
                return result_text(inner.get("result"))
        return value
    if isinstance(value, dict):
        if value.get("type") in ("function_result", "function_response"):
            return result_text(value.get("result", value.get("response")))
        if set(value) == {"type", "value"}:
            return result_text(value["value"])
        if value.get("type") in TEXT and isinstance(value.get("text"), str):
            return str(value["text"])
    if isinstance(value, list) and value and all(_is_block(item) for item in value):
        inside = Pieces()
        add_content(inside, value)
        return "".join(part.text for part in inside.parts)
    return dump(value)


def tool_message(raw: dict[str, Any], content: Any, name: str | None = None) -> Message:
    """Return the tool message for a result block."""
    message = Message("tool", name=name or _name_of(raw), call_id=native_id(raw, RESULT_IDS))
    error = raw.get("error")
    message.is_error = bool(raw.get("is_error") or raw.get("isError") or error)
    text = result_text(content)
    if not text and error:
        text = error_text(error)
    if text:
        message.parts.append(Part("text", text))
    return message


def error_text(error: Any) -> str:
    """Return an error as a sentence: its message if it is an object with one."""
    if isinstance(error, dict):
        return str(error.get("message") or dump(error))
    return str(error)


def _add_string(pieces: Pieces, text: str, depth: int) -> None:
    # Content that is itself a JSON list of calls or of blocks. Any other JSON is what somebody said.
    if text.startswith("[{") and ('"function"' in text or '"type"' in text) and depth < _MAX_NESTING:
        inner = unjson(text)
        if looks_like_calls(inner):
            pieces.calls += [call for item in inner if (call := to_call(item)) is not None]
            return
        if isinstance(inner, list) and all(_is_block(item) for item in inner):
            add_content(pieces, inner, depth + 1)
            return
    _add_said(pieces, text)


def _add_said(pieces: Pieces, text: Any) -> None:
    """Add a text, or the call whose Python repr it is."""
    if isinstance(text, str) and text.startswith(CALL_REPR) and (call := call_from_repr(text)) is not None:
        pieces.calls.append(call)
    else:
        pieces.add_text(text)


def _is_block(item: Any) -> bool:
    if not isinstance(item, dict):
        return False
    kind = _kind(item)
    if kind in TEXT:
        return isinstance(item.get("text", item.get("content")), str)
    return kind in CALLS or kind in RESULTS or kind in ("image", "image_url", "thinking")


def _kind(block: dict[str, Any]) -> str | None:
    kind = block.get("type")
    return kind if isinstance(kind, str) else None


def _add_block(pieces: Pieces, block: dict[str, Any], depth: int) -> None:
    kind = _kind(block)
    if isinstance(inner := block.get("message_content"), dict):  # OpenInference wraps each block
        _add_block(pieces, inner, depth + 1)
    elif kind in TEXT:
        _add_text_block(pieces, block, depth)
    elif kind in REASONING:
        _add_reasoning(pieces, block)
    elif kind in CALLS or (kind is None and ("functionCall" in block or "function_call" in block)):
        call = to_call(block)
        if call is None:
            pieces.parts.append(Part("data", dump(block)))
        else:
            pieces.calls.append(call)
    elif kind in RESULTS or (kind is None and ("functionResponse" in block or "function_response" in block)):
        pieces.results.append(_result_of(block))
    elif kind in MEDIA or (kind is None and ("inlineData" in block or "inline_data" in block)):
        pieces.parts.append(_media(block))
    elif kind in DOCUMENTS:
        pieces.parts.append(Part("document", document_text(block)))
    elif kind == "refusal":
        pieces.parts.append(Part("refusal", str(block.get("refusal") or block.get("text") or "")))
    elif kind is None and isinstance(block.get("text"), str):
        pieces.parts.append(Part("reasoning" if block.get("thought") is True else "text", block["text"]))
    elif kind is None and isinstance(block.get("content"), str) and len(block) <= 2:
        pieces.add_text(block["content"])
    else:
        pieces.parts.append(Part("data", dump(block)))


def _add_text_block(pieces: Pieces, block: dict[str, Any], depth: int) -> None:
    text = block.get("text", block.get("content"))
    if isinstance(text, dict):  # OpenAI assistants: {"text": {"value": …, "annotations": […]}}
        text = text.get("value")
    if isinstance(text, list):
        add_content(pieces, text, depth + 1)
    else:
        _add_said(pieces, text)
    pieces.parts += citations(block.get("citations"))
    pieces.parts += citations(block.get("annotations"))


def citations(held: Any) -> list[Part]:
    """Return the passages and pages that a list of Anthropic's citations or OpenAI's annotations names."""
    found = []
    for item in held if isinstance(held, list) else ():
        inner = item.get("url_citation", item) if isinstance(item, dict) else None
        if not isinstance(inner, dict):
            continue
        said = inner.get("cited_text")
        if not isinstance(said, str) and isinstance(inner.get("url"), str):
            said = "\n".join(str(inner[key]) for key in ("title", "url") if inner.get(key))
        if isinstance(said, str) and said:
            found.append(Part("citation", said))
    return found


def _add_reasoning(pieces: Pieces, block: dict[str, Any]) -> None:
    text = block.get("thinking") or block.get("reasoning") or block.get("text") or block.get("content")
    if not text and block.get("summary"):
        inside = Pieces()
        add_content(inside, block["summary"])
        text = "\n".join(part.text for part in inside.parts)
    if isinstance(text, list):
        text = result_text(text)
    if not text and (block.get("data") or block.get("encrypted_content") or block.get("redacted")):
        text = "(redacted)"
    if text:
        pieces.parts.append(Part("reasoning", str(text)))


def _result_of(block: dict[str, Any]) -> Message:
    inner = block.get("functionResponse") or block.get("function_response")
    if isinstance(inner, dict):
        return tool_message(inner, inner.get("response"))
    content = next(
        (block[k] for k in ("content", "result", "output", "response", "value") if block.get(k) is not None), None
    )
    return tool_message(block, content)


def _name_of(raw: dict[str, Any]) -> str | None:
    for key in ("name", "tool_name", "toolName", "function"):
        if isinstance(raw.get(key), str) and raw[key]:
            return str(raw[key])
    call = raw.get("tool_call")
    return _name_of(call) if isinstance(call, dict) else None


def _media(block: dict[str, Any]) -> Part:
    """Return a placeholder that says what the media was: type, size, or where it lies."""
    kind = str(block.get("type") or "media")
    mime = None
    held: Any = block
    for _ in range(3):
        mime = next((held[key] for key in _MIME if isinstance(held.get(key), str)), mime)
        held = next((held[key] for key in _MEDIA_INSIDE if held.get(key)), None)
        if not isinstance(held, dict):
            return _placeholder(kind, mime, held)
    return _placeholder(kind, mime, None)


def _placeholder(kind: str, mime: str | None, where: Any) -> Part:
    if not isinstance(where, str):
        return Part("media", mime or kind, mime)
    if where.startswith("data:"):
        head, _, where = where.partition(",")
        mime = head[5:].split(";")[0] or mime
    elif "://" in where[:20]:
        return Part("media", f"{mime or kind}, {where[:300]}", mime)
    return Part("media", f"{mime or kind}, {_size(len(where) * 3 // 4)}", mime)


def _size(n_bytes: int) -> str:
    return f"{n_bytes} bytes" if n_bytes < 1024 else f"{n_bytes // 1024} KB"


def document_text(block: dict[str, Any]) -> str:
    """Return the text of an attached document or search result: its title, then what it says."""
    held: Any = block.get("source")
    body: Any = block.get("content") or block.get("text")
    if isinstance(held, dict):
        kind = held.get("type")
        if kind in ("base64", "url", "file"):
            body = _media({**block, "type": "document"}).text
        else:
            body = held.get("data") or held.get("content") or body
    title = block.get("title") or (held if isinstance(held, str) else None)
    text = result_text(body)
    return f"{title}\n{text}" if title else text
