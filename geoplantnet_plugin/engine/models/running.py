"""A graph open in ONNX Runtime: on which device, with how many threads, and within which memory."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.limited import MEMORY, at_most

if TYPE_CHECKING:
    import onnx

PROVIDER = "ExecutionProvider"
CPU = "cpu"
GRAPH_COPIES = 3
"""How often a graph is in memory while it is opened: as read, as bytes, and in ONNX Runtime."""


class Running:
    """An open graph of the model `name`; safe to run in many threads.

    Opening and running take no more memory, beyond what the process has, than `MEMORY` and the graph's copies, or
    `allowance` bytes where that is set to more (on Linux and the processor; elsewhere nothing bounds them).

    Raises `EngineError`: ``model_graph_refused``, ``model_memory``, ``model_provider_unused``.
    """

    def __init__(self, graph: onnx.ModelProto, threads: int, provider: str, name: str) -> None:
        import onnxruntime

        content = graph.SerializeToString()
        self.allowance = MEMORY + GRAPH_COPIES * len(content)
        self._name, self._bounded = name, provider_of(CPU) == provider
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 4  # what fails is told in a sentence
        # Waiting threads would take the processors from reading, ranking and writing.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            with at_most(self.allowance if self._bounded else None):
                self._session = onnxruntime.InferenceSession(content, options, providers=[provider])
        except Exception as error:  # onnxruntime's exceptions share no base but this
            raise self._refused("model_graph_refused", error) from error
        if (used := self._session.get_providers()[0]) != provider:  # ONNX Runtime takes another without a word
            raise EngineError("model_provider_unused", provider=provider, used=used)
        self.outputs = [output.name for output in self._session.get_outputs()]

    def run(self, wanted: Sequence[str] | None, feed: Mapping[str, NDArray[Any]]) -> list[Any]:
        """Return the outputs `wanted`, all where None; raises `EngineError`: ``model_graph_failed``, ``model_memory``.
        """
        try:
            with at_most(self.allowance if self._bounded else None):
                found: list[Any] = self._session.run(wanted, feed)
        except Exception as error:  # onnxruntime's exceptions share no base but this
            raise self._refused("model_graph_failed", error) from error
        return found

    def _refused(self, code: str, error: Exception) -> EngineError:
        text = str(error).strip()
        if isinstance(error, MemoryError) or any(words in text for words in OUT_OF_MEMORY):
            return EngineError("model_memory", model=self._name, memory=self.allowance // 1024**2)
        cause = CALLERS.split(text)[-1] or type(error).__name__
        return EngineError(code, model=self._name, reason=cause.splitlines()[0][:300])


OUT_OF_MEMORY = ("Failed to allocate memory", "bad_alloc", "bad allocation", "length_error", "vector::_M_")
"""What ONNX Runtime says of memory that it does not get."""
CALLERS = re.compile(r"\[ONNXRuntimeError\] : \d+ : \w+ : ")
"""Before each step from the call down to the cause, which is the last."""


def provider_of(device: str) -> str:
    """Return the ONNX Runtime provider of a device.

    Raises:
        EngineError: ``model_provider``, this computer has none.
    """
    import onnxruntime

    known = {name.removesuffix(PROVIDER).lower(): name for name in onnxruntime.get_available_providers()}
    if device.lower() not in known:
        raise EngineError("model_provider", device=device, available=sorted(known))
    return str(known[device.lower()])
