"""Structured answers that were given by calling a tool for them: said, not called.

Pydantic AI asks for structured output by way of a tool ``final_result`` (``final_result_NAME`` where there are several)
and answers each accepted call itself. A call that was refused stays a call: the model tried again.
"""

from reviewer.model.trace import Message, Part, ToolCall
from reviewer.sources.assemble.unjson import unjson

_NAME = "final_result"
_ACCEPTED = ("Final result processed", "Result tool not used - a final result was already processed")


def say_final_results(messages: list[Message]) -> list[Message]:
    """Return the messages of a thread with accepted calls of ``final_result`` as what was said, in JSON.

    The accepting answers are left out, and a last message that repeats what was said.
    """
    if not any(call.name.startswith(_NAME) for message in messages for call in message.calls):
        return messages
    shown: list[Message] = []
    for place, message in enumerate(messages):
        if message.role == "tool" and (message.name or _NAME).startswith(_NAME) and message.text.startswith(_ACCEPTED):
            continue
        said = [call for call in message.calls if _is_answer(call, messages[place + 1 :])]
        if said:
            message.calls = [call for call in message.calls if call not in said]
            message.parts += [Part("text", call.arguments) for call in said]
        elif shown and _repeats(message, shown[-1]):
            continue
        shown.append(message)
    return shown


def _is_answer(call: ToolCall, later: list[Message]) -> bool:
    """Return whether a call gave the final result: it was accepted, or nothing but the answer itself comes after it."""
    if call.name != _NAME and not call.name.startswith(f"{_NAME}_"):
        return False
    for message in later:
        if message.role == "tool" and (message.call_id == call.call_id or message.name == call.name):
            return message.text.startswith(_ACCEPTED[0])
    return not any(message.role != "assistant" or message.calls for message in later)


def _repeats(message: Message, before: Message) -> bool:
    """Return whether a message only says again what the one before it said, perhaps without its wrapper."""
    if message.role != "assistant" or message.calls or before.role != "assistant" or not before.parts:
        return False
    said, again = unjson(before.parts[-1].text), unjson(message.text)
    wrapped = said.get("response") if isinstance(said, dict) and len(said) == 1 else None
    return isinstance(said, dict) and again in (said, wrapped)
