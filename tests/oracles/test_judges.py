"""Judges against ppi-python and scikit-learn, on random labels."""

import math

import numpy as np
import pandas as pd
import pytest

from reviewer.measure.correction import Predicted, ppi
from reviewer.measure.judges import judge
from reviewer.model import columns as c
from reviewer.model.judge import JudgeName
from tests.measure.builders import item, table, taxonomy

from .conftest import library

pytestmark = pytest.mark.filterwarnings("default")
SEEDS = range(25)
WEEK = "2026-W47"


@pytest.mark.parametrize("seed", SEEDS)
def test_prediction_powered_inference(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, size = int(rng.integers(40, 300)), int(rng.integers(1000, 20_000))
    truth = rng.random(size + n) < 0.3
    said = np.where(rng.random(size + n) < 0.85, truth, ~truth).astype(float)
    y, f, rest = truth[:n].astype(float), said[:n], said[n:]
    theirs = library("ppi_py").ppi_mean_ci(y, f, rest, alpha=0.05, lam=0.7)
    stratum = Predicted(size, float(rest.mean()), y, f)
    ours = ppi([stratum], leaning=0.7)
    assert ours is not None
    assert tuple(ours.limits) == pytest.approx([float(limit[0]) for limit in theirs], abs=1e-9)
    # Found from the data, the leaning differs a little: they take the judge's variance from all traces, we from the read.
    theirs = library("ppi_py").ppi_mean_ci(y, f, rest, alpha=0.05)
    found = ppi([stratum])
    assert found is not None
    assert tuple(found.limits) == pytest.approx([float(limit[0]) for limit in theirs], abs=1e-2)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_a_judge_finds_and_misses_in_the_traffic(seed: int) -> None:
    metrics = library("sklearn.metrics")
    rng = np.random.default_rng(seed)
    sizes, reads = {"a": 900, "b": 300}, {"a": 45, "b": 60}
    judged, items, people, machine, weights = [], [], [], [], []
    for stratum, size in sizes.items():
        flagged = rng.random(size) < 0.25
        judged += [
            (WEEK, stratum, f"{stratum}{i}", math.nan, "fail" if bad else "pass") for i, bad in enumerate(flagged)
        ]
        # Where flagged ones were reviewed more often, weights by what the judge says put it right.
        read = np.argsort(rng.random(size) * np.where(flagged, 0.5, 1.0))[: reads[stratum]]
        fails = rng.random(len(read)) < np.where(flagged[read], 0.6, 0.15)
        for i, failed in zip(read, fails, strict=True):
            design = {c.STRATUM: stratum, c.N_H: size, c.VERDICT: "fail" if failed else "pass"}
            items.append(item(WEEK, f"{stratum}{i}", **design))
            same = flagged[read] == flagged[i]
            people.append(failed)
            machine.append(flagged[i])
            weights.append((flagged == flagged[i]).sum() / same.sum())
    found = judge(
        JudgeName("verdict", "llm", len(judged)),
        pd.DataFrame(judged, columns=[c.WEEK, c.STRATUM, c.TRACE, c.VALUE, c.LABEL]),
        table(items),
        pd.DataFrame([(WEEK, name, size) for name, size in sizes.items()], columns=[c.WEEK, c.STRATUM, c.SIZE]),
        taxonomy("looping"),
        {},
    )
    assert found is not None
    ours = (found.sensitivity.value, found.specificity.value, found.precision.value, found.f1, found.mcc)
    theirs = (
        metrics.recall_score(people, machine, sample_weight=weights),
        metrics.recall_score(people, machine, sample_weight=weights, pos_label=False),
        metrics.precision_score(people, machine, sample_weight=weights),
        metrics.f1_score(people, machine, sample_weight=weights),
        metrics.matthews_corrcoef(people, machine, sample_weight=weights),
    )
    assert ours == pytest.approx(theirs, abs=1e-9)
