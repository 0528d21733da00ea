"""The clean machine: does a published version answer there as it did in training?"""

from handoff_ext.rehearse.rehearsing import rehearse

__all__ = ["rehearse"]
