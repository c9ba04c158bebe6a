"""Work done at the same time, that a person can stop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from types import TracebackType
from typing import TypeVar

from geoplantnet_plugin.engine.base.events import Reporter
from geoplantnet_plugin.engine.cube.net.remote import LOOK, Remote

Result = TypeVar("Result")


class Workers:
    """Threads that wait for hosts, and a main thread that listens to `reporter` meanwhile."""

    def __init__(self, remote: Remote, reporter: Reporter) -> None:
        self._remote = remote
        self._reporter = reporter
        self._pool = ThreadPoolExecutor(2 * remote.connections, "net")

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        if kind is not None:
            self._remote.stop()
        self._pool.shutdown(cancel_futures=True)

    def gather(self, work: Sequence[Callable[[], Result]], finished: Callable[[int], None] = lambda count: None
               ) -> list[Result]:
        """Return what each piece of work gives, in order; `finished` hears how many are done.

        Raises:
            Cancelled: the caller asked to stop; requests under way are given up.
        """
        futures = [self._pool.submit(entry) for entry in work]
        waiting: set[Future[Result]] = set(futures)
        try:
            while waiting:
                self._reporter.checkpoint()
                done, waiting = wait(waiting, LOOK, FIRST_EXCEPTION)
                for future in done:
                    future.result()
                finished(len(futures) - len(waiting))
        except BaseException:
            for future in futures:
                future.cancel()
            raise
        return [future.result() for future in futures]

    def one(self, work: Callable[[], Result]) -> Result:
        """Return what one piece of work gives, listening meanwhile."""
        return self.gather([work])[0]
