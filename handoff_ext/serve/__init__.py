"""Serving a published version: a gateway in our environment, its model in a worker in the version's own."""

from handoff_ext.serve.oneshot import predict
from handoff_ext.serve.server import answer_once_over_http, serve

__all__ = ["answer_once_over_http", "predict", "serve"]
