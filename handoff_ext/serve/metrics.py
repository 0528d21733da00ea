"""What the gateway counts, as Prometheus reads it."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from handoff_ext.contracts.serving import Answers
from handoff_ext.serve.serving import Serving

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """Counters of one gateway, in a registry of their own."""

    def __init__(self, serving: Serving) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "handoff_requests", "Requests by route and status.", ["route", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "handoff_request_seconds", "Time of a request.", ["route"], registry=self._registry, buckets=SECONDS
        )
        self._answers = Counter(
            "handoff_answers", "Answers by who gave them.", ["version", "by", "in_scope"], registry=self._registry
        )
        ready = Gauge("handoff_ready", "1 while the model is loaded.", registry=self._registry)
        ready.set_function(lambda: float(serving.engine.model.state == "ready"))
        restarts = Gauge("handoff_worker_restarts", "Starts of the worker after the first.", registry=self._registry)
        restarts.set_function(lambda: float(max(0, serving.engine.model.restarts)))
        lost = Gauge("handoff_log_lost", "Answers that could not be put on record.", registry=self._registry)
        lost.set_function(lambda: float(serving.lost))
        beside = Gauge("handoff_challenger_left_out", "Rows that no challenger saw.", registry=self._registry)
        beside.set_function(lambda: float(sum(each.left_out for each in serving.engine.challengers)))

    def request(self, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        self._requests.labels(route, status).inc()
        self._seconds.labels(route).observe(seconds)

    def answered(self, answers: Answers) -> None:
        """Count answers."""
        for answer in answers.answers:
            by = "fallback" if answer.fallback else "model"
            self._answers.labels(answer.version, by, str(answer.in_scope).lower()).inc()

    def text(self) -> bytes:
        """All figures in Prometheus' text format, version 0.0.4."""
        return generate_latest(self._registry)
