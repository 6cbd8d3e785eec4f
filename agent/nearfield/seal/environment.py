"""Switch off everything in the dependencies that would phone somewhere. Called first thing in `main()`.

onnxruntime from 1.29 on reports to its vendor (it is pinned below, and told off as well); LangChain's tracer is off unless one
of four variables says otherwise, so all four are forced; the hub's client is told that it is offline.
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping

OFF = {
    "ORT_DISABLE_TELEMETRY": "1",
    "LANGSMITH_TRACING": "false",
    "LANGSMITH_TRACING_V2": "false",
    "LANGCHAIN_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGGRAPH_STRICT_MSGPACK": "true",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_UPDATE_CHECK": "1",
    "DO_NOT_TRACK": "1",
}
"""Variables and the value that means silence."""


def close_telemetry(environment: MutableMapping[str, str] = os.environ) -> None:
    """Force every switch of `OFF`, whatever the user's shell had set."""
    environment.update(OFF)
