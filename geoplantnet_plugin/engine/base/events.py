"""What a running job says, and how it hears that it should stop."""

from __future__ import annotations

from typing import Any, Protocol

from geoplantnet_plugin.common.errors import Cancelled


class Reporter:
    """The silent base: every event is dropped. Front ends override what they show.

    Events are codes with parameters (``resources/messages``), so that the caller translates.
    """

    def progress(self, stage: str, done: int, total: int) -> None:
        """`done` of `total` units of `stage` (``scores``, ``outputs``, …) are finished; a `total` of 0 is not known."""

    def expect(self, **seconds: float) -> None:
        """Stages that are to come, in their order, take about so many seconds, going by what was measured."""

    def message(self, code: str, **params: Any) -> None:
        """Something worth knowing."""

    def warning(self, code: str, **params: Any) -> None:
        """Something that makes the result weaker; it is kept in the manifest too."""

    def cancelled(self) -> bool:
        """Whether the caller asked to stop."""
        return False

    def left(self) -> bool:
        """Whether the caller has gone away, rather than asked to stop: what runs elsewhere may go on."""
        return False

    def checkpoint(self) -> None:
        """Raise `Cancelled` when the caller asked to stop; called between blocks."""
        if self.cancelled():
            raise Cancelled


SILENT = Reporter()


class Warner(Protocol):
    """Anything that takes warnings (a `Reporter`, or a list in tests)."""

    def warning(self, code: str, **params: Any) -> None: ...
