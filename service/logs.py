"""Logs as JSON lines: never a token, never a geometry."""

from __future__ import annotations

import json
import logging
import sys
from datetime import datetime, timezone


class JsonLines(logging.Formatter):
    """One object a record; `data` of a record's extra goes into it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        entry = {"at": datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds"),
                 "level": record.levelname, "logger": record.name, "message": record.getMessage(),
                 **getattr(record, "data", {})}
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False, default=str)


def set_up_logs() -> None:
    """Write the service's own records to standard error, and of libraries only what went wrong.

    pygeoapi and procrastinate log bodies and arguments at lower levels.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("service").setLevel(logging.INFO)
    logging.getLogger("pygeoapi").setLevel(logging.CRITICAL)
