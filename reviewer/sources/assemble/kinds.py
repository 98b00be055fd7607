"""What a span is: a call of a model, a tool, a retrieval ... by the rules of the attribute table, in order."""

from reviewer.sources.assemble.spans import Span
from reviewer.sources.attributes import KINDS


def kind_of(span: Span) -> str:
    """Return the kind of a span, ``other`` where no rule decides."""
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
    return "other"


def _word(value: object) -> str:
    """Return the first word, lower-case and without the quotes of a JSON string."""
    words = str(value).strip('" ').split(None, 1)
    return words[0].lower() if words else ""
