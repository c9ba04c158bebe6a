"""A service for tests in another Python (that of QGIS): prints its address and token, ends with its input."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from service.alone import free_port, running_alone


def main() -> None:
    """Run until standard input ends."""
    with tempfile.TemporaryDirectory(prefix="gpn-service-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        with running_alone(Path(folder), free_port()) as alone:
            print(f"{alone.address} {alone.token}", flush=True)
            sys.stdin.read()


if __name__ == "__main__":
    main()
