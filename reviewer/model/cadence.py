"""Cadences: what to look at daily, weekly, monthly and quarterly, and when each was done last."""

from dataclasses import dataclass
from typing import Literal

Page = Literal["home", "review", "explore", "week", "trends", "scorecard", "agreement", "judges", "exports"]
DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Look:
    """One thing to look at, and the page of the window where it is."""

    text: str
    page: Page


@dataclass(frozen=True, slots=True)
class Checklist:
    """A regular look: every so many days, at these things."""

    name: str
    title: str
    about: str
    every_days: int
    looks: tuple[Look, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A checklist with when it was done last (microseconds) and by whom; ``due_us`` is None until it was done once."""

    checklist: Checklist
    last_us: int | None = None
    by: str = ""
    due_us: int | None = None

    def is_due(self, now_us: int) -> bool:
        """Whether it should be done again."""
        return self.due_us is None or now_us >= self.due_us


CHECKLISTS = (
    Checklist(
        "daily",
        "Daily glance",
        "All traffic of the latest day, against its usual range",
        1,
        (
            Look("Is any figure of the latest day outside its usual range?", "home"),
            Look("Did something change that has hardly been read?", "home"),
            Look("Open two or three traces that ended in an error.", "explore"),
        ),
    ),
    Checklist(
        "weekly",
        "Weekly review",
        "The week's sample read, its alerts looked at",
        7,
        (
            Look("Draw the week and read it to the end, the deferred ones too.", "review"),
            Look("Does any failure mode carry WATCH or ALERT?", "trends"),
            Look("What does the diagnosis say of the figures that moved?", "scorecard"),
            Look("Read what is new: a model, a prompt, a tool, another retrieval.", "home"),
            Look("Add what should not happen again to the evaluation set.", "exports"),
        ),
    ),
    Checklist(
        "monthly",
        "Monthly scorecard",
        "Nine fields over four weeks, a decision for each that moved",
        28,
        (
            Look("Make the scorecard of four weeks and hand it on.", "scorecard"),
            Look("Was the change the mix of the traffic, or did something get worse within it?", "scorecard"),
            Look("Go through cost, latency, retrieval and tools by workflow and tenant.", "scorecard"),
            Look("Do readers still agree? Settle what they read differently.", "agreement"),
            Look("Are imported judges as good as they were?", "judges"),
        ),
    ),
    Checklist(
        "quarterly",
        "Quarterly refresh",
        "The list of failure modes, the plan and the evaluation set looked over",
        91,
        (
            Look("Merge, split or retire failure modes that are never used or always confused.", "trends"),
            Look("Has reading stopped to bring new failure modes? Then the sample can be smaller.", "trends"),
            Look("Does the plan of the week still fit the traffic: strata, size, anchor?", "week"),
            Look("Is each failure mode's owner and runbook still right?", "scorecard"),
            Look("Renew the evaluation set from what was read this quarter.", "exports"),
        ),
    ),
)
"""The checklists, the most frequent first."""


def standing(checklist: Checklist, last_us: int | None, by: str) -> Standing:
    """Return a checklist with when it is due: so many days after it was done."""
    due_us = None if last_us is None else last_us + checklist.every_days * DAY_US
    return Standing(checklist, last_us, by, due_us)
