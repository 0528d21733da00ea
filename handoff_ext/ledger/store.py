"""Outcomes, alerts, decisions and checks in SQL: sqlite by default, PostgreSQL or another by its address."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handoff_ext.contracts.errors import Away, HandoffError
from handoff_ext.contracts.watching import Alert, Decision

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Select, Table

MANY = 500


def now() -> str:
    """This moment as the ledger writes moments: ISO 8601, UTC, milliseconds."""
    return moment(datetime.datetime.now(datetime.UTC))


def moment(when: datetime.datetime) -> str:
    """A moment as the ledger writes it; without a time zone it is taken as UTC."""
    when = when.replace(tzinfo=datetime.UTC) if when.tzinfo is None else when.astimezone(datetime.UTC)
    return when.isoformat(timespec="milliseconds")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What really came of one answer (``answer`` is its id), what a person decided, when it was known and reported."""

    answer: str
    truth: Any = None
    decision: Any = None
    known_at: str = ""
    reported_at: str = ""
    by: str = ""


class Store:
    """One ledger's database. Tables are made on first use.

    Args:
        url: SQLAlchemy's address.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._made: Engine | None = None

    def close(self) -> None:
        """Give the database's connections back."""
        if self._made is not None:
            self._made.dispose()
            self._made = None

    def add_outcomes(self, model: str, outcomes: Iterable[Outcome]) -> int:
        """Add outcomes; a later one about the same answer counts instead of the earlier. How many.

        Raises:
            HandoffError: the database does not answer.
        """
        from handoff_ext.ledger.schema import OUTCOMES

        at = now()
        rows = [
            {**vars(each), "model": model, "known_at": each.known_at or at, "reported_at": each.reported_at or at}
            for each in outcomes
        ]
        self._insert(OUTCOMES, rows)
        return len(rows)

    def outcomes(self, model: str, since: str = "") -> dict[str, Outcome]:
        """Outcomes by answer that were reported since a moment, the last about each."""
        from sqlalchemy import select

        from handoff_ext.ledger.schema import OUTCOMES as o

        asked = select(o.c.answer, o.c.truth, o.c.decision, o.c.known_at, o.c.reported_at, o.c.by)
        asked = asked.where(o.c.model == model, o.c.reported_at >= since).order_by(o.c.id)
        return {row["answer"]: Outcome(**row) for row in self._rows(asked)}

    def decide(self, decision: Decision) -> Decision:
        """Put a decision on record, with the time where it has none."""
        from handoff_ext.ledger.schema import DECISIONS

        content = decision.model_dump(exclude={"id"}) | {"at": decision.at or now()}
        return Decision(id=self._insert(DECISIONS, [content]), **content)

    def decisions(self, model: str = "") -> list[Decision]:
        """Decisions, newest first; of all models where none is named."""
        from sqlalchemy import select

        from handoff_ext.ledger.schema import DECISIONS as d

        asked = select(d).order_by(d.c.id.desc())
        return [Decision(**row) for row in self._rows(asked.where(d.c.model == model) if model else asked)]

    def accept(self, model: str, version: str, owner: str, reason: str = "") -> Decision:
        """Put on record that ``owner`` answers for a version."""
        return self.decide(Decision(model=model, version=version, action="accept", by=owner, reason=reason))

    def acceptance(self, model: str, version: str) -> Decision | None:
        """The newest acceptance of a version; None where nobody accepted it."""
        found = (each for each in self.decisions(model) if each.action == "accept" and each.version == version)
        return next(found, None)

    def alerts(self, model: str = "", only_open: bool = False) -> list[Alert]:
        """Alerts, newest first."""
        from sqlalchemy import select

        from handoff_ext.ledger.schema import ALERTS as a

        asked = select(a.c.id, a.c.opened, a.c.closed, a.c.content).order_by(a.c.id.desc())
        asked = asked.where(a.c.model == model) if model else asked
        asked = asked.where(a.c.closed == "") if only_open else asked
        return [
            Alert(**{**row["content"], "id": row["id"], "opened": row["opened"], "closed": row["closed"]})
            for row in self._rows(asked)
        ]

    def save_alert(self, key: str, alert: Alert) -> Alert:
        """Open an alert, or write down how an open one stands."""
        from handoff_ext.ledger.schema import ALERTS as a

        content = alert.model_dump(exclude={"id", "opened", "closed"})
        opened = alert.opened or now()
        if not alert.id:
            row = {"key": key, "model": alert.model, "opened": opened, "closed": "", "content": content}
            return alert.model_copy(update={"id": self._insert(a, [row]), "opened": opened})
        with self._connected() as connection:
            connection.execute(a.update().where(a.c.id == alert.id).values(closed=alert.closed, content=content))
        return alert

    def open_alerts(self, model: str) -> dict[str, Alert]:
        """Open alerts of a model by their key."""
        from sqlalchemy import select

        from handoff_ext.ledger.schema import ALERTS as a

        asked = select(a.c.id, a.c.key).where(a.c.model == model, a.c.closed == "")
        keys = {row["id"]: row["key"] for row in self._rows(asked)}
        return {keys[alert.id]: alert for alert in self.alerts(model, only_open=True)}

    def acknowledge(self, alert: int, by: str) -> Alert:
        """Put on record who takes care of an alert.

        Raises:
            HandoffError: there is no such alert, or nobody is named.
        """
        found = next((each for each in self.alerts() if each.id == alert), None)
        if found is None or not by.strip():
            raise HandoffError(
                f"There is no alert {alert}." if found is None else "Nobody is named.", "See its number."
            )
        return self.save_alert("", found.model_copy(update={"acknowledged_by": by.strip()}))

    def add_check(self, model: str, version: str, at: str, seconds: float, content: Mapping[str, Any]) -> None:
        """Put on record what a check found."""
        from handoff_ext.ledger.schema import CHECKS

        row = {"model": model, "version": version, "at": at, "seconds": seconds, "content": dict(content)}
        self._insert(CHECKS, [row])

    def first_check(self, model: str) -> str:
        """When a model was first checked; empty where it never was."""
        from sqlalchemy import func, select

        from handoff_ext.ledger.schema import CHECKS as c

        (row,) = self._rows(select(func.min(c.c.at).label("at")).where(c.c.model == model)) or [{"at": None}]
        return row["at"] or ""

    def last_check(self, model: str, version: str = "") -> dict[str, Any] | None:
        """The newest check of a model, or of one version: ``at``, ``version``, ``seconds``, ``content``."""
        from sqlalchemy import select

        from handoff_ext.ledger.schema import CHECKS as c

        asked = select(c.c.at, c.c.version, c.c.seconds, c.c.content).where(c.c.model == model)
        asked = asked.where(c.c.version == version) if version else asked
        return next(iter(self._rows(asked.order_by(c.c.id.desc()).limit(1))), None)

    def _insert(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
        """Insert rows in one transaction; the id of the first where there is one row."""
        if not rows:
            return 0
        with self._connected() as connection:
            if len(rows) == 1:
                key = connection.execute(table.insert().values(rows[0])).inserted_primary_key
                return int(key[0]) if key else 0
            for start in range(0, len(rows), MANY):
                connection.execute(table.insert(), list(rows[start : start + MANY]))
        return 0

    def _rows(self, asked: Select[Any]) -> list[dict[str, Any]]:
        if self._absent():
            return []
        with self._connected() as connection:
            return [dict(row) for row in connection.execute(asked).mappings()]

    def _absent(self) -> bool:
        """Reading makes no file."""
        path = self._url.removeprefix("sqlite:///")
        return path != self._url and not Path(path).exists()

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        from sqlalchemy.exc import SQLAlchemyError

        try:
            if self._made is None:
                self._made = _engine(self._url)
            with self._made.begin() as connection:
                yield connection
        except (SQLAlchemyError, OSError, ImportError) as error:
            # The error's own words may hold the address, and that a password.
            raise Away(
                f"The ledger's database does not answer ({type(error).__name__}).", "See HANDOFF_DATABASE."
            ) from None


def _engine(url: str) -> Engine:
    from sqlalchemy import create_engine, event
    from sqlalchemy.exc import SQLAlchemyError

    from handoff_ext.ledger.schema import METADATA

    path = url.removeprefix("sqlite:///")
    local = path != url
    if local:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    patience = {"timeout": 30} if local else {"connect_timeout": 10} if url.startswith("postgresql") else {}
    engine = create_engine(url, pool_pre_ping=not local, connect_args=patience)
    if local:

        @event.listens_for(engine, "connect")
        def _write_ahead(connection: Any, _: Any) -> None:
            connection.execute("PRAGMA journal_mode=WAL")

    try:
        METADATA.create_all(engine)
    except SQLAlchemyError:  # another process made them at the same moment
        METADATA.create_all(engine)
    return engine
