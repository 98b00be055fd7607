"""The tables of a workspace, as numbered migrations.

Each migration is a named function that sqlite-utils runs in one transaction with its own record; the last statement
of each writes ``user_version`` in that same transaction, so a file is the old schema or the new one, never between.
This module imports sqlite_utils, which is slow: only ``file.migrate`` imports it, when there is something to do.
"""

from sqlite_utils import Database, Migrations

from reviewer.workspace.layout import APPLICATION_ID

migrations = Migrations("workspace")


def _run(db: Database, script: str) -> None:
    # Never executescript: it commits, and a migration must stay one transaction.
    for statement in script.split(";;"):
        if statement.strip():
            db.execute(statement)


@migrations()
def m001_a_workspace(db: Database) -> None:
    """Traces with their bodies and index, the log of codings with its projection, weeks, and taxonomies."""
    _run(db, TRACES)
    _run(db, CODINGS)
    _run(db, WEEKS)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute("PRAGMA user_version = 1")


@migrations()
def m002_what_a_scorecard_counts(db: Database) -> None:
    """Roll-ups of each trace, its retrieval steps, and when a checklist was done; NULL where an older import stands."""
    _run(db, ROLL_UPS)
    db.execute("PRAGMA user_version = 2")


@migrations()
def m003_who_reads_what(db: Database) -> None:
    """Of each week the share read twice and its readers, of each item who reads it; earlier weeks name nobody."""
    _run(db, READERS)
    db.execute("PRAGMA user_version = 3")


@migrations()
def m004_services(db: Database) -> None:
    """What was pulled from services, with the counts of the population, and which labels were pushed to them."""
    _run(db, SERVICES)
    db.execute("PRAGMA user_version = 4")


@migrations()
def m005_datasets_and_their_results(db: Database) -> None:
    """Versions of datasets with their rows, the split of every session, and what evals said of the examples."""
    _run(db, DATASETS)
    db.execute("PRAGMA user_version = 5")


@migrations()
def m006_calls_that_stand_in(db: Database) -> None:
    """Whether a tool call says of itself that it is a fallback; NULL where it does not say, and in older imports."""
    db.execute("ALTER TABLE tool_call ADD COLUMN fallback INTEGER")
    db.execute("PRAGMA user_version = 6")


@migrations()
def m007_uploads(db: Database) -> None:
    """Which version of a dataset was uploaded to which service, and what became of its rows there."""
    _run(db, UPLOADS)
    db.execute("PRAGMA user_version = 7")


@migrations()
def m008_attributes_of_traces(db: Database) -> None:
    """Short attributes of each trace, and its segments as they were found where rules of one's own say others."""
    _run(db, ATTRIBUTES)
    db.execute("PRAGMA user_version = 8")


@migrations()
def m009_weeks_of_sessions(db: Database) -> None:
    """Of each week whether traces or sessions are drawn, and the way from a session to its traces."""
    _run(db, SESSIONS)
    db.execute("PRAGMA user_version = 9")


@migrations()
def m010_tools_that_were_offered(db: Database) -> None:
    """Definitions of the tools that traces offered to the model, each set once; none for what was imported before."""
    db.execute("CREATE TABLE tool_set (hash TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID")
    db.execute("PRAGMA user_version = 10")


# Merging the index four pieces at a time, as FTS5 does by itself, is a third of the cost of filling it. A transaction of
# an import is one piece (hashsize, in bytes); merging goes on little by little from 16 pieces on, since merging all at
# once, from 32 on, leaves a third of the file free.
TRACES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;;
CREATE TABLE import_run (
  id INTEGER PRIMARY KEY, started_us INTEGER NOT NULL, finished_us INTEGER,
  state TEXT NOT NULL CHECK (state IN ('running', 'done', 'cancelled', 'broken')), report TEXT);;
CREATE TABLE import_file (id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES import_run(id), path TEXT NOT NULL);;
CREATE TABLE problem (
  run INTEGER NOT NULL REFERENCES import_run(id), file TEXT NOT NULL, line INTEGER, member TEXT, reason TEXT NOT NULL,
  lost INTEGER NOT NULL);;
CREATE TABLE trace (
  n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, native_id TEXT NOT NULL, kind TEXT NOT NULL, format TEXT NOT NULL,
  origin TEXT NOT NULL, name TEXT NOT NULL, title TEXT NOT NULL,
  started_us INTEGER NOT NULL, time_basis TEXT NOT NULL, latency_ms REAL, status TEXT NOT NULL, error_message TEXT,
  session_id TEXT, user_id TEXT, tenant TEXT, workflow TEXT, task_type TEXT, environment TEXT, release TEXT,
  model TEXT, provider TEXT, prompt_name TEXT, prompt_version TEXT, prompt_hash TEXT,
  tokens_in INTEGER, tokens_out INTEGER, tokens_cache_read INTEGER, cost_usd REAL,
  structured_ok INTEGER, escalated INTEGER, n_messages INTEGER NOT NULL, n_tool_calls INTEGER NOT NULL,
  n_tool_errors INTEGER NOT NULL, n_documents INTEGER NOT NULL, n_retrievals INTEGER NOT NULL,
  n_empty_retrievals INTEGER NOT NULL, n_retries INTEGER NOT NULL, n_chars INTEGER NOT NULL,
  flagged INTEGER NOT NULL, content_hash BLOB NOT NULL,
  run INTEGER NOT NULL, file INTEGER NOT NULL, line INTEGER, member TEXT, forgotten_us INTEGER);;
CREATE INDEX trace_started ON trace (started_us);;
CREATE INDEX trace_native ON trace (native_id);;
CREATE INDEX trace_user ON trace (user_id) WHERE user_id IS NOT NULL;;
CREATE TABLE head (trace INTEGER PRIMARY KEY, body BLOB NOT NULL);;
CREATE TABLE segment (trace INTEGER NOT NULL, grp INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (trace, grp))
  WITHOUT ROWID;;
CREATE TABLE tool_call (
  trace INTEGER NOT NULL, n INTEGER NOT NULL, name TEXT NOT NULL, is_error INTEGER NOT NULL, error TEXT,
  latency_ms REAL, started_us INTEGER, has_result INTEGER NOT NULL, found_in TEXT NOT NULL, PRIMARY KEY (trace, n))
  WITHOUT ROWID;;
CREATE TABLE document (
  trace INTEGER NOT NULL, n INTEGER NOT NULL, source TEXT NOT NULL, title TEXT, doc_id TEXT, score REAL,
  score_kind TEXT NOT NULL, rank INTEGER NOT NULL, list_no INTEGER NOT NULL, stage TEXT NOT NULL, inferred INTEGER NOT NULL,
  updated_us INTEGER, turn INTEGER, PRIMARY KEY (trace, n)) WITHOUT ROWID;;
CREATE TABLE score (
  trace INTEGER NOT NULL, n INTEGER NOT NULL, name TEXT NOT NULL, value_num REAL, value_text TEXT,
  data_type TEXT NOT NULL, source TEXT NOT NULL, author TEXT, comment TEXT, target TEXT NOT NULL, target_id TEXT,
  PRIMARY KEY (trace, n)) WITHOUT ROWID;;
CREATE TABLE hint (
  trace INTEGER NOT NULL, kind TEXT NOT NULL, evidence TEXT NOT NULL, risk INTEGER NOT NULL, PRIMARY KEY (trace, kind))
  WITHOUT ROWID;;
CREATE VIRTUAL TABLE text_index USING fts5 (body, content='', tokenize="unicode61 remove_diacritics 2");;
INSERT INTO text_index (text_index, rank) VALUES ('automerge', 16);;
INSERT INTO text_index (text_index, rank) VALUES ('crisismerge', 32);;
INSERT INTO text_index (text_index, rank) VALUES ('hashsize', 16777216)
"""

# A coding event is never changed: the triggers refuse. ``forgetting`` is the one door, open inside one transaction.
# INSERT OR REPLACE deletes without asking the trigger on DELETE, so that it needs one of its own.
# One index serves both questions, of an item and of a reviewer's week: each further one is a page more to sync a press.
CODINGS = """
CREATE TABLE taxonomy (version INTEGER PRIMARY KEY, body TEXT NOT NULL, installed_us INTEGER NOT NULL);;
CREATE TABLE forgetting (open INTEGER PRIMARY KEY CHECK (open = 1));;
CREATE TABLE coding_event (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, press TEXT NOT NULL, device TEXT NOT NULL,
  trace TEXT NOT NULL, week TEXT NOT NULL, reviewer TEXT NOT NULL, said TEXT NOT NULL, value TEXT NOT NULL,
  taxonomy_version INTEGER NOT NULL, content_hash TEXT NOT NULL, reading TEXT NOT NULL, at_us INTEGER NOT NULL);;
CREATE INDEX coding_event_key ON coding_event (week, reviewer, trace);;
CREATE TRIGGER coding_event_no_update BEFORE UPDATE ON coding_event
  WHEN NOT EXISTS (SELECT 1 FROM forgetting)
  BEGIN SELECT raise(ABORT, 'coding events are only added'); END;;
CREATE TRIGGER coding_event_no_delete BEFORE DELETE ON coding_event
  BEGIN SELECT raise(ABORT, 'coding events are only added'); END;;
CREATE TRIGGER coding_event_no_replace BEFORE INSERT ON coding_event
  WHEN EXISTS (SELECT 1 FROM coding_event WHERE seq = NEW.seq OR id = NEW.id)
  BEGIN SELECT raise(ABORT, 'coding events are only added'); END;;
CREATE TABLE coding (
  trace TEXT NOT NULL, week TEXT NOT NULL, reviewer TEXT NOT NULL, verdict TEXT, modes TEXT NOT NULL, scores TEXT NOT NULL,
  submitted_us INTEGER, flagged INTEGER NOT NULL, taxonomy_version INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (week, reviewer, trace)) WITHOUT ROWID
"""

WEEKS = """
CREATE TABLE week (
  name TEXT PRIMARY KEY, start_us INTEGER NOT NULL, end_us INTEGER NOT NULL, size INTEGER NOT NULL, seed TEXT NOT NULL,
  kind TEXT NOT NULL, segments TEXT NOT NULL, anchor REAL NOT NULL, taxonomy_version INTEGER NOT NULL,
  created_us INTEGER NOT NULL, population INTEGER NOT NULL, late INTEGER NOT NULL, untimed INTEGER NOT NULL,
  closed_us INTEGER) WITHOUT ROWID;;
CREATE TABLE population (week TEXT NOT NULL, trace INTEGER NOT NULL, stratum TEXT NOT NULL, PRIMARY KEY (week, trace))
  WITHOUT ROWID;;
CREATE INDEX population_trace ON population (trace);;
CREATE TABLE week_item (
  week TEXT NOT NULL, position INTEGER NOT NULL, trace TEXT NOT NULL, stratum TEXT NOT NULL, stratum_size INTEGER NOT NULL,
  stratum_drawn INTEGER NOT NULL, pi REAL NOT NULL, u REAL NOT NULL, purpose TEXT NOT NULL, PRIMARY KEY (week, position))
  WITHOUT ROWID;;
CREATE UNIQUE INDEX week_item_trace ON week_item (week, trace)
"""

# A trace that was imported before has NULL here: not recorded, until its file is read again.
ROLL_UPS = """
ALTER TABLE trace ADD COLUMN cache_hit INTEGER;;
ALTER TABLE trace ADD COLUMN ending TEXT;;
ALTER TABLE trace ADD COLUMN n_follow_ups INTEGER;;
ALTER TABLE trace ADD COLUMN n_corrections INTEGER;;
ALTER TABLE trace ADD COLUMN prompt_chars INTEGER;;
ALTER TABLE trace ADD COLUMN context_chars INTEGER;;
ALTER TABLE trace ADD COLUMN schema_hash TEXT;;
ALTER TABLE trace ADD COLUMN tools_hash TEXT;;
ALTER TABLE trace ADD COLUMN retrieval_setting TEXT;;
ALTER TABLE tool_call ADD COLUMN arguments_ok INTEGER;;
CREATE TABLE retrieval (
  trace INTEGER NOT NULL, n INTEGER NOT NULL, documents INTEGER NOT NULL, latency_ms REAL, PRIMARY KEY (trace, n))
  WITHOUT ROWID;;
CREATE TABLE checklist_done (id INTEGER PRIMARY KEY, name TEXT NOT NULL, reviewer TEXT NOT NULL, at_us INTEGER NOT NULL)
"""

READERS = """
ALTER TABLE week ADD COLUMN where_large INTEGER NOT NULL DEFAULT 0;;
ALTER TABLE week ADD COLUMN overlap REAL NOT NULL DEFAULT 0;;
ALTER TABLE week ADD COLUMN readers TEXT NOT NULL DEFAULT '[]';;
ALTER TABLE week_item ADD COLUMN readers TEXT NOT NULL DEFAULT '[]'
"""

# A pushed label is kept as what it says without its words, which forgetting would have to find: a hash tells whether
# they changed.
SERVICES = """
CREATE TABLE pull (
  id INTEGER PRIMARY KEY, origin TEXT NOT NULL, wanted TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('listing', 'fetching', 'done')), cursor TEXT, began_us INTEGER NOT NULL,
  ended_us INTEGER);;
CREATE TABLE pull_trace (
  pull INTEGER NOT NULL, trace TEXT NOT NULL, native_id TEXT NOT NULL, segments TEXT NOT NULL, stratum TEXT, pi REAL,
  u REAL, PRIMARY KEY (pull, trace)) WITHOUT ROWID;;
CREATE TABLE pull_stratum (
  pull INTEGER NOT NULL, name TEXT NOT NULL, size INTEGER NOT NULL, drawn INTEGER NOT NULL, PRIMARY KEY (pull, name))
  WITHOUT ROWID;;
CREATE TABLE pushed (
  origin TEXT NOT NULL, id TEXT NOT NULL, trace TEXT NOT NULL, reviewer TEXT NOT NULL, kind TEXT NOT NULL,
  name TEXT NOT NULL, value TEXT NOT NULL, span TEXT, hash TEXT NOT NULL, remote_id TEXT, at_us INTEGER NOT NULL,
  PRIMARY KEY (origin, id)) WITHOUT ROWID
"""

# A session keeps its split for ever, in whichever version it appears: dataset_session is only added to.
DATASETS = """
CREATE TABLE dataset (name TEXT PRIMARY KEY, salt TEXT NOT NULL, weights TEXT NOT NULL) WITHOUT ROWID;;
CREATE TABLE dataset_session (
  dataset TEXT NOT NULL REFERENCES dataset(name), session TEXT NOT NULL, split TEXT NOT NULL, by_hand INTEGER NOT NULL,
  PRIMARY KEY (dataset, session)) WITHOUT ROWID;;
CREATE TABLE dataset_version (
  id INTEGER PRIMARY KEY, dataset TEXT NOT NULL REFERENCES dataset(name), number INTEGER NOT NULL,
  content_hash TEXT NOT NULL, parent INTEGER, created_us INTEGER NOT NULL, query TEXT NOT NULL,
  taxonomy_version INTEGER NOT NULL, UNIQUE (dataset, number), UNIQUE (dataset, content_hash));;
CREATE TABLE dataset_row (
  version INTEGER NOT NULL REFERENCES dataset_version(id), example TEXT NOT NULL, trace TEXT NOT NULL, week TEXT NOT NULL,
  grp TEXT NOT NULL, split TEXT NOT NULL, digest TEXT NOT NULL, verdict TEXT NOT NULL, modes TEXT NOT NULL,
  PRIMARY KEY (version, example)) WITHOUT ROWID;;
CREATE INDEX dataset_row_example ON dataset_row (example);;
CREATE TABLE eval_run (
  id INTEGER PRIMARY KEY, version INTEGER NOT NULL REFERENCES dataset_version(id), suite TEXT NOT NULL, tool TEXT NOT NULL,
  model TEXT NOT NULL, prompt_version TEXT NOT NULL, at_us INTEGER NOT NULL, imported_us INTEGER NOT NULL,
  digest TEXT NOT NULL UNIQUE);;
CREATE TABLE eval_result (
  run INTEGER NOT NULL REFERENCES eval_run(id), example TEXT NOT NULL, tried INTEGER NOT NULL, passed INTEGER NOT NULL,
  score REAL, PRIMARY KEY (run, example)) WITHOUT ROWID
"""

# The rows themselves are those of the version.
UPLOADS = """
CREATE TABLE upload (
  id INTEGER PRIMARY KEY, version INTEGER NOT NULL REFERENCES dataset_version(id), origin TEXT NOT NULL,
  service TEXT NOT NULL, redacted INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
  removed INTEGER NOT NULL, failed INTEGER NOT NULL, state TEXT NOT NULL, at_us INTEGER NOT NULL)
"""

# The traces of one application have the same few sets of names, so that a row is its values alone. An older trace has
# no row until its file is read again.
ATTRIBUTES = """
CREATE TABLE attribute_names (id INTEGER PRIMARY KEY, names TEXT NOT NULL UNIQUE);;
CREATE TABLE attribute (trace INTEGER PRIMARY KEY, names INTEGER NOT NULL, body TEXT NOT NULL);;
CREATE TABLE found_segments (
  trace INTEGER PRIMARY KEY, workflow TEXT, model TEXT, prompt_version TEXT, tenant TEXT, task_type TEXT, environment TEXT)
"""

# Earlier weeks drew traces.
SESSIONS = """
ALTER TABLE week ADD COLUMN unit TEXT NOT NULL DEFAULT 'trace';;
CREATE INDEX trace_session ON trace (session_id) WHERE session_id IS NOT NULL
"""
