"""BERT (Devlin et al. 2019, arXiv 1810.04805) with a classifier on its first token, as an ONNX graph."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from training.workshop.importers.layers import Layers
from training.workshop.plantbert.checkpoint import Config

if TYPE_CHECKING:
    import onnx

IDS, MASK = "input_ids", "attention_mask"
WORDS = "bert.embeddings.word_embeddings.weight"
HIDDEN_SCORE = -1e9
"""Added to the attention on padding: its weight becomes 0 in float32."""


def network(weights: Mapping[str, NDArray[np.float32]], config: Config) -> onnx.ModelProto:
    """Return the graph: `IDS` and `MASK` (assemblages, tokens) int64 → ``logits``, ``scores`` (assemblages, labels).

    ``scores`` are the softmax of the logits. All tokens are of the first segment. Raises `EngineError` for weights
    that are missing or of another shape.
    """
    from onnx import TensorProto, helper

    layers = Layers(weights)
    x = _embedded(layers, config)
    unseen = layers.op("Sub", layers.constant(np.array(1, np.float32)), layers.op("Cast", MASK, to=TensorProto.FLOAT))
    bias = layers.op("Unsqueeze", layers.op("Mul", unseen, layers.constant(np.array(HIDDEN_SCORE, np.float32))),
                     layers.constant([1, 2]))
    for number in range(config.layers):
        x = _layer(layers, x, bias, f"bert.encoder.layer.{number}", config)
    first = layers.op("Gather", x, layers.constant(np.array(0, np.int64)), axis=1)
    pooled = layers.op("Tanh", layers.linear(first, "bert.pooler.dense", config.hidden, config.hidden))
    logits = layers.linear(pooled, "classifier", config.hidden, len(config.labels))
    return layers.file(
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["assemblages", "tokens"]) for name in (IDS, MASK)],
        logits, "Softmax",
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["assemblages", len(config.labels)])
         for name in ("scores", "logits")])


def _embedded(layers: Layers, config: Config) -> str:
    """Add words, positions and the first segment."""
    words = layers.op("Gather", layers.weight(WORDS, (None, config.hidden)), IDS)
    places = layers.weight("bert.embeddings.position_embeddings.weight", (config.longest, config.hidden))
    length = layers.op("Shape", IDS, start=1, end=2)
    places = layers.op("Slice", places, layers.constant([0]), length, layers.constant([0]))
    segments = layers.weight("bert.embeddings.token_type_embeddings.weight", (None, config.hidden))
    segment = layers.op("Gather", segments, layers.constant(np.array(0, np.int64)))
    x = layers.op("Add", layers.op("Add", words, segment), places)
    return layers.layer_norm(x, "bert.embeddings.LayerNorm", (config.hidden,), config.epsilon)


def _layer(layers: Layers, x: str, bias: str, name: str, config: Config) -> str:
    """Add one layer of the encoder: attention and two dense layers, each added to what went in and normalized."""
    hidden, inner = config.hidden, config.inner
    seen = layers.dense(_attended(layers, x, bias, f"{name}.attention.self", config),
                        f"{name}.attention.output.dense", hidden, hidden)
    x = layers.layer_norm(layers.op("Add", seen, x), f"{name}.attention.output.LayerNorm", (hidden,), config.epsilon)
    wide = layers.gelu(layers.dense(x, f"{name}.intermediate.dense", hidden, inner))
    narrow = layers.dense(wide, f"{name}.output.dense", inner, hidden)
    return layers.layer_norm(layers.op("Add", narrow, x), f"{name}.output.LayerNorm", (hidden,), config.epsilon)


def _attended(layers: Layers, x: str, bias: str, name: str, config: Config) -> str:
    """Add the attention of all heads: softmax(Q Kᵀ ÷ √d + bias) V."""
    size = config.hidden // config.heads

    def heads(part: str, order: list[int]) -> str:
        dense = layers.dense(x, f"{name}.{part}", config.hidden, config.hidden)
        return layers.op("Transpose", layers.reshape(dense, 0, 0, config.heads, size), perm=order)

    products = layers.op("MatMul", heads("query", [0, 2, 1, 3]), heads("key", [0, 2, 3, 1]))
    scaled = layers.op("Div", products, layers.constant(np.array(size ** 0.5, np.float32)))
    weights = layers.op("Softmax", layers.op("Add", scaled, bias), axis=-1)
    seen = layers.op("MatMul", weights, heads("value", [0, 2, 1, 3]))
    return layers.reshape(layers.op("Transpose", seen, perm=[0, 2, 1, 3]), 0, 0, config.hidden)
