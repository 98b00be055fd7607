"""Load samples with Ragas: python ragas_samples.py FOLDER; prints one JSON row a sample, in our names."""

import json
import sys
from pathlib import Path

from ragas import EvaluationDataset

for kind in ("single_turn", "multi_turn"):
    folder = Path(sys.argv[1])
    labels = [json.loads(line) for line in (folder / f"{kind}.labels.jsonl").read_bytes().split(b"\n") if line]
    dataset = EvaluationDataset.from_jsonl(str(folder / f"{kind}.jsonl"))
    for sample, label in zip(dataset, labels, strict=True):
        row = {**label, "expected": sample.reference}
        if kind == "single_turn":
            row |= {
                "input": sample.user_input,
                "output": sample.response,
                "retrieved_contexts": sample.retrieved_contexts,
            }
        else:
            row["output"] = sample.user_input[-1].content
            row["expected_tool_calls"] = [
                {"id": f"expected-{n}", "name": call.name, "arguments": call.args}
                for n, call in enumerate(sample.reference_tool_calls or (), 1)
            ]
            assert sample.user_input[-1].metadata["example_id"] == label["example_id"]
        print(json.dumps(row))
