"""Numbers that others published: each comes out of the program's own functions, and none is left out."""

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from reviewer.measure.alerts import baseline, history, weekly_rates
from reviewer.measure.allocation import Stratum, _bounded_quotas
from reviewer.measure.calibration import rejected
from reviewer.measure.coefficients import Ratings, ac1, alpha, cohen, fleiss, masi_distances, ratings, raw_agreement
from reviewer.measure.correction import Predicted, ppi, rogan_gladen
from reviewer.measure.decomposition import Part, kitagawa, standardised
from reviewer.measure.design import permanent_random_number
from reviewer.measure.intervals import beta_limits, korn_graubard, quantile_limits
from reviewer.measure.moved import difference, direction
from reviewer.measure.planning import PlannedStratum, consequence
from reviewer.measure.prevalence import Cell, prevalence, tight_prevalence
from reviewer.measure.ratio import from_moments
from reviewer.measure.saturation import coverage, least_kinds
from reviewer.model.number import Basis, Number
from tests.benchmarks.simulated.samples import wilson

Given = Mapping[str, Any]
Compute = Callable[[Given], object]


def by_name(vectors: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {vector["id"]: vector for vector in vectors}


@pytest.fixture(scope="module")
def vectors(shared: Callable[..., Path]) -> dict[str, dict[str, Any]]:
    return by_name(json.loads(shared("reference", "statistics-vectors.json").read_text())["vectors"])


def column(given: Given, *names: str) -> np.ndarray:
    return np.array(next(given[name] for name in names if name in given), dtype=float)


def clopper_pearson(given: Given) -> object:
    return beta_limits(given["x"] / given["n"], given["n"])


def of_raw_share(given: Given) -> object:
    # Nothing in the program shows this interval: it is what the benchmarks hold the default one against.
    return wilson(given["x"], given["n"])


def newcombe(given: Given) -> object:
    def number(i: int) -> Number:
        x, n = given[f"x{i}"], given[f"n{i}"]
        low, high = wilson(x, n)
        return Number(x / n, Basis.ESTIMATE, low=float(low), high=float(high), n=n)

    found = difference(number(1), number(2))
    assert found is not None
    return found.low, found.high


def poisson(given: Given) -> object:
    return standardised([given["x"]], [1.0], most=math.inf)[1]


def age_adjusted(given: Given) -> object:
    count, population, standard = (column(given, name) for name in ("count", "population", "standard"))
    adjusted, _ = standardised(list(count), list(standard / standard.sum() / population))
    crude, _ = standardised([count.sum()], [1 / population.sum()])
    return {"crude": crude * 1e5, "adjusted": adjusted * 1e5}


def stratified(given: Given) -> tuple[float, float]:
    """Return a rate and its standard error, plain: the smoothing of the default interval is not in it."""
    sizes, read, count = (column(given, *names) for names in (("N_h", "Nh"), ("n_h", "nh"), ("successes_h", "x")))
    share = count / read
    value, variance = from_moments(sizes, read, share, read / (read - 1) * share * (1 - share))
    return value, math.sqrt(variance)


def awards(given: Given) -> object:
    return dict(zip(("p", "se"), stratified(given), strict=True))


def simple_awards(given: Given) -> object:
    one = {"N_h": [given["N"]], "n_h": [given["n"]], "successes_h": [given["x"]]}
    assert prevalence([Cell(given["N"], given["n"], given["x"])]).value == stratified(one)[0]
    return awards(one)


def awards_limits(given: Given) -> object:
    p, se = stratified(given)
    n, strata = sum(given["n_h"]), len(given["n_h"])
    return dict(zip(("lo", "hi"), korn_graubard(p, se**2, n, n - strata), strict=True))


def korn(given: Given) -> object:
    return korn_graubard(given["p"], given["se"] ** 2, given["n"], given["df"])


def api(given: Given) -> object:
    names = ("N_h", "n_h", "mean_api00", "var_api00")
    mean, variance = from_moments(*(column(given, name) for name in names))
    return {"mean": mean, "se": math.sqrt(variance)}


def default_interval(given: Given) -> tuple[float, float, float]:
    columns = (
        next(given[n] for n in names if n in given) for names in (("N_h", "N", "Nh"), ("n_h", "n", "nh"), ("x_h", "x"))
    )
    cells = [Cell(*row, label=f"s{i}") for i, row in enumerate(zip(*columns, strict=True))]
    found = prevalence(cells)
    assert found is not None
    return found.value, found.low, found.high


def weighted_beta_and_default(given: Given) -> object:
    cells = [Cell(*row, label=f"s{i}") for i, row in enumerate(zip(given["Nh"], given["nh"], given["x"], strict=True))]
    tight = tight_prevalence(cells)
    assert tight is not None
    return [*stratified(given), tight.low, tight.high, *default_interval(given)[1:]]


def units(given: Given) -> Ratings:
    return ratings([[v for v in unit if v is not None] for unit in zip(*given["raters_by_units"], strict=True)])


def krippendorff(given: Given) -> object:
    return alpha(units(given), given["level"])[0]


def gwet(given: Given) -> object:
    return {"AC1": ac1(units(given))[0], "pa": raw_agreement(units(given))[0]}


def cohen_of_table(given: Given) -> object:
    pairs = [(i, j) for i, row in enumerate(given["table"]) for j, times in enumerate(row) for _ in range(times)]
    return cohen(*zip(*pairs, strict=True))[0]


def fleiss_of(given: Given) -> object:
    counts = column(given, "counts")
    return fleiss(Ratings(tuple(range(counts.shape[1])), counts))[0]


def set_distances(given: Given) -> object:
    masi = masi_distances([frozenset(given["a"]), frozenset(given["b"])])[0, 1]
    # One set holds the other, so that MASI is two thirds of Jaccard's index.
    return {"masi": masi, "jaccard": 1 - (1 - masi) * 3 / 2}


def discoveries(given: Given) -> object:
    chances, q = column(given, "p"), given["q"]
    alone = [rejected(chances[i : i + 1], q / len(chances))[0] for i in range(len(chances))]
    return {"bh": int(rejected(chances, q).sum()), "bonferroni": int(sum(alone))}


def control_chart(given: Given) -> object:
    """Return centre and 3-sigma limits, from the baseline of the alert rules and the variance of a simple sample.

    No page draws these limits: with eight weeks of baseline they raise false alarms, and the rules replace them.
    """
    boundless = 10**12
    past = history("m", [[Cell(boundless, given["n"], x)] for x in given["x"]])
    found = baseline(past, range(len(given["x"])), weekly_rates(past))
    centre = found.x0 / found.n0
    one_week = [np.array([each], dtype=float) for each in (boundless, given["n"], centre, centre * (1 - centre))]
    reach = 3 * math.sqrt(from_moments(*one_week)[1])
    return {"pbar": centre, "lcl": centre - reach, "ucl": centre + reach}


def split(shares: list[Any], rates: list[Any]) -> object:
    sides = [
        {str(i): Part(q, Number(r, Basis.ALL_TRAFFIC)) for i, (q, r) in enumerate(zip(*side, strict=True))}
        for side in zip(shares, rates, strict=True)
    ]
    found = kitagawa("group", *sides)
    assert found is not None and found.presence is None
    return {name: getattr(found, name).value for name in ("total", "mix", "within")}


def das_gupta(given: Given) -> object:
    # The shares do not add up to 100 in print, and are used as they stand.
    return split([column(given, f"share{i}") / 100 for i in (0, 1)], [given["rate0"], given["rate1"]])


def berkeley(given: Given) -> object:
    sizes = [column(given, f"n_{who}") for who in ("men", "women")]
    admitted = [column(given, f"admitted_{who}") for who in ("men", "women")]
    return split([n / n.sum() for n in sizes], [x / n for x, n in zip(admitted, sizes, strict=True)])


def none_seen(given: Given) -> object:
    """Return the smallest rate that 95 of 100 samples show at least once: the upper limit after none was seen."""
    return consequence([PlannedStratum("all", None, 10**9, given["n"])], lambda _: None, lambda *_: None).seen_from


def size_to_tell_two_shares_apart(given: Given) -> object:
    """Return the smallest sizes at which the program's own test of two shares of all traffic has the power asked for.

    Its rule is asked for the smallest difference that it calls a rise; how often a sample shows that is the textbook's
    normal approximation. Samples for reviewing are not planned by this: ``power`` simulates the alert rules.
    """
    p0, p1 = given["p0"], given["p1"]
    middle = (p0 + p1) / 2

    def power(n: int) -> float:
        def rises(by: float) -> bool:
            sides = (Number(middle + sign * by / 2, Basis.ALL_TRAFFIC, n=n) for sign in (1, -1))
            return direction(*sides) == 1

        low, high = 0.0, 0.9 * min(middle, 1 - middle)
        while high - low > 1e-9:
            low, high = (low, (low + high) / 2) if rises((low + high) / 2) else ((low + high) / 2, high)
        spread = math.sqrt((p0 * (1 - p0) + p1 * (1 - p1)) / n)
        return float(norm.sf((high - (p1 - p0)) / spread))

    return next(n for n in range(30, 1000) if power(n) >= given["power"])


def quantile_test(given: Given) -> object:
    """Return the level at which the limits of the quantile begin to leave the value out, for both sides."""
    values, value = column(given, "x"), float(given["q"])

    def is_outside(tail: float) -> bool:
        limits = quantile_limits(values, given["p"], tail)
        return limits is not None and not limits.low <= value <= limits.high

    low, high = 0.001, 0.25
    while high - low > 1e-9:
        low, high = (low, (low + high) / 2) if is_outside((low + high) / 2) else ((low + high) / 2, high)
    return {"pvalue": 2 * high}


def unseen(given: Given) -> object:
    return {
        "chao1": least_kinds(given["n"], given["S"], given["f1"], given["f2"]),
        "coverage": coverage(given["n"], given["f1"], given["f2"]),
    }


def corrected(given: Given) -> object:
    return rogan_gladen(given["q"], given["se"], given["sp"])


def prediction_powered(given: Given) -> object:
    y, f = column(given, "y"), column(given, "f")
    size = given["F_ones"] + given["F_zeros"]
    found = ppi([Predicted(size, given["F_ones"] / size, y, f)], leaning=given["lam"])
    assert found is not None
    return {"est": found.value, "lo": found.limits.low, "hi": found.limits.high}


def least_sizes(_: Given) -> object:
    return {
        name: next(n for n in range(1, 500) if quantile_limits(np.arange(float(n)), q) is not None)
        for name, q in (("p95", 0.95), ("p99", 0.99))
    }


def in_proportion_to_size(given: Given) -> object:
    """Return the weights of a draw in proportion to size, which are those of strata of one unit each."""
    shares = {f"{i:02d}": float(size) for i, size in enumerate(given["size"])}
    chances = _bounded_quotas(dict.fromkeys(shares, Stratum(1)), shares, given["n"], dict.fromkeys(shares, 0))
    assert sum(chances.values()) == pytest.approx(given["n"], abs=1e-9)
    return [1 / chances[f"{i - 1:02d}"] for i in (6, 7, 9, 10, 11, 12)]


def random_numbers(given: Given) -> object:
    return [permanent_random_number(given["seed"], name) for name in given["ids"]]


COMPUTED: dict[str, Compute] = {
    "wilson_81_263": of_raw_share,
    "wilson_15_148": of_raw_share,
    "newcombe_diff_56_70_48_80": newcombe,
    "newcombe_diff_9_10_3_10": newcombe,
    "weighted_beta_case": weighted_beta_and_default,
    "pchart_oj": control_chart,
    "power_R": size_to_tell_two_shares_apart,
    "conover_quantile": quantile_test,
    "chao1_girdled": unseen,
    "rogan_gladen": corrected,
    "ppi_mean_lam1.0": prediction_powered,
    "cp_81_263": clopper_pearson,
    "cp_15_148": clopper_pearson,
    "garwood_0": poisson,
    "garwood_10": poisson,
    "dsr_fleiss_point": age_adjusted,
    "apistrat_awards_fpc": awards,
    "apistrat_awards_kg": awards_limits,
    "apistrat_api00_mean": api,
    "apisrs_awards_fpc": simple_awards,
    "kg_strat": korn,
    "kg_stratclus_df56": korn,
    "kripp2011_nominal": krippendorff,
    "kripp2011_ordinal": krippendorff,
    "kripp_3x15_nominal": krippendorff,
    "kripp_3x15_interval": krippendorff,
    "gwet_raw4_ac1": gwet,
    "fleiss1971": fleiss_of,
    "cohen_ap": cohen_of_table,
    "masi_pair": set_distances,
    "bh1995": discoveries,
    "dasgupta_5_1": das_gupta,
    "ucb_simpson": berkeley,
    "rule3_14": none_seen,
    "p95_min_n": least_sizes,
    "sps_takeall": in_proportion_to_size,
    "prn_blake2b": random_numbers,
    "default_interval_1": default_interval,
    "default_interval_repair_1": default_interval,
    "default_interval_repair_2": default_interval,
    "default_interval_repair_3": default_interval,
    "default_interval_repair_4": default_interval,
}


def flat(value: object) -> list[float]:
    match value:
        case dict():
            return [float(value[key]) for key in sorted(value)]
        case list() | tuple():
            return [float(each) for each in value]
        case _:
            return [float(value)]  # type: ignore[arg-type]


def test_no_published_number_is_left_out(vectors: dict[str, dict[str, Any]]) -> None:
    assert sorted(vectors) == sorted(COMPUTED)
    assert len(vectors) == 42


@pytest.mark.parametrize("name", COMPUTED)
def test_the_published_number_comes_out(vectors: dict[str, dict[str, Any]], name: str) -> None:
    vector = vectors[name]
    found, expected = COMPUTED[name](vector["input"]), vector["expected"]
    if isinstance(expected, dict):
        assert isinstance(found, dict) and sorted(found) == sorted(expected)
    assert flat(found) == pytest.approx(flat(expected), abs=max(vector["tol"], 1e-12), rel=0)
