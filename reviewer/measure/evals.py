"""The trend of evals: the share of examples that pass, with its interval, a row for each suite and model."""

from collections.abc import Callable, Sequence

from reviewer import wording
from reviewer.measure.intervals import beta_limits
from reviewer.model.dataset import EvalRun
from reviewer.model.number import Basis, Number, Row, Unit

MOST_ROWS = 5
MOST_POINTS = 4
"""Earlier runs that the detail names."""
ON_VERSION = "{suite}, {dataset} {version}"
WITH_MODEL = "model {}"
WITH_PROMPT = "prompt {}"
ERRORS = "{} ended in an error and are not counted"
EARLIER = "before: {}"
POINT = "{share} ({n}, {with_what})"


def share_passed(run: EvalRun) -> Number:
    """Return the share of a run's examples that pass, each counted once, with Clopper-Pearson limits.

    An example that was tried several times counts with the share of its trials. The limits take the examples to be
    drawn from others of their kind; with several trials they are wider than they need be.
    """
    judged = run.judged
    n = len(judged)
    if not n:
        return Number(None, Basis.FIXED_SET, Unit.SHARE)
    value = sum(one.passed / one.tried for one in judged) / n
    limits = beta_limits(value, n)
    whole = all(one.passed in (0, one.tried) for one in judged)
    count = round(value * n) if whole else None
    return Number(value, Basis.FIXED_SET, Unit.SHARE, limits.low, limits.high, n=n, count=count)


def eval_trend(
    runs: Sequence[EvalRun], traces_of: Callable[[EvalRun, tuple[str, ...]], tuple[str, ...]]
) -> tuple[Row, ...]:
    """Return the newest run of each suite and model, beside the one before it on the same dataset.

    Args:
        runs: of all suites, the earliest first.
        traces_of: returns the traces of some examples of a run, for those that failed.
    """
    series: dict[tuple[str, str, str], list[EvalRun]] = {}
    for run in runs:
        series.setdefault((run.suite, run.model, run.dataset), []).append(run)
    newest_first = sorted(series.values(), key=lambda one: -one[-1].at_us)
    return tuple(_row(one, traces_of) for one in newest_first[:MOST_ROWS])


def _row(series: Sequence[EvalRun], traces_of: Callable[[EvalRun, tuple[str, ...]], tuple[str, ...]]) -> Row:
    now = series[-1]
    failed = tuple(one.example for one in now.judged if one.passed < one.tried)
    parts = [_with(now)]
    errors = len(now.outcomes) - len(now.judged)
    parts += [ERRORS.format(wording.decimal(errors))] if errors else []
    parts += (
        [EARLIER.format(", ".join(map(_point, reversed(series[-1 - MOST_POINTS : -1]))))] if len(series) > 1 else []
    )
    return Row(
        ON_VERSION.format(suite=now.suite, dataset=now.dataset, version=now.version),
        share_passed(now),
        share_passed(series[-2]) if len(series) > 1 else None,
        detail="; ".join(filter(None, parts)),
        traces=traces_of(now, failed),
    )


def _point(run: EvalRun) -> str:
    number = share_passed(run)
    return POINT.format(share=wording.value(number), n=wording.decimal(number.n), with_what=_with(run, version=True))


def _with(run: EvalRun, version: bool = False) -> str:
    """Return what a run was made with: its model and prompt, or, among runs of one model, the version and the prompt."""
    first = f"{run.dataset} {run.version}" if version else WITH_MODEL.format(run.model) if run.model else ""
    return ", ".join(filter(None, (first, WITH_PROMPT.format(run.prompt_version) if run.prompt_version else "")))
