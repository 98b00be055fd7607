"""How agreement is said on its page: one question in plain sentences."""

from PySide6.QtCore import QCoreApplication

from reviewer import wording
from reviewer.model.agreement import Agreement

MOST_NAMES = 6


translate = QCoreApplication.translate


def names(readers: tuple[str, ...]) -> str:
    """Return the readers by name, and how many more there are: ``ann, bob and cem``, ``ann, bob and 3 more``."""
    if len(readers) > MOST_NAMES:
        more = translate("Agreement", "{names} and {n} more")
        return more.format(names=", ".join(readers[:MOST_NAMES]), n=len(readers) - MOST_NAMES)
    return translate("Agreement", "{names} and {last}").format(names=", ".join(readers[:-1]), last=readers[-1])


def explained(one: Agreement) -> str:
    """Return what the numbers of a question mean, in sentences that need no statistics."""
    said = [_same(one)]
    if one.positive is not None and one.positive.value is not None:
        said.append(
            translate(
                "Agreement", "Where one of them said “{answer}”, another did so too in {share} of the cases."
            ).format(answer=one.positive_value, share=wording.value(one.positive))
        )
    said.append(_coefficients(one))
    said.append(
        translate("Agreement", "All of this is of the traces that were read twice. It says nothing about the traffic.")
    )
    return " ".join(filter(None, said))


def _same(one: Agreement) -> str:
    said = {"names": names(one.readers), "n": wording.decimal(one.traces), "share": wording.value(one.raw)}
    if len(one.readers) == 2:
        return translate(
            "Agreement", "{names} both judged {n} traces and gave the same answer on {share} of them."
        ).format(**said)
    return translate(
        "Agreement",
        "{n} traces were judged by two or more of {names}. Two answers on one trace are the same in {share} of the cases.",
    ).format(**said)


def _coefficients(one: Agreement) -> str:
    if one.alpha.suppressed:
        return translate(
            "Agreement",
            "Alpha and its interval are hidden: it would jump with every single answer. It needs five traces where"
            " anybody saw it, and 30 traces read twice in one week or 100 in several weeks together.",
        )
    if one.level == "nominal":
        return translate(
            "Agreement",
            "When something is rare, two readers agree often by luck alone. AC1, kappa and alpha take the luck off, each in"
            " its own way: 1 is full agreement, 0 is luck. Kappa and alpha fall low when almost all answers are the same,"
            " so look at all of them. From 0.8 on, alpha is usually taken as reliable.",
        )
    if one.level == "sets":
        return translate(
            "Agreement",
            "Alpha compares the whole set of failure modes of a trace: sets that share some count as partly the same (MASI)."
            " 1 is full agreement, 0 is luck. From 0.8 on it is usually taken as reliable.",
        )
    return translate(
        "Agreement",
        "Alpha counts how far two answers lie apart: a 4 beside a 5 costs less than a 1 beside a 5. 1 is full agreement,"
        " 0 is luck. From 0.8 on it is usually taken as reliable.",
    )


def method() -> tuple[str, ...]:
    """Return how the numbers of the page are made, a paragraph each."""
    return (
        translate(
            "Agreement",
            "Same answer: take two people who judged the same trace, for every such pair; this is how often they said the"
            " same. It flatters: of something rare, two people who never see it in the same trace still agree almost"
            " always.",
        ),
        translate(
            "Agreement",
            "Second agrees: where one of two people saw it, how often the other one did too. Look here first when"
            " something is rare.",
        ),
        translate(
            "Agreement",
            "Kappa (Cohen’s for two people, Fleiss’ for more), AC1 (Gwet’s) and alpha (Krippendorff’s) take off what luck"
            " would give: 1 is full agreement, 0 is luck. They reckon luck differently, so that kappa and alpha fall low"
            " when almost all answers are the same, and AC1 does not. Read them together.",
        ),
        translate(
            "Agreement",
            "95 % interval: alpha is worked out 1000 times from the same traces drawn anew (bootstrap); 95 in 100 of these"
            " lie between the two. Alpha is hidden below 30 traces of one week, below 100 of several weeks together, and"
            " where fewer than five were seen by anybody.",
        ),
        translate(
            "Agreement",
            "Every trace that was read twice counts once, whatever its chance of being drawn. Where the sample leans"
            " towards risk, these numbers do too: they are of the traces read twice, not of the traffic.",
        ),
    )


def pairs(one: Agreement) -> str:
    """Return how far each pair of readers agrees, where there are more than two of them."""
    if len(one.readers) < 3:
        return ""
    said = [
        translate("Agreement", "{first} and {second}: {share} of {n}, kappa {kappa}").format(
            first=pair.first,
            second=pair.second,
            share=wording.share(pair.raw),
            n=wording.decimal(pair.traces),
            kappa=wording.DASH if pair.kappa is None else wording.decimal(pair.kappa, 2),
        )
        for pair in one.pairs[:MOST_NAMES]
    ]
    return translate("Agreement", "The same answer, by pair: {pairs}.").format(pairs="; ".join(said))


def limits(one: Agreement) -> str:
    """Return the interval of alpha: ``0.41 – 0.83``; empty where it is hidden."""
    number = one.alpha
    if number.suppressed or number.value is None or number.low is None or number.high is None:
        return ""
    return wording.RANGE.format(wording.decimal(number.low, 2), wording.decimal(number.high, 2))
