"""Figures for who keeps the service running, in the format of Prometheus; closed to the public.

Requests are counted by route and status, never by address, id or person. Under several processes they count together
in the folder that `api.gunicorn_settings` gives them. What the queue holds is read from the database when asked.
"""
from __future__ import annotations

import hmac
import os
import time
from collections.abc import Iterator

from flask import Blueprint, Flask, Response, current_app, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from api.services.upkeep import readiness
from api.settings import LOOPBACK, Settings
from api.store import queue
from api.web.access import ANYBODY, access
from api.web.database import database, now
from api.web.logs import METHODS
from api.web.problems import not_found

blueprint = Blueprint("metrics", __name__)
_STATES = ("queued", "running", "done", "failed", "cancelled")
_EDGES = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_OURS = CollectorRegistry()
_requests = Counter("schakel_requests", "Answers given", ("method", "route", "status"), registry=_OURS)
_alerts = Counter("schakel_access_alerts", "Accounts that were refused more often than by mistake, in an hour",
                  registry=_OURS)  # fmt: skip
_seconds = Histogram("schakel_request_seconds", "Time to answer", ("route",), buckets=_EDGES, registry=_OURS)


def measure(app: Flask) -> None:
    """Count every answer of ``app``."""

    @app.before_request
    def _begin() -> None:
        g.counted_from = time.perf_counter()

    @app.after_request
    def _end(response: Response) -> Response:
        route = str(request.url_rule) if request.url_rule else "none"
        method = request.method if request.method in METHODS else "other"
        _requests.labels(method, route, str(response.status_code)).inc()
        if "counted_from" in g:
            _seconds.labels(route).observe(time.perf_counter() - g.counted_from)
        return response


def count_alert() -> None:
    """Count an account that asks again and again for what is not its own."""
    _alerts.inc()


@blueprint.get("/metrics")
@access(ANYBODY, own_lock=True)
def metrics() -> Response:
    """The figures, for who has the token; without a token set, for this machine alone, and never in production."""
    if not _may_read(current_app.config["SCHAKEL_SETTINGS"]):
        raise not_found()
    shown = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        multiprocess.MultiProcessCollector(shown)  # type: ignore[no-untyped-call]
    else:
        shown.register(_Passing(_OURS))
    shown.register(_Now())
    return Response(generate_latest(shown), content_type=CONTENT_TYPE_LATEST)


def _may_read(settings: Settings) -> bool:
    if settings.metrics_token:
        sent = request.headers.get("Authorization", "")
        return hmac.compare_digest(sent.encode(), f"Bearer {settings.metrics_token}".encode())
    # Behind a proxy everybody comes from this machine: then nobody reads without a token.
    return not settings.production and settings.proxy_hops == 0 and request.remote_addr in LOOPBACK


class _Passing(Collector):
    """What was counted in this process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def collect(self) -> Iterator[Metric]:
        """Every figure."""
        yield from self._registry.collect()


class _Now(Collector):
    """What the database says at this moment."""

    def collect(self) -> Iterator[Metric]:
        """Runs per state, and whether we are ready."""
        found = readiness(database(), now())
        ready = GaugeMetricFamily("schakel_ready", "1 when the database answers and has our tables, and runs are "
                                  "taken up", labels=["part"])  # fmt: skip
        for part, said in found.items():
            ready.add_metric([part], float(said == "ok"))
        yield ready
        if found["schema"] == "ok":
            runs = GaugeMetricFamily("schakel_runs", "Runs per state", labels=["state"])
            with database().reading() as session:
                counted = queue.counts(session)
            for state in _STATES:
                runs.add_metric([state], counted.get(state, 0))
            yield runs
