"""Print a dataset as Phoenix's own client reads it, a JSON list of rows: ADDRESS, PROJECT, name of the dataset."""

import json
import sys

from phoenix.client import Client

client, name = Client(base_url=sys.argv[1]), sys.argv[3]
whole = client.datasets.get_dataset(dataset=name)
splits = {
    one["id"]: split
    for split in ("train", "dev", "test")
    if split in {row["metadata"]["split"] for row in whole.examples}
    for one in client.datasets.get_dataset(dataset=name, splits=[split]).examples
}
rows = [
    {"id": one["id"], "splits": splits.get(one["id"]), **{part: one[part] for part in ("input", "output", "metadata")}}
    for one in whole.examples
]
print(json.dumps({"rows": rows, "version": whole.version_id}))
