"""The engine as a child process: one job on standard input, events on standard output.

The first line of input is the job. The line ``cancel`` stops it at the next strip; the end of the input means
that the parent has died and ends the engine. Tracebacks go to standard error.
"""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

from geoplantnet_plugin.common.errors import EngineError
from geoplantnet_plugin.engine.base.reporters import JsonReporter
from geoplantnet_plugin.engine.commands.line import collect_seldom, run
from geoplantnet_plugin.engine.commands.table import jobs


def main() -> int:
    """Run the job and return the exit code of `line.run`."""
    collect_seldom()
    logging.basicConfig(stream=sys.stderr, level=logging.INFO)
    reporter = JsonReporter(sys.stdout)
    line = sys.stdin.readline()
    reporter.listen(sys.stdin)
    document: dict[str, Any] = {}

    def work() -> dict[str, object]:
        document.update(_document(line))
        name, known = document.pop("job", None), jobs()
        if name not in known:
            raise EngineError("job_invalid", reason=f"job {name!r}")
        return known[name].of_job(document, reporter)

    return run(work, reporter, lambda: document.get("out"))


def _document(line: str) -> dict[str, Any]:
    try:
        document = json.loads(line)
    except ValueError as error:
        raise EngineError("job_invalid", reason=str(error)) from error
    if not isinstance(document, dict):
        raise EngineError("job_invalid", reason="not an object")
    return document


if __name__ == "__main__":
    sys.exit(main())
