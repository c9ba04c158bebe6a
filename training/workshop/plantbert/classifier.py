"""The imported classifier on disk, ``model.onnx``, ``tokenizer.json`` and ``habitats.json``, and its use."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.holding import new_folder
from geoplantnet_plugin.engine.models.package import checksum
from training.workshop.plantbert.checkpoint import (
    TOKENIZER,
    WEIGHTS,
    need_libraries,
    read_config,
    read_tokenizer,
    read_weights,
    unreadable,
)
from training.workshop.plantbert.network import IDS, MASK, WORDS, network

GRAPH, ABOUT = "model.onnx", "habitats.json"
BETWEEN, PIECE, UNKNOWN = ", ", "##", "[UNK]"
"""What stands between names, as in training; how a piece inside a word begins; what stands for an unknown word."""


def import_classifier(folder: Path, out: Path) -> Classifier:
    """Convert the checkpoint in `folder` into the new folder `out` and return it opened.

    Raises:
        EngineError: a library is missing, `out` exists, or `folder` holds no such checkpoint.
    """
    need_libraries()
    if out.exists():
        raise EngineError("model_exists", folder=out)
    config = read_config(folder)
    weights = read_weights(folder)
    graph = network(weights, config)
    tokenizer = read_tokenizer(folder, len(weights[WORDS]))
    with new_folder(out) as made:
        (made / GRAPH).write_bytes(graph.SerializeToString())
        tokenizer.save(str(made / TOKENIZER))
        about = {"labels": config.labels, "longest": config.longest, "tokens": len(weights[WORDS]),
                 "checkpoint": checksum(folder / WEIGHTS)}
        (made / ABOUT).write_text(json.dumps(about, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return Classifier(out)


class Classifier:
    """An imported classifier, opened; `labels` are its classes in order.

    Raises:
        EngineError: a library is missing, or `folder` is not what `import_classifier` writes.
    """

    def __init__(self, folder: Path) -> None:
        import onnxruntime

        need_libraries()
        try:
            about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
            self.labels: tuple[str, ...] = tuple(map(str, about["labels"]))
            self._longest = int(about["longest"])
            tokens = int(about["tokens"])
            self._session = onnxruntime.InferenceSession(str(folder / GRAPH), providers=["CPUExecutionProvider"])
        except Exception as error:  # ONNX Runtime's exceptions share no base but this
            raise unreadable(folder, error) from error
        self._tokenizer = read_tokenizer(folder, tokens)
        self._whole_names = any(" " in token for token in self._tokenizer.get_vocab())

    def knows(self, name: str) -> bool:
        """Whether the vocabulary has a name: as one token where it has whole names, else as whole words."""
        tokens = self._tokenizer.encode(name, add_special_tokens=False).tokens
        if self._whole_names:
            return len(tokens) == 1 and tokens[0] != UNKNOWN
        return bool(tokens) and not any(token == UNKNOWN or token.startswith(PIECE) for token in tokens)

    def encode(self, names: Sequence[str]) -> tuple[list[int], int]:
        """Return the tokens of a list of names, and how many of them, from the first, the network has room for."""
        kept = list(names[:self._longest // 2])  # a name and what follows it are two tokens or more
        while len(ids := self._tokenizer.encode(BETWEEN.join(kept)).ids) > self._longest and kept:
            kept.pop()
        return ids, len(kept)

    def scores(self, lists: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Return the scores (lists, labels), which sum to 1, of lists of tokens."""
        longest = max(map(len, lists))
        ids, mask = (np.zeros((len(lists), longest), np.int64) for _ in range(2))
        for row, tokens in enumerate(lists):
            ids[row, :len(tokens)] = tokens
            mask[row, :len(tokens)] = 1
        found: NDArray[np.float32] = self._session.run(["scores"], {IDS: ids, MASK: mask})[0]
        return found
