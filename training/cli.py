"""The command line of the training: ``python -m training`` or ``geoplantnet-train``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.util import find_spec

NEEDED = {"torch": "PyTorch", "sklearn": "scikit-learn", "pandas": "pandas", "elapid": "elapid"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code: 0 done, 2 unusable input or a missing package."""
    if lacking := [name for module, name in NEEDED.items() if find_spec(module) is None]:
        print(f"Training needs {', '.join(lacking)}, which the plugin itself does not. In the project's folder: "
              'pip install -e ".[train]"', file=sys.stderr)
        return 2
    from training.commands import run

    return run(arguments)
