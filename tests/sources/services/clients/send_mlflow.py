"""Send traces to MLflow with its own library: ADDRESS, EXPERIMENT, how many. Runs in MLflow's environment."""

import sys

import mlflow

address, experiment, size = sys.argv[1], sys.argv[2], int(sys.argv[3])
mlflow.set_tracking_uri(address)
mlflow.set_experiment(experiment)
for n in range(size):
    question, answer = f"Where is parcel {n}?", f"Parcel {n} is on its way."
    with mlflow.start_span("shop", span_type="CHAIN") as root:
        messages = [{"role": "user", "content": question}]
        root.set_inputs({"messages": messages})
        mlflow.update_current_trace(tags={"route": "billing" if n % 4 == 0 else "returns"})
        with mlflow.start_span("llm", span_type="CHAT_MODEL") as call:
            call.set_inputs({"messages": messages, "model": "model-a"})
            call.set_outputs({"choices": [{"message": {"role": "assistant", "content": answer}}]})
        root.set_outputs(answer)
mlflow.flush_trace_async_logging()
