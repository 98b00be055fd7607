"""How far an interval reaches at a rate of ten percent: computed once, in another process, for every sample size."""

from reviewer.jobs.running import Channel

RATE = 0.10
LARGEST = 400
Limits = list[tuple[float, float]]


def precision_table(_: Channel) -> Limits:
    """Return the 95 % limits of a rate of 10 % for effective sizes of 1 to 400; entry 0 is that of size 1."""
    # scipy takes half a second to load: never in the window's own process.
    from reviewer.measure.intervals import beta_limits

    limits = (beta_limits(RATE, size) for size in range(1, LARGEST + 1))
    return [(found.low, found.high) for found in limits]
