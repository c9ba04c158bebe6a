"""Reading a folder with a ``BertForSequenceClassification`` as Hugging Face Transformers saves it.

Nothing in it is executed: ``config.json`` and the tokenizer are JSON or text, safetensors are plain arrays.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geoplantnet_plugin.common.errors import EngineError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

CONFIG, WEIGHTS, TOKENIZER, VOCABULARY, ADDED, SETTINGS = (
    "config.json", "model.safetensors", "tokenizer.json", "vocab.txt", "added_tokens.json", "tokenizer_config.json")
NEEDED = ("safetensors", "tokenizers")
SIZES = ("num_hidden_layers", "num_attention_heads", "hidden_size", "intermediate_size", "max_position_embeddings")
ARCHITECTURE = "BertForSequenceClassification"


@dataclass(frozen=True)
class Config:
    """The sizes of the network and its classes in order, EUNIS codes in the published checkpoint."""

    layers: int
    heads: int
    hidden: int
    inner: int
    longest: int
    epsilon: float
    labels: tuple[str, ...]


def need_libraries() -> None:
    """Raise `EngineError` when the extra that reads checkpoints and tokenizers is not installed."""
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        raise EngineError("model_bert_libraries", missing=missing)


def unreadable(folder: Path, reason: object) -> EngineError:
    """Return the error that says why a folder is not such a checkpoint."""
    return EngineError("model_bert_unreadable", folder=folder, reason=str(reason))


def read_config(folder: Path) -> Config:
    """Return what ``config.json`` says; raise `EngineError` for another network, or one that differs in its parts."""
    try:
        found = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        if ARCHITECTURE not in found["architectures"]:
            raise ValueError(f"{CONFIG}: its architecture is {found['architectures']} instead of {ARCHITECTURE}")
        for key, known in (("hidden_act", "gelu"), ("position_embedding_type", "absolute"),
                           ("problem_type", "single_label_classification")):
            if found.get(key) not in (None, known):
                raise ValueError(f"{CONFIG}: {key} is {found[key]} instead of {known}")
        labels = {int(number): str(label) for number, label in found["id2label"].items()}
        layers, heads, hidden, inner, longest = (int(found[key]) for key in SIZES)
        config = Config(layers, heads, hidden, inner, longest, float(found["layer_norm_eps"]),
                        tuple(labels[number] for number in range(len(labels))))
        if min(config.layers, config.heads, len(labels)) < 1 or config.hidden % config.heads:
            raise ValueError(f"{CONFIG}: its sizes do not fit each other")
    except KeyError as error:
        raise unreadable(folder, f"{CONFIG} has no {error}") from error
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise unreadable(folder, error) from error
    return config


def read_weights(folder: Path) -> Mapping[str, NDArray[np.float32]]:
    """Return the weights by name as float32."""
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        found: dict[str, NDArray[Any]] = load_file(folder / WEIGHTS)
    except (OSError, ValueError, TypeError, KeyError, SafetensorError) as error:
        raise unreadable(folder, f"{WEIGHTS}: {error}") from error
    return {name: values.astype(np.float32, copy=False) for name, values in found.items()}


def read_tokenizer(folder: Path, rows: int) -> Tokenizer:
    """Return the tokenizer, which may know at most as many tokens as the network has `rows` of embeddings."""
    from tokenizers import Tokenizer

    try:
        whole = (folder / TOKENIZER).is_file()
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER)) if whole else _from_vocabulary(folder)
    except Exception as error:  # the library raises bare exceptions
        raise unreadable(folder, error) from error
    if (known := tokenizer.get_vocab_size()) > rows:
        raise unreadable(folder, f"its tokenizer knows {known} tokens, its network {rows}")
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _from_vocabulary(folder: Path) -> Tokenizer:
    """Return the tokenizer that older versions of Transformers save in three files, two of which may be absent."""
    from tokenizers import BertWordPieceTokenizer, Tokenizer

    lower = _optional(folder / SETTINGS).get("do_lower_case", True)
    tokenizer = BertWordPieceTokenizer(str(folder / VOCABULARY), lowercase=bool(lower))
    added = _optional(folder / ADDED)
    tokenizer.add_tokens(sorted(added, key=added.__getitem__))
    if strays := [token for token, number in added.items() if tokenizer.token_to_id(token) != number]:
        raise ValueError(f"{ADDED}: {strays[0]} does not follow {VOCABULARY}")
    return Tokenizer.from_str(tokenizer.to_str())


def _optional(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}
