"""What evals said of the examples of datasets."""

from reviewer.model.dataset import EvalRun, Outcome
from reviewer.workspace.file import Reader

RUNS = """
SELECT r.id, r.suite, r.tool, r.model, r.prompt_version, r.at_us, v.dataset, v.number FROM eval_run r
JOIN dataset_version v ON v.id = r.version WHERE r.at_us < ? ORDER BY r.at_us, r.id
"""
ENDLESS = 1 << 62


def runs(reader: Reader, before_us: int | None = None) -> list[EvalRun]:
    """Return the runs that were made before a moment, the earliest first, with all of their outcomes."""
    found = reader.db.execute(RUNS, (ENDLESS if before_us is None else before_us,)).fetchall()
    outcomes = "SELECT example, tried, passed, score FROM eval_result WHERE run = ? ORDER BY example"
    made = []
    for id, suite, tool, model, prompt_version, at_us, dataset, number in found:
        said = tuple(Outcome(*one) for one in reader.db.execute(outcomes, (id,)))
        made.append(EvalRun(suite, tool, model, prompt_version, at_us, said, dataset, number))
    return made
