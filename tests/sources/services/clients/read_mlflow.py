"""Print the assessments of traces as MLflow's own client reads them, a JSON list: ADDRESS, EXPERIMENT, trace ids."""

import json
import sys

import mlflow

mlflow.set_tracking_uri(sys.argv[1])
told = []
for trace in sys.argv[3:]:
    for one in mlflow.get_trace(trace).info.assessments:
        held = one.feedback if one.feedback is not None else one.expectation
        result = {"value": held.value, **({"explanation": one.rationale} if one.rationale else {})}
        told.append([trace, one.name, one.source.source_id, result])
print(json.dumps(sorted(told, key=str)))
