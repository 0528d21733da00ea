"""Ignores that say too little or do nothing."""

from __future__ import annotations

from handoff_ext.checks.rules.ignore import no_reason as REASON
from handoff_ext.checks.rules.ignore import unused_ignore as UNUSED

__all__ = ["REASON", "UNUSED"]
