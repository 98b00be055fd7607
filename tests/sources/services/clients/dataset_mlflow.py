"""Print a dataset as MLflow's own client reads it, a JSON list of rows: ADDRESS, EXPERIMENT, name of the dataset."""

import json
import sys

import mlflow
from mlflow.genai import datasets

mlflow.set_tracking_uri(sys.argv[1])
experiment = mlflow.get_experiment_by_name(sys.argv[2])
[found] = [
    one for one in datasets.search_datasets(experiment_ids=[experiment.experiment_id]) if one.name == sys.argv[3]
]
table = found.to_df()
rows = [{part: row[part] for part in ("inputs", "outputs", "expectations", "tags")} for _, row in table.iterrows()]
print(json.dumps({"rows": rows, "version": ""}))
