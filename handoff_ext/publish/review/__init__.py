"""What differs between two notebooks, pipelines, published versions or git revisions; and what is still to be done."""

from handoff_ext.publish.review.differences import Differences, differences
from handoff_ext.publish.review.readiness import Readiness, readiness
from handoff_ext.publish.review.sides import Side, open_side

__all__ = ["Differences", "Readiness", "Side", "differences", "open_side", "readiness"]
