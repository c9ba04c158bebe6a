"""What the commands that measure a shipped model anew have in common: ``python -m training.annotate MODEL`` …"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from training.datasets import DATA, READERS, Plots
from training.models import SHIPPED, Model

BUILD, PACKAGES = Path("build/training"), Path("resources/models")


@dataclass(frozen=True)
class Asked:
    """A shipped model, its plots, where its scores are kept, its package, and all that was asked for."""

    model: Model
    plots: Plots
    cache: Path
    package: Path
    args: argparse.Namespace


def asked(program: str, about: str | None, arguments: Sequence[str] | None,
          more: Callable[[argparse.ArgumentParser], object] = lambda parser: None) -> Asked:
    """Read the command line of `program`, with the options that `more` adds; PyTorch gets one thread."""
    import torch

    parser = argparse.ArgumentParser(f"python -m training.{program}", description=about,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", choices=sorted(SHIPPED))
    more(parser)
    parser.add_argument("--data", type=Path, default=DATA, help="where public data lie [%(default)s]")
    parser.add_argument("--build", type=Path, default=BUILD, help="where scores are kept [%(default)s]")
    parser.add_argument("--out", type=Path, default=PACKAGES, help="folder of model packages [%(default)s]")
    args = parser.parse_args(arguments)
    torch.set_num_threads(1)
    return Asked(SHIPPED[args.model], READERS[args.model](args.data), args.build / args.model, args.out / args.model,
                 args)
