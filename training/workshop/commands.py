"""The command ``geoplantnet model quantize``, which a checkout of the project adds to the engine's."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.commands.command import Added, Command, Result
from geoplantnet_plugin.engine.commands.models import made


def _add(parser: argparse.ArgumentParser) -> None:
    from training.workshop.quantize import add_arguments

    add_arguments(parser)


def _quantize(typed: argparse.Namespace, reporter: Reporter) -> Result:
    from training.workshop.quantize import quantize

    package, moved, weak = quantize(typed, reporter)
    done = made(package, weak, reporter)
    text = (f"{done['text']}\nOver {moved.cells} other cells its scores differ by {moved.score_mean:.2g} in the mean, "
            f"{moved.score_max:.2g} at most; {moved.top_kept:.1%} of the best {moved.top} taxa are the same.")
    return {**done, "deviation": asdict(moved), "text": text}


COMMANDS = (
    Command(_quantize, argparse.Namespace, "model quantize",
            "make a copy in 8-bit integers and measure what it costs", (Added(_add),)),
)
