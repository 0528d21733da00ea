"""Made streams of predictions and outcomes in a real ledger, and the version that answered them."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from handoff_ext.contracts.plan import Plan
from handoff_ext.contracts.profile import ColumnProfile, Profile
from handoff_ext.ledger.place import Ledger, ledger_of
from handoff_ext.ledger.store import Outcome, Store, moment
from handoff_ext.serve.version import ServedVersion

START = datetime.datetime(2013, 3, 4, 6, tzinfo=datetime.UTC)
PLAN = {
    "owner": {"name": "Ada Lovelace"},
    "monitoring": {
        "truth_after_days": 1,
        "watch": [{"metric": "ROC AUC", "limit": 0.6, "action": "Ask the desk, then train again."}],
    },
    "escalation": {"path": ["Grace Hopper"]},
}


def number_profile(values: np.ndarray) -> ColumnProfile:
    counts, edges = np.histogram(values, bins=20)
    return ColumnProfile(
        kind="number",
        count=len(values),
        min=float(values.min()),
        max=float(values.max()),
        edges=edges.tolist(),
        counts=counts.tolist(),
    )


def category_profile(values: np.ndarray) -> ColumnProfile:
    names, counts = np.unique(values, return_counts=True)
    order = np.argsort(-counts)
    return ColumnProfile(
        kind="category",
        count=len(values),
        categories={str(names[place]): int(counts[place]) for place in order},
    )


@dataclass
class Stream:
    """Flights that are late by wind and carrier; the model knows exactly how. ``log`` writes one day."""

    folder: Path
    rows: int = 2000
    seed: int = 0
    ledger: Ledger = field(init=False)
    version: ServedVersion = field(init=False)

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng(self.seed)
        self.ledger = ledger_of(f"sqlite:///{self.folder}/mlflow.db")
        self.store = Store(self.ledger.database)
        frame = self.frame(20_000)
        score = self.score(frame)
        late = self.rng.random(len(score)) < score
        bins = np.clip((score * 10).astype(int), 0, 9)
        right = (score >= 0.5) == late
        profile = Profile(
            rows=20_000,
            inputs={
                "wind": number_profile(frame["wind"]),
                "distance": number_profile(frame["distance"]),
                "carrier": category_profile(frame["carrier"]),
            },
            outputs={"probability_late": number_profile(score), "prediction": category_profile(score >= 0.5)},
            metrics={"Accuracy": float(right.mean()), "ROC AUC": 0.8},
            importance={"wind": 0.2, "carrier": 0.1, "distance": 0.0},
            slices=[
                {
                    "column": "carrier",
                    "value": "UA",
                    "count": int((frame["carrier"] == "UA").sum()),
                    "error": float(1 - right[frame["carrier"] == "UA"].mean()),
                }
            ],
            calibration=[
                {
                    "low": i / 10,
                    "high": (i + 1) / 10,
                    "count": int((bins == i).sum()),
                    "right": int(late[bins == i].sum()),
                }
                for i in range(10)
                if (bins == i).any()
            ],
            target="late",
        )
        self.version = ServedVersion(
            uri="models:/flights/1",
            name="flights",
            version="1",
            stage="advise",
            folder=self.folder,
            columns=(),
            lock=self.folder / "requirements.txt",
            python="3.11",
            plan=Plan.model_validate(PLAN),
            profile=profile,
        )

    def frame(self, rows: int) -> dict[str, np.ndarray]:
        # One weather a day: rows of a day are alike.
        gust = 0.0 if rows > 10_000 else self.rng.normal(0, 1.5)
        return {
            "wind": self.rng.gamma(4, 4, rows) + gust,
            "distance": self.rng.uniform(80, 4983, rows),
            "carrier": self.rng.choice(["AA", "DL", "UA"], rows, p=[0.5, 0.3, 0.2]),
        }

    def score(self, frame: dict[str, np.ndarray]) -> np.ndarray:
        return 1 / (1 + np.exp(-(frame["wind"] - 16 + 4 * (frame["carrier"] == "UA")) / 4))

    def log(
        self,
        day: int,
        change: Any = None,
        relation: float = 0.0,
        truth_after: float | None = 1.0,
        role: str = "champion",
        version: str = "1",
        refused: int = 0,
    ) -> None:
        """Write day ``day``'s answers, and their outcomes ``truth_after`` days later.

        Args:
            change: changes the day's rows in place.
            relation: share of truths that turn to their opposite.
            truth_after: None where outcomes never come.
            refused: rows that were refused beside.
        """
        rows, frame = self.rows, self.frame(self.rows)
        if change:
            change(frame)
        at = START + datetime.timedelta(days=day)
        score = self.score(frame)
        score = np.where(np.isfinite(score), score, 0.5)
        ids = [uuid.UUID(bytes=self.rng.bytes(16)).hex for _ in range(rows + refused)]
        late = (self.rng.random(rows) < score) ^ (self.rng.random(rows) < relation)
        pad: list[None] = [None] * refused
        content: dict[str, Any] = {
            "id": ids,
            "time": pa.array([at] * (rows + refused), pa.timestamp("ms", tz="UTC")),
            "status": ["answered"] * rows + ["refused"] * refused,
            "role": [role] * (rows + refused),
            "by": [""] * (rows + refused),
            "fallback": [""] * (rows + refused),
            "problem": [""] * rows + ["carrier: missing"] * refused,
            "in_scope": [True] * (rows + refused),
            "ms": pa.array([2.0] * (rows + refused), pa.float32()),
            "out:prediction": [str(bool(yes)) for yes in score >= 0.5] + pad,
            "out:probability_late": [*score.tolist(), *pad],
        }
        for name, values in frame.items():
            listed = [None if isinstance(v, float) and np.isnan(v) else v for v in values.tolist()]
            content[f"in:{name}"] = listed + pad
        path = Path(self.ledger.log) / "flights" / version / at.date().isoformat() / f"{day}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.table(content), path)
        if truth_after is not None:
            known = moment(at + datetime.timedelta(days=truth_after))
            self.store.add_outcomes(
                "flights",
                [Outcome(answer=ids[i], truth=bool(late[i]), known_at=known, reported_at=known) for i in range(rows)],
            )


def after(day: int) -> datetime.datetime:
    """The evening of a day."""
    return START + datetime.timedelta(days=day, hours=12)
