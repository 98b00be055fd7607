"""What a number stands on, and what it counts."""

from enum import StrEnum


class Basis(StrEnum):
    """What a number stands on. Every number says it."""

    ALL_TRAFFIC = "all traffic"
    ESTIMATE = "estimate"
    REVIEWED = "of the reviewed"  # no design: a share of what was read, never a rate of the traffic
    FIXED_SET = "fixed set"
    OVERLAP = "read twice"  # of the traces that two or more have read, which need not be like the traffic
    NOT_RECORDED = "not recorded"


class Unit(StrEnum):
    """What a value counts; ``wording`` knows how each is said."""

    SHARE = "share"  # 0 to 1
    MILLISECONDS = "ms"
    DOLLARS = "usd"
    COUNT = "count"
    SCORE = "score"
    DAYS = "days"
