"""``make bench-service``: what a service adds to a run here, many clients at once, coverage, and things that die.

Everything runs on this computer: PostgreSQL, web process, two workers. Smaller numbers:
``--jobs 40 --clients 8 --kills 4``.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from pathlib import Path

from benchmarks.service.crowd import crowd
from benchmarks.service.faults import deaths, full_disk, fuzz
from benchmarks.service.load import overhead
from benchmarks.service.maps import coverage
from service.alone import free_port, running_alone

PARTS = {"overhead": overhead, "coverage": coverage, "crowd": crowd, "deaths": deaths, "full_disk": full_disk,
         "fuzz": fuzz}


def main() -> int:
    """Run the chosen parts and print their figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=500)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=60, help="the crowd is counted after so long")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--examples", type=int, default=30)
    parser.add_argument("--only", nargs="+", choices=list(PARTS), default=list(PARTS))
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what runs is stopped
    with tempfile.TemporaryDirectory(prefix="gpn-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        with running_alone(Path(folder), free_port(), with_maps=False, workers=2) as alone:
            for part in args.only:
                print(f"\n{part}", flush=True)
                for line in PARTS[part](alone, args):
                    print(f"  {line}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
