"""Prometheus metrics, counted in the database when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from . import queue
from .database import Pool


class Records(Collector):
    """What the records say."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield jobs by status, the age of the oldest waiting one, living workers, and bytes of kept results."""
        with self._pool.connection() as connection:
            jobs = connection.execute("SELECT process, status, count(*) AS n FROM service.job GROUP BY 1, 2").fetchall()
            other = connection.execute(
                "SELECT (SELECT coalesce(extract(epoch FROM now() - min(created)), 0) FROM service.job "
                "WHERE status = 'accepted') AS wait, (SELECT count(*) FROM procrastinate_workers "
                "WHERE last_heartbeat > now() - make_interval(secs => %s)) AS workers, "
                "(SELECT coalesce(sum(bytes), 0) FROM service.job WHERE NOT expired) AS bytes",
                [queue.STALLED]).fetchone()
        counted = GaugeMetricFamily("geoplantnet_jobs", "Jobs by process and status", labels=["process", "status"])
        for row in jobs:
            counted.add_metric([row["process"], row["status"]], row["n"])
        yield counted
        for name, text, key in (("oldest_waiting_seconds", "Age of the oldest waiting job", "wait"),
                                ("worker_queues", "Queues that a living worker serves", "workers"),
                                ("result_bytes", "Bytes of kept results", "bytes")):
            yield GaugeMetricFamily(f"geoplantnet_{name}", text, value=float((other or {})[key]))


def metrics(pool: Pool) -> bytes:
    """Return the metrics in Prometheus's text format."""
    registry = CollectorRegistry()
    registry.register(Records(pool))
    return generate_latest(registry)
