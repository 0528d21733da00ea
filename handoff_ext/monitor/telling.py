"""Tells people of alerts: by webhook, e-mail or a command of theirs; the next in line where nobody takes care."""

from __future__ import annotations

import datetime
import json
import os
import shlex
import smtplib
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.plan import Plan
from handoff_ext.contracts.watching import Alert
from handoff_ext.ledger.store import Store, now

PATIENCE = {"hourly": 4 / 24, "daily": 2.0, "weekly": 9.0, "monthly": 35.0}
"""Days after which an alert that nobody acknowledged goes to the next person, by how often is checked."""
SECONDS = 20


@dataclass(frozen=True, kw_only=True)
class Ways:
    """How to tell. ``webhook`` gets the alert as JSON, with ``text`` as chat services read it; ``email`` goes through
    ``HANDOFF_SMTP`` (``smtp://user:password@host:587``, ``smtps://`` for TLS from the start); ``command`` gets the JSON
    on its standard input."""

    webhook: str = ""
    email: str = ""
    command: str = ""


def tell(store: Store, plan: Plan, ways: Ways, model: str) -> list[str]:
    """Tell of open alerts that nobody was told of, or nobody acknowledged in time; what could not be sent, in
    sentences. What was sent is on record, so that nobody is told twice.

    Raises:
        HandoffError: the database does not answer.
    """
    first = plan.monitoring.tell or plan.owner.name or "the owner"
    line = [first, *(person for person in plan.escalation.path if not person.startswith(first))]
    failed: list[str] = []
    if not any(vars(ways).values()):
        return failed
    for key, alert in store.open_alerts(model).items():
        due = _due(alert, plan, len(line))
        if due is None:
            continue
        said, problems = _send(alert, line[due], ways, due > 0)
        failed += problems
        if said:
            store.save_alert(key, alert.model_copy(update={"told": [*alert.told, f"{line[due]}, {now()}"]}))
    return failed


def _due(alert: Alert, plan: Plan, people: int) -> int | None:
    """Whose turn it is; None where nobody need be told now."""
    told = len(alert.told)
    if not told:
        return 0
    if alert.acknowledged_by or told >= people:
        return None
    patience = PATIENCE[plan.monitoring.check_every or "daily"]
    last = datetime.datetime.fromisoformat(alert.told[-1].rpartition(", ")[2])
    waited = datetime.datetime.now(datetime.UTC) - last
    return told if waited > datetime.timedelta(days=patience) else None


def _send(alert: Alert, person: str, ways: Ways, again: bool) -> tuple[bool, list[str]]:
    text = words(alert, person, again)
    body = json.dumps({"text": text, "person": person, "alert": alert.model_dump(mode="json")})
    ways_given: Sequence[tuple[str, str, Callable[[str], None]]] = (
        ("webhook", ways.webhook, lambda to: _webhook(to, body)),
        ("e-mail", ways.email, lambda to: _email(to, alert, text)),
        ("command", ways.command, lambda to: _command(to, body)),
    )
    said, problems = False, []
    for kind, to, send in ways_given:
        if not to:
            continue
        try:
            send(to)
            said = True
        except Exception as error:  # of a network or a program: its text may hold an address with a password
            reason = error.message if isinstance(error, HandoffError) else type(error).__name__
            problems.append(f"Alert {alert.id} could not be sent by {kind} ({reason}).")
    return said, problems


def words(alert: Alert, person: str, again: bool = False) -> str:
    """An alert as a message."""
    lines = [
        f"{alert.model}, version {alert.version}: {alert.what}",
        f"What it means: {alert.matters}." if alert.matters else "",
        f"What to do: {alert.to_do}" if alert.to_do else "",
        f"Owner: {alert.owner or 'nobody is named'}. For: {person}."
        + (" Nobody has acknowledged it yet." if again else ""),
        f"Acknowledge: handoff status --acknowledge {alert.id}",
    ]
    return "\n".join(line for line in lines if line)


def _webhook(to: str, body: str) -> None:
    import httpx

    response = httpx.post(to, content=body, headers={"Content-Type": "application/json"}, timeout=SECONDS)
    response.raise_for_status()


def _email(to: str, alert: Alert, text: str) -> None:
    server = urlsplit(os.environ.get("HANDOFF_SMTP", ""))
    if not server.hostname:
        raise HandoffError("HANDOFF_SMTP names no server")
    message = EmailMessage()
    message["Subject"] = f"{alert.model}: {alert.what}"[:150].replace("\n", " ")
    message["From"] = os.environ.get("HANDOFF_MAIL_FROM") or unquote(server.username or "") or to
    message["To"] = to
    message.set_content(text)
    kind = smtplib.SMTP_SSL if server.scheme == "smtps" else smtplib.SMTP
    with kind(server.hostname, server.port or 0, timeout=SECONDS) as client:
        if server.password:
            if server.scheme != "smtps":
                client.starttls()  # a password never goes in the clear
            client.login(unquote(server.username or ""), unquote(server.password))
        client.send_message(message)


def _command(to: str, body: str) -> None:
    done = subprocess.run(shlex.split(to), input=body, text=True, capture_output=True, timeout=SECONDS, check=False)
    if done.returncode:
        raise HandoffError(f"it ended with {done.returncode}")
