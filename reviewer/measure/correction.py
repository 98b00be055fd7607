"""Rates that lean on a judge and are put right by people: prediction-powered inference, and Rogan and Gladen."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reviewer.measure.decomposition import Numbers
from reviewer.measure.intervals import Interval, student

NORMAL = 1.959963984540054
"""The quantile of the normal distribution that leaves 2.5 % above it."""

LEAST_OF_EACH = 20
"""Positives and negatives among the labels below which PPI++ covers too little (measured: 0.865 of a 2 % mode)."""

PRIOR_LABELS = 2.0


@dataclass(frozen=True, slots=True)
class Predicted:
    """One stratum: its size in the population, the judge's mean there, and people's and the judge's word on the labelled.

    ``labels`` and ``predictions`` are of the same traces, in the same order; 0 or 1, or any number.
    """

    size: int
    mean: float
    labels: Numbers
    predictions: Numbers


@dataclass(frozen=True, slots=True)
class Tightened:
    """A mean with its 95 % interval, and how far it leans on the judge (0 not at all, 1 wholly)."""

    value: float
    limits: Interval
    leaning: float


def ppi(strata: Sequence[Predicted], leaning: float | None = None) -> Tightened | None:
    """Return the mean in the population by PPI++, stratum by stratum; None with fewer than two labels.

    The judge's mean of all traces, times the leaning λ, plus the mean of what people say beyond λ times the judge
    (Angelopoulos and others 2023, arXiv 2311.01453; stratified: Fisch and others 2024, arXiv 2406.04291, which is the
    difference estimator of survey sampling). λ is the weighted cov(y, f) / ((1 + n/N) var f), kept within 0 and 1.
    Strata without labels are left out.

    Args:
        strata: what is known of each stratum.
        leaning: λ, where it is fixed beforehand.
    """
    read = [stratum for stratum in strata if len(stratum.labels)]
    n, size = sum(len(stratum.labels) for stratum in read), sum(stratum.size for stratum in read)
    if n < 2:
        return None
    lam = _leaning(read, n / size) if leaning is None else leaning
    residuals = [stratum.labels - lam * stratum.predictions for stratum in read]
    weights = np.array([stratum.size / size for stratum in read])
    rest = float((weights * [r.mean() for r in residuals]).sum())
    variance, factor = _spread(weights, residuals)
    judged = float((weights * [stratum.mean for stratum in read]).sum())
    value = lam * judged + rest
    # The population is a sample of a longer run here, as in the paper: so the judge's own mean has a variance, and the
    # correction for finite strata is left out.
    reach = factor * math.sqrt(variance + lam**2 * judged * (1.0 - judged) / size)
    return Tightened(value, Interval(max(0.0, value - reach), min(1.0, value + reach)), lam)


def _spread(weights: Numbers, residuals: Sequence[Numbers]) -> tuple[float, float]:
    """Return the variance of the weighted mean of the residuals, and how many times its root a limit is away.

    Of one stratum both are the paper's. Where there are several, many hold a handful of labels, and their variances are
    too small too often: each stratum is taken to have ``PRIOR_LABELS`` more at the pooled variance, and the factor is
    Student's with the degrees of freedom of Satterthwaite (1946, Biometrics 2:110).
    """
    counted = np.array([len(r) for r in residuals], dtype=float)
    if len(residuals) == 1:
        return float(residuals[0].var() / counted[0]), NORMAL
    squares, degrees = np.array([r.var() * len(r) for r in residuals]), counted - 1.0
    pooled = squares.sum() / max(degrees.sum(), 1.0)
    terms = weights**2 * (squares + PRIOR_LABELS * pooled) / (degrees + PRIOR_LABELS) / counted
    variance = float(terms.sum())
    if variance <= 0.0:
        return 0.0, NORMAL
    return variance, student(variance**2 / float((terms**2 / np.maximum(degrees, 1.0)).sum()))


def _leaning(strata: Sequence[Predicted], labelled_share: float) -> float:
    """Return λ from the labelled, each weighing as much as it stands for; 0 where the judge always says the same."""
    labels = np.concatenate([stratum.labels for stratum in strata])
    predictions = np.concatenate([stratum.predictions for stratum in strata])
    weights = np.concatenate([np.full(len(s.labels), s.size / len(s.labels)) for s in strata])
    weights /= weights.sum()
    y, f = labels - (weights * labels).sum(), predictions - (weights * predictions).sum()
    variance = float((weights * f * f).sum())
    if variance <= 0.0:
        return 0.0
    found = float((weights * y * f).sum()) / ((1.0 + labelled_share) * variance)
    return min(1.0, max(0.0, found))


def rogan_gladen(flagged: float, sensitivity: float, specificity: float) -> float | None:
    """Return the true rate behind a judge's rate whose sensitivity and specificity are known (1978, Am J Epidemiol 107:71).

    Cut to 0 and 1. None for a judge that is no better than chance: sensitivity + specificity of 1 or less. Both must
    come from elsewhere: from the same labels, the interval is wider than without the judge.
    """
    informed = sensitivity + specificity - 1.0
    if informed <= 0.0:
        return None
    return min(1.0, max(0.0, (flagged + specificity - 1.0) / informed))


def share_of_sum(part: tuple[float, Interval], rest: tuple[float, Interval]) -> tuple[float, Interval] | None:
    """Return part / (part + rest) with its limits, from two amounts that were estimated apart from each other.

    The limits of rest / part are those of MOVER for a ratio (Donner and Zou 2012, Stat Methods Med Res 21:347), so that
    an amount of which nothing was seen still counts with its upper limit. None where both are 0.
    """
    if part[0] + rest[0] <= 0.0:
        return None
    low, high = _ratio_high(rest, part), _ratio_high(part, rest)
    return part[0] / (part[0] + rest[0]), Interval(
        0.0 if math.isinf(low) else 1.0 / (1.0 + low), 1.0 if math.isinf(high) else high / (1.0 + high)
    )


def _ratio_high(above: tuple[float, Interval], below: tuple[float, Interval]) -> float:
    """Return the upper limit of above / below."""
    (a, of_above), (b, of_below) = above, below
    least = of_below.low * (2.0 * b - of_below.low)
    if least <= 0.0:
        return math.inf
    under = (a * b) ** 2 - of_above.high * (2.0 * a - of_above.high) * least
    return (a * b + math.sqrt(max(0.0, under))) / least
