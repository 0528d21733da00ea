"""The ledger's tables, as SQLAlchemy describes them: append-only but for an alert's end."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Float, Index, Integer, MetaData, String, Table, Text

METADATA = MetaData()
NAME = String(256)
MOMENT = String(32)
"""ISO 8601 in UTC: the same text in every database, and in order."""

OUTCOMES = Table(
    "handoff_outcomes",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("answer", String(64), nullable=False, index=True),
    Column("model", NAME, nullable=False),
    Column("truth", JSON),
    Column("decision", JSON),
    Column("known_at", MOMENT, nullable=False),
    Column("reported_at", MOMENT, nullable=False),
    Column("by", NAME, nullable=False),
    Index("handoff_outcomes_by_model", "model", "reported_at"),
)
ALERTS = Table(
    "handoff_alerts",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("key", NAME, nullable=False, index=True),
    Column("model", NAME, nullable=False, index=True),
    Column("opened", MOMENT, nullable=False),
    Column("closed", MOMENT, nullable=False, default=""),
    Column("content", JSON, nullable=False),
)
DECISIONS = Table(
    "handoff_decisions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("model", NAME, nullable=False, index=True),
    Column("version", String(64), nullable=False),
    Column("action", String(32), nullable=False),
    Column("stage", String(32), nullable=False),
    Column("by", NAME, nullable=False),
    Column("at", MOMENT, nullable=False),
    Column("reason", Text, nullable=False),
    Column("figures", JSON, nullable=False),
)
CHECKS = Table(
    "handoff_checks",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("model", NAME, nullable=False, index=True),
    Column("version", String(64), nullable=False),
    Column("at", MOMENT, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("content", JSON, nullable=False),
)
