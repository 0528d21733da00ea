"""The model card in two forms, Markdown and a page without anything from elsewhere, and the operator's runbook."""

from handoff_ext.publish.card.facts import CardFacts, InCharge
from handoff_ext.publish.card.render import write_cards

__all__ = ["CardFacts", "InCharge", "write_cards"]
