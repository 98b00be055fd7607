"""Load goldens with DeepEval: python deepeval_goldens.py FOLDER; prints one JSON row a golden, in our names."""

import json
import sys
from pathlib import Path

from deepeval.dataset import EvaluationDataset
from deepeval.dataset.utils import serialize_retrieval_context

for name in ("goldens.jsonl", "conversational.jsonl"):
    dataset = EvaluationDataset()
    dataset.add_goldens_from_jsonl_file(file_path=str(Path(sys.argv[1]) / name))
    for golden in dataset.goldens:
        meta = golden.additional_metadata
        row = {
            "example_id": golden.name,
            "critique": golden.comments or "",
            **{key: meta[key] for key in ("trace_id", "failure_modes", "scores", "verdict", "split", "provenance")},
        }
        if name == "goldens.jsonl":
            row |= {
                "input": golden.input,
                "output": golden.actual_output,
                "expected": golden.expected_output,
                "retrieved_contexts": serialize_retrieval_context(golden.retrieval_context),
                "expected_tool_calls": [
                    {"id": f"expected-{n}", "name": call.name, "arguments": call.input_parameters}
                    for n, call in enumerate(golden.expected_tools or (), 1)
                ],
            }
        else:
            row |= {"expected": golden.expected_outcome, "output": golden.turns[-1].content}
        print(json.dumps(row, default=repr))
