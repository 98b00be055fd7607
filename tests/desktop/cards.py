"""Scorecards and trends to show, made by hand. All names are ours."""

from reviewer.model.number import Basis, Field, Number, Point, Row, Scorecard, Series, Unit

DAY_US = 86_400_000_000
START_US = 1_794_787_200_000_000 - 7 * DAY_US  # Monday 2026-11-09 00:00 UTC


def estimate(value: float, low: float, high: float, n: int = 60, suppressed: bool = False) -> Number:
    """Return a rate of the traffic that was estimated from a sample."""
    return Number(value, Basis.ESTIMATE, low=low, high=high, n=n, population=8000, count=round(value * n),
                  suppressed=suppressed)  # fmt: skip


def counted(value: float, unit: Unit = Unit.SHARE, n: int = 8000) -> Number:
    """Return a number of all traffic."""
    return Number(value, Basis.ALL_TRAFFIC, unit, n=n, population=n)


def a_card(name: str = "Order status", workspace: str = "checkout-bot", detail: str = "") -> Scorecard:
    """Return a scorecard with all nine fields; one of them is not recorded, one failure mode is too rare to rate."""
    singles = (
        ("p95_latency", "p95 latency", counted(5400, Unit.MILLISECONDS), counted(5100, Unit.MILLISECONDS)),
        ("cost_per_success", "Cost per successful task",
         Number(0.049, Basis.ESTIMATE, Unit.DOLLARS, low=0.046, high=0.053, n=60), None),
        ("structured_output_pass", "Structured output pass", counted(0.991), counted(0.99)),
        ("tool_success", "Tool success", counted(0.964), counted(0.976)),
        ("empty_retrieval", "Empty retrieval", counted(0.034), counted(0.036)),
        ("escalation", "Escalation", counted(0.065), counted(0.061)),
        ("eval_trend", "Evaluation trend", Number(None, Basis.NOT_RECORDED), None),
    )  # fmt: skip
    modes = (
        Row("tool error not handled", estimate(0.09, 0.05, 0.14), estimate(0.03, 0.01, 0.06), traces=("t1", "t2")),
        Row("stale document", estimate(0.02, 0.0, 0.05, suppressed=True)),
    )
    fields = [
        Field("top_workflows", "Top workflows", (Row(name, counted(0.4), counted(0.42)),), "The share of each."),
        Field("top_failure_modes", "Top failure modes", modes, "Estimated from the reviewed sample."),
    ]
    fields += [
        Field(
            i, title, (Row(title, now, before, detail=detail if i == "tool_success" else ""),), f"How {title} is made."
        )
        for i, title, now, before in singles
    ]
    return Scorecard(
        "Scorecard", workspace, "2026-W46", START_US, START_US + 7 * DAY_US, "UTC", "8,000 traces in all", 60, 60, 8000,
        tuple(fields), START_US + 8 * DAY_US, Row("Failing traces", estimate(0.2, 0.15, 0.26), estimate(0.14, 0.1, 0.19)),
    )  # fmt: skip


def a_series(name: str = "wrong_citation", title: str = "wrong citation", weeks: int = 8, rare: bool = False) -> Series:
    """Return a failure mode over some weeks, the last one still open."""
    weekly, rolling = [], []
    for n in range(weeks):
        start, end, week = START_US + 7 * n * DAY_US, START_US + 7 * (n + 1) * DAY_US, f"2026-W{46 + n}"
        value = 0.01 if rare else 0.05 + 0.01 * n
        traces = tuple(f"{name}-{n}-{k}" for k in range(3))
        one = estimate(value, value / 3, value * 3, suppressed=True)
        four = estimate(value, value / 2, value * 2, n=240, suppressed=rare)
        weekly.append(Point(week, start, end, 1, one, is_open=n == weeks - 1, traces=traces))
        rolling.append(Point(week, start - 21 * DAY_US, end, 4, four, is_open=n == weeks - 1, traces=traces * 2))
    return Series(name, title, tuple(weekly), tuple(rolling))
