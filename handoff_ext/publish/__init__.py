"""Exact package lists, packing in the kernel's environment, parity, the card, and the way into MLflow."""

from handoff_ext.publish.lockcheck import Moved, moved
from handoff_ext.publish.locking import Locks, lock
from handoff_ext.publish.packing import Packed, pack
from handoff_ext.publish.parity import parity
from handoff_ext.publish.publishing import Logged, Version, log, publish, register

__all__ = [
    "Locks",
    "Logged",
    "Moved",
    "Packed",
    "Version",
    "lock",
    "log",
    "moved",
    "pack",
    "parity",
    "publish",
    "register",
]
