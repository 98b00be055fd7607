"""Columns of the tables that ``workspace.ask.tables`` fills and ``measure`` reads. Named once, here."""

# One row a drawn item (table "items"): the design and what was said of it.
WEEK = "week"  # name of the week
WEEK_START = "week_start_us"
WEEK_END = "week_end_us"
WEEK_CLOSED = "week_closed"  # bool
TRACE = "trace"  # own id
STRATUM = "stratum"  # str
N_H = "N_h"  # size of the stratum in the population
DRAWN_H = "n_h"  # drawn from the stratum
PURPOSE = "purpose"
REVIEWED = "reviewed"  # bool: submitted with pass or fail
VERDICT = "verdict"  # "pass" | "fail" | "defer" | None
TAXONOMY_VERSION = "taxonomy_version"  # of the coding; NA when not reviewed
MODES = "modes"  # tuple of mode ids tagged (empty when none)
SCORES = "scores"  # dict score id -> number
REVIEWERS = "reviewers"  # int: how many reviewers submitted (one row a trace; the majority decides, a tie is a fail)
# ... and the segments of its trace, named as in the table "traffic" (None where the trace does not say).

# One row a stratum and combination of segments of a week (table "sizes"): week, stratum, the segments, and
SIZE = "size"  # traces of the population in it

# One row a trace of a period (table "traffic"), from every imported trace.
STARTED = "started_us"
TIME_BASIS = "time_basis"
WORKFLOW = "workflow"
MODEL = "model"
PROMPT_VERSION = "prompt_version"
TENANT = "tenant"
TASK_TYPE = "task_type"
ENVIRONMENT = "environment"
SESSION = "session_id"
LATENCY = "latency_ms"
STATUS = "status"
COST = "cost_usd"
TOKENS_IN = "tokens_in"
TOKENS_OUT = "tokens_out"
STRUCTURED_OK = "structured_ok"  # 0 | 1 | NA: not recorded
ESCALATED = "escalated"  # 0 | 1 | NA
TOOL_CALLS = "n_tool_calls"
TOOL_ERRORS = "n_tool_errors"
RETRIEVALS = "n_retrievals"
EMPTY_RETRIEVALS = "n_empty_retrievals"
FLAGGED = "flagged"  # bool: a risk hint
PROVIDER = "provider"
PROMPT_NAME = "prompt_name"
PROMPT_HASH = "prompt_hash"
CACHED_TOKENS = "tokens_cache_read"
CACHE_HIT = "cache_hit"  # 0 | 1 | NA
RETRIES = "n_retries"
ENDING = "ending"  # "question" | "within" | "answer" | None
FOLLOW_UPS = "n_follow_ups"  # turns of the user after an answer
CORRECTIONS = "n_corrections"  # follow-ups that read like a correction
PROMPT_CHARS = "prompt_chars"  # of the instructions before the first turn
CONTEXT_CHARS = "context_chars"  # of the documents that the model was given
SCHEMA_HASH = "schema_hash"
TOOLS_HASH = "tools_hash"
RETRIEVAL_SETTING = "retrieval_setting"

# One row a tool call (table "calls"), in order within its trace: trace, workflow, and
TOOL = "tool"
CALL = "call"  # number within the trace
FAILED = "failed"  # 0 | 1
ERROR = "error"  # what it says, or None
ARGUMENTS_OK = "arguments_ok"  # 0 | 1 | NA: whether the arguments are JSON
FALLBACK = "fallback"  # 0 | 1 | NA: whether the trace says that the call stands in for another

# One row a retrieval step (table "retrievals"): trace, latency_ms, and
DOCUMENTS = "documents"  # how many it returned

# One row a document that the model was given (table "documents"): trace, started_us of the trace, and
SOURCE = "source"
SCORE = "score"
SCORE_KIND = "score_kind"
RANK = "rank"
LIST = "list_no"
UPDATED = "updated_us"
STAGE = "stage"

# One row a score of a judge (table "judged"): week, stratum, trace, value, label

# One row an imported score (table "scores"): trace, session_id, and
SCORE_NAME = "score_name"
VALUE = "value"  # number, or NA
LABEL = "label"  # text, or None
BY = "by"  # "human" | "llm" | "code" | "api"
