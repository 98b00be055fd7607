"""How a judge is said on its page, in sentences that need no statistics."""

from PySide6.QtCore import QCoreApplication

from reviewer import wording
from reviewer.model.judge import Judge
from reviewer.model.number import Number

translate = QCoreApplication.translate


def kind(judge: Judge) -> str:
    """Return what a judge is, and where its numbers part pass and fail: ``a model, fail below 0.5``."""
    by = {
        "llm": translate("Judges", "a model"),
        "code": translate("Judges", "a check in code"),
    }.get(judge.by, translate("Judges", "a score"))
    return by if judge.cut is None else f"{by}, {wording.cut(judge.cut.at, judge.cut.fails_below)}"


def with_limits(number: Number) -> str:
    """Return a share with its interval: ``62.0 % (44.1 – 78.0 %)``; a dash where it cannot be told."""
    if number.value is None:
        return wording.DASH
    limits = wording.interval_or_size(number) if number.low is not None else ""
    said = wording.value(number)
    return f"{said} ({limits})" if limits else said


def explained(judge: Judge) -> list[str]:
    """Return what the numbers of a judge mean, one sentence each."""
    said = []
    if judge.sensitivity.value is not None:
        said.append(
            translate(
                "Judges", "Of all traces in the traffic that people would call a failure, it finds {share}."
            ).format(share=with_limits(judge.sensitivity))
        )
    if judge.precision.n:
        said.append(
            translate("Judges", "When it raises an alarm, people agree in {share} of the cases.").format(
                share=with_limits(judge.precision)
            )
        )
    if judge.specificity.value is not None:
        said.append(
            translate("Judges", "Of the traces that are all right, it lets {share} pass.").format(
                share=with_limits(judge.specificity)
            )
        )
    if judge.f1 is not None and judge.mcc is not None:
        said.append(
            translate(
                "Judges",
                "As single figures, of the traffic: F1 {f1} (1 is best), MCC {mcc} (1 is best, 0 is guessing).",
            ).format(f1=wording.decimal(judge.f1, 2), mcc=wording.decimal(judge.mcc, 2))
        )
    return said


def rates(judge: Judge) -> list[str]:
    """Return the rate in the traffic: as the judge says it, put right, and as it would be without the judge."""
    said = []
    if judge.corrected is not None and judge.raw is not None:
        said.append(
            translate(
                "Judges",
                "The judge alone says {raw}. Put right by what people say, the rate in the traffic is {rate}.",
            ).format(raw=wording.value(judge.raw), rate=with_limits(judge.corrected))
        )
    if judge.unaided is not None and judge.corrected is not None:
        said.append(
            translate("Judges", "Without the judge it would be {rate}.").format(rate=with_limits(judge.unaided))
        )
    if judge.tightened is not None:
        said.append(
            translate("Judges", "Leaning on the judge as far as it has earned (PPI++): {rate}.").format(
                rate=with_limits(judge.tightened)
            )
        )
    return said


def method() -> tuple[str, ...]:
    """Return how the numbers of the page are made, a paragraph each."""
    return (
        translate(
            "Judges",
            "The judge has spoken of every trace, people of a few. What the judge flags and what it passes are counted"
            " apart, and each reviewed trace stands for its part of them. Flagged traces may be read more often than"
            " others; the numbers stay right.",
        ),
        translate(
            "Judges",
            "Finds (sensitivity): of all failures in the traffic, the share that it flags. Right in alarms (precision): of"
            " what it flags, the share that people call a failure too. Lets pass (specificity): of what is all right, the"
            " share that it does not flag.",
        ),
        translate(
            "Judges",
            "Says: its own rate, which holds its mistakes. Put right: the rate in the traffic, from what people say within"
            " what it flags and within what it passes. The first never stands without the second, and where nothing that"
            " it passes was read, nobody can know what it misses: then neither stands.",
        ),
        translate(
            "Judges",
            "Leaning on the judge (PPI++) narrows the interval by as much as judge and people go together. It is offered"
            " with at least 20 failures and 20 others among the reviewed: with fewer its interval would be wrong too often.",
        ),
        translate(
            "Judges", "Labels that were used to make a judge better must not be used to measure it: they flatter it."
        ),
    )
