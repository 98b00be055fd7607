"""Merge records into an MLflow dataset: python mlflow_records.py FOLDER; prints one JSON row a record, in our names."""

import json
import os
import sys
import tempfile
from pathlib import Path

import mlflow
from mlflow.genai import datasets

records = [json.loads(line) for line in (Path(sys.argv[1]) / "records.jsonl").read_bytes().split(b"\n") if line]
with tempfile.TemporaryDirectory() as place:
    os.chdir(place)
    mlflow.set_tracking_uri(f"sqlite:///{place}/mlflow.db")
    experiment = mlflow.create_experiment("reviewed")
    dataset = datasets.create_dataset(name="reviewed", experiment_id=[experiment])
    dataset.merge_records(records)
    for held in dataset.to_df().to_dict("records"):
        said, tags = held["expectations"], held["tags"]
        row = {
            "example_id": tags["example_id"],
            "trace_id": tags["trace_id"],
            "split": tags["split"],
            "output": held["outputs"]["response"],
            "expected": said["expected_response"],
            "retrieved_contexts": held["inputs"]["retrieved_contexts"],
            "expected_tool_calls": [
                {"id": f"expected-{n}", **call} for n, call in enumerate(said["expected_tool_calls"], 1)
            ],
            **{key: said[key] for key in ("verdict", "failure_modes", "scores", "critique")},
        }
        print(json.dumps(row))
