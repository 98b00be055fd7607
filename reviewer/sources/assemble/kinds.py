"""What a span is: a call of a model, a tool, a retrieval ... by the rules of the attribute table, in order."""

from reviewer.sources.assemble.spans import Span
from reviewer.sources.attributes import KINDS


def kind_of(span: Span) -> str:
    """Return the kind of a span whose input and output are read; ``other`` where no rule decides."""
    attrs = span.attrs
    for rule in KINDS:
        for name in rule.names:
            value = attrs.get(name)
            if value is not None and value != "":
                kind = rule.values.get(_word(value))
                if kind:
                    return kind
        for name in rule.present:
            if attrs.get(name) is not None:
                return rule.kind
    return _by_output(span.output) if span.logs else "other"


def _by_output(output: object) -> str:
    """Return the kind of a span that only recorded its output: what a model and a tool give back looks different."""
    if isinstance(output, dict):
        if "generations" in output or "choices" in output:
            return "llm"
        if output.get("type") == "tool" and "content" in output:
            return "tool"
        if isinstance(output.get("messages"), list):
            return "agent"
    return "other"


def _word(value: object) -> str:
    """Return the first word, lower-case and without the quotes of a JSON string."""
    words = str(value).strip('" ').split(None, 1)
    return words[0].lower() if words else ""
