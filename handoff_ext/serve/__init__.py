"""Serving a published version: a gateway in our environment, its model in a worker in the version's own."""

from handoff_ext.serve.oneshot import predict

__all__ = ["predict"]
