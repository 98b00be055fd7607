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
            "Alpha and its interval are hidden: fewer than five traces where anybody saw it, or fewer than thirty in all,"
            " would make it jump with every single answer.",
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
