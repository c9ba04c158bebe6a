"""Memory: the peak of whole jobs beside their budgets, as the operating system counts it (``ru_maxrss``).

``python -m benchmarks.memory`` runs this part alone. The hardest block there is: 65,536 cells that keep the most scores
that a rule may keep. Each job runs with the least budget that planning tells, and with more.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.large import site, write_large_model
from benchmarks.measure import geoplantnet, table

BUDGETS = ("1GB", "2GB")


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_large_model(folder / "large")
        rows = []
        for rule in ("topk:25", "topk:550"):
            job = ("assess", *site(folder, 256), "--model", str(folder / "large"), "--set-rule", rule)
            least = least_of(job, folder / "refused")
            for budget in (f"{least}MB", *BUDGETS):
                run = geoplantnet(*job, "--memory", budget, "--out", str(folder / f"{rule[5:]}-{budget}"))
                rows.append((f"{rule}, --memory {budget}", f"{run.peak_mb:,.0f} MB"))
        table("Peak resident memory: 65,536 cells, 11,255 taxa", rows)


def least_of(job: tuple[str, ...], out: Path) -> int:
    """Return the least budget in MB that planning tells when it is given too little."""
    command = [str(Path(sys.executable).with_name("geoplantnet")), "--json", *job, "--memory", "256MB",
               "--out", str(out)]
    answer = subprocess.run(command, capture_output=True, text=True)
    return int(json.loads(answer.stdout.splitlines()[-1])["params"]["least"])


if __name__ == "__main__":
    main()
