"""The names of the nine fields, and the method behind each in plain words."""

TITLES = {
    "top_workflows": "Top workflows",
    "top_failure_modes": "Top failure modes",
    "p95_latency": "p95 latency",
    "cost_per_success": "Cost per successful task",
    "structured_output_pass": "Structured output pass",
    "tool_success": "Tool success",
    "empty_retrieval": "Empty retrieval",
    "escalation": "Escalation",
    "eval_trend": "Evaluation trend",
}
EXPLANATIONS = {
    "top_workflows": "The share of each workflow in all imported traces of the period. Nothing is estimated.",
    "top_failure_modes": (
        "How common each failure mode is in the traffic, estimated from the reviewed sample. Each reviewed trace "
        "counts for as many traces of its stratum as it stands for, so oversampled strata do not inflate the rate. "
        "The interval holds the true rate 95 times in 100 (Korn-Graubard). Where too few were reviewed for a "
        "percentage, the count stands instead."
    ),
    "p95_latency": "95 of 100 traces were faster than this. From every trace that records its latency.",
    "cost_per_success": (
        "What the reviewed traces cost, divided by how many of them passed, each weighted by how many traces it "
        "stands for. Success is a reviewer's verdict, so this is an estimate, with a 95 % interval."
    ),
    "structured_output_pass": "Of all traces that record a schema, the share whose output is valid against it.",
    "tool_success": "The share of all tool calls that came back without an error.",
    "empty_retrieval": "The share of all retrieval steps that returned no document.",
    "escalation": "The share of all sessions that were handed over to a person, where traces record it.",
    "eval_trend": "The share of a fixed evaluation set that passes, newest run first, with Clopper-Pearson limits and the run before. "
    "It moves with the application, not with the traffic.",
}
SPLIT = (
    "Mix is what moved because other {by}s make up the traffic now, within is what moved inside them. Together they are "
    "the change; what {by}s that came or went add is named beside them. Rates and means are split after Kitagawa (1955), "
    "a percentile and the cost of a success by giving the later traces the earlier mix. A dash: no split holds, or "
    "there is nothing to compare with."
)
MOVED = (
    "A change is dark where it is more than chance: for an estimate, where the 95 % interval of the difference does not "
    "hold 0; for a number of all traffic, where it is a tenth of what it was or more, and a share differs by more than "
    "shares of so many traces vary by themselves."
)
