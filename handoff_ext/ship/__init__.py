"""The whole road in order: what ``handoff ship`` does, and what the sidebar's test run and publication are."""

from handoff_ext.ship.journey import Options
from handoff_ext.ship.road import ship

__all__ = ["Options", "ship"]
