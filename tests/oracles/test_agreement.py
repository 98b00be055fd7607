"""Agreement between readers against krippendorff, nltk, statsmodels and scikit-learn, on random readings."""

import numpy as np
import pytest

from reviewer.measure.coefficients import Level, Ratings, alpha, cohen, fleiss, masi_distances, ratings

from .conftest import library

pytestmark = pytest.mark.filterwarnings("default")
SEEDS = range(30)


def readings(seed: int) -> list[list[int | None]]:
    """Return what three readers said of some units, one row a reader, with gaps."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(1, 5, int(rng.integers(12, 80)))
    said = np.where(rng.random((3, len(truth))) < 0.7, truth, rng.integers(1, 5, (3, len(truth))))
    gaps = rng.random(said.shape) < 0.2
    return [
        [None if gap else int(value) for value, gap in zip(*row, strict=True)] for row in zip(said, gaps, strict=True)
    ]


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval"])
@pytest.mark.parametrize("seed", SEEDS)
def test_alpha_with_gaps(seed: int, level: Level) -> None:
    said = readings(seed)
    as_numbers = [[np.nan if value is None else value for value in row] for row in said]
    theirs = library("krippendorff").alpha(reliability_data=as_numbers, level_of_measurement=level)
    units = [[value for value in unit if value is not None] for unit in zip(*said, strict=True)]
    assert alpha(ratings(units), level)[0] == pytest.approx(theirs, abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_alpha_of_sets(seed: int) -> None:
    distance = library("nltk.metrics.distance").masi_distance
    task = library("nltk.metrics.agreement").AnnotationTask
    rng = np.random.default_rng(seed)
    chosen = rng.random((2, 40, 4)) < 0.35
    # Two empty sets are equal; theirs divides by their union, which is empty.
    chosen[:, :, 0] |= ~chosen.any(axis=2)
    sets = [[frozenset(np.flatnonzero(one).tolist()) for one in reader] for reader in chosen]
    data = [(str(who), str(unit), one) for who, reader in enumerate(sets) for unit, one in enumerate(reader)]
    assert alpha(ratings(list(zip(*sets, strict=True))), "sets")[0] == pytest.approx(
        task(data=data, distance=distance).alpha(), abs=1e-9
    )
    values = sorted({one for reader in sets for one in reader}, key=sorted)
    ours = masi_distances(values)
    theirs = [[distance(a, b) for b in values] for a in values]
    assert ours == pytest.approx(np.array(theirs), abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_kappas(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 3, 60)
    said = np.where(rng.random((4, 60)) < 0.7, truth, rng.integers(0, 3, (4, 60)))
    theirs = library("sklearn.metrics").cohen_kappa_score(said[0], said[1])
    assert cohen(said[0].tolist(), said[1].tolist())[0] == pytest.approx(theirs, abs=1e-9)
    counts = np.stack([(said == value).sum(axis=0) for value in range(3)], axis=1)
    inter_rater = library("statsmodels.stats.inter_rater")
    assert fleiss(Ratings((0, 1, 2), counts.astype(float)))[0] == pytest.approx(
        inter_rater.fleiss_kappa(counts), abs=1e-9
    )
