"""promptfoo: a configuration and tests that replay the recorded answers.

promptfoo renders variables and assertion values as templates, reads ``file://`` and spreads lists. Nothing that comes
from a trace may therefore stand at the top of ``vars`` or in an assertion: all of it lies one level down, in an
external file, and the one assertion is fixed code.
"""

from collections.abc import Iterable
from typing import Any

from reviewer.exports.sets.canonical import Row, SetAbout, line, meta
from reviewer.exports.sets.losses import Losses
from reviewer.exports.sets.openai_chat import chat_message
from reviewer.exports.sets.writing import Folder

LOSES = (
    "Anchors, first failures and document labels stay in the workspace.",
    "The web page of promptfoo takes uploads of up to 50 MB; the command line takes more.",
)
CONFIG = """\
# promptfoo eval -c promptfooconfig.yaml
# The answers are the recorded ones. To test a model: set providers, and take providerOutput out of tests.jsonl.
prompts: ['{{trace.messages | dump | safe}}']
providers: [echo]
defaultTest:
  assert:
    - type: javascript
      metric: matches_reference
      value: '!context.vars.trace.expected || output === context.vars.trace.expected'
tests: file://tests.jsonl
"""


def write(rows: Iterable[Row], folder: Folder, about: SetAbout, lost: Losses) -> None:
    """Write ``promptfooconfig.yaml`` and ``tests.jsonl``."""
    folder.add("promptfooconfig.yaml", CONFIG.encode())
    with folder.lines("tests.jsonl") as out:
        for row in rows:
            out.write(line(as_test(row)))


def as_test(row: Row) -> dict[str, Any]:
    """Return a record as one test."""
    inner = {key: row[key] for key in ("input", "retrieved_contexts", "expected", "expected_tool_calls")}
    return {
        "description": row["example_id"],
        "vars": {"trace": {"messages": [chat_message(message) for message in row["messages"]], **inner}},
        "providerOutput": row["output"],
        "metadata": meta(row) | {"output_tool_calls": row["output_tool_calls"], "tools": row["tools"]},
    }
