"""Print the annotations of traces as Phoenix's own client reads them, a JSON list: ADDRESS, PROJECT, trace ids.

The client writes annotations of traces and has no function that reads them: its connection does.
"""

import json
import sys

from phoenix.client import Client

address, project, traces = sys.argv[1], sys.argv[2], sys.argv[3:]
client = Client(base_url=address)
answer = client._client.get(f"v1/projects/{project}/trace_annotations", params={"trace_ids": traces, "limit": 1000})
answer.raise_for_status()
told = [
    [row["trace_id"], row["name"], row["identifier"], {k: v for k, v in row["result"].items() if v is not None}]
    for row in answer.json()["data"]
]
print(json.dumps(sorted(told, key=str)))
