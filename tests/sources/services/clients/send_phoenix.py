"""Send traces to Phoenix with its own library: ADDRESS, PROJECT, how many. Runs in Phoenix's environment."""

import json
import sys

from phoenix.otel import register

address, project, size = sys.argv[1], sys.argv[2], int(sys.argv[3])
provider = register(
    project_name=project, endpoint=f"{address}/v1/traces", protocol="http/protobuf", batch=False, verbose=False,
    set_global_tracer_provider=False,
)  # fmt: skip
tracer = provider.get_tracer("shop")
for n in range(size):
    question, answer = f"Where is parcel {n}?", f"Parcel {n} is on its way."
    with tracer.start_as_current_span("billing" if n % 4 == 0 else "returns") as root:
        root.set_attribute("openinference.span.kind", "CHAIN")
        root.set_attribute("input.value", question)
        root.set_attribute("output.value", answer)
        root.set_attribute("metadata", json.dumps({"n": n}))
        with tracer.start_as_current_span("llm") as call:
            call.set_attribute("openinference.span.kind", "LLM")
            call.set_attribute("llm.model_name", "model-a")
            for place, role, text in (("input", "user", question), ("output", "assistant", answer)):
                call.set_attribute(f"llm.{place}_messages.0.message.role", role)
                call.set_attribute(f"llm.{place}_messages.0.message.content", text)
provider.force_flush()
provider.shutdown()
