"""Takes what ``features.py`` learned in the run, or learns it, and shows on the rows of the run that it makes the same
inputs of raw rows."""

from __future__ import annotations

import importlib
import inspect
import os
import pickle
from typing import Any

from . import joins, raw, rows, same, taken, worth

SAMPLE, WIDE = 200, 50_000
FITTED, ALONE = 1_000, 40


class NotRaw(Exception):
    """Why the model cannot take raw rows, in a sentence."""


class Lifted:
    """A model that takes raw rows. ``held`` and ``fitted`` are raw rows of hold-out and training; ``positions`` are the
    places of ``fitted`` among the rows that the model was fitted on."""

    def __init__(self, model: raw.Raw, held: Any, fitted: Any, positions: list[int], needed: list[Any]) -> None:
        self.model, self.held, self.fitted, self.positions, self.needed = model, held, fitted, positions, needed
        self.note = ""
        self.in_run = False  # whether the state is the one that the run learned
        self.joined: list[dict[str, Any]] = []
        self.when: Any = None

    def described(self) -> Any:
        """All raw rows that are known, to tell what each column holds."""
        if self.held is None or self.held is self.fitted:
            return self.fitted
        return importlib.import_module("pandas").concat([self.fitted, self.held], ignore_index=True)


def lift(job: dict[str, Any], capture: dict[str, Any]) -> Lifted:
    """Take or learn the state, find the raw rows of hold-out and training, keep the columns that the inputs depend on.

    Raises:
        NotRaw: they do not come out as the run made them.
    """
    if os.path.exists("definitions.py"):
        importlib.import_module("definitions")  # features.py takes functions from there
    features, learned = importlib.import_module("features"), importlib.import_module("learned")
    try:
        tables = features.load(**_given(job, features))
        main = next(iter(tables))
        table, shape = learned.table_of(tables[main])
    except Exception as error:
        raise NotRaw("The tables cannot be read as the notebook does (%s)." % sentence(error)) from error
    given = {"table " + name: value for name, value in tables.items() if name != main}
    given["shape " + main] = shape
    settings = {"setting " + name: value for name, value in job["parameters"].items()}
    in_run = taken.of_run(job)
    other_rows = ""
    if in_run is not None:
        whole, joined = dict(in_run["kept"], **settings), in_run["joined"]
    else:
        state = learned.State(None, rows=len(table), given=dict(given, **settings))
        try:
            made = features.transform(table.copy(), state)
        except Exception as error:
            raise NotRaw("The feature code stops on its own (%s)." % sentence(error)) from error
        other_rows = _other_rows(job, capture, features, learned, table, made)
        whole, joined = state.kept, state.joined
    kept = {name: value for name, value in whole.items() if not name.startswith("table ") or _used(name, features)}
    kept["filters"] = "state.scope" in inspect.getsource(features) or bool(kept.pop("drops rows", False))
    model = raw.Raw(
        capture["model"],
        features.transform,
        learned.State,
        {"kept": kept, "order": list(table.columns), "fills": table.iloc[:1]},
    )
    table = table.reset_index(drop=True)
    model.fills = _fills(model, table)
    other = None
    if job["held_frame"] in tables:
        other = learned.table_of(tables[job["held_frame"]])[0].reset_index(drop=True)
    try:
        found = _matched(job, capture, model, table, other, joined)
    except NotRaw as error:
        # A split without a seed: the rows may be found again all the same, where nothing was learned after it.
        if other_rows:
            raise NotRaw(other_rows) from error
        raise
    found.in_run = in_run is not None
    return found


def _other_rows(
    job: dict[str, Any], capture: dict[str, Any], features: Any, learned: Any, table: Any, made: Any
) -> str:
    """In which way the function makes other rows than the run was fitted on, in a sentence; empty where in none.

    Raises:
        NotRaw: none of them can be found again.
    """
    differing = same.differing(made, capture["train_x"])
    if not differing:
        return ""
    again = learned.table_of(next(iter(features.load(**_given(job, features)).values())))[0]
    if same.differing(again, table):
        raise NotRaw("What is read is drawn anew each time, without a seed: no row of it can be found again.")
    other_rows = "Run on its own, the feature code makes other rows than the run was fitted on (%s)." % differing
    if not _same_size(made, capture["train_x"]):
        raise NotRaw(other_rows)
    return other_rows


def _same_size(one: Any, other: Any) -> bool:
    return rows.count(one) == rows.count(other) and len(same.columns(one)) == len(same.columns(other))


def _given(job: dict[str, Any], features: Any) -> dict[str, Any]:
    """The run's parameters that reading needs."""
    wanted = inspect.signature(features.load).parameters
    return {name: value for name, value in job["parameters"].items() if name in wanted}


def _used(name: str, features: Any) -> bool:
    return "state[%r]" % name[len("table ") :] in inspect.getsource(features.transform)


def _fills(model: raw.Raw, table: Any) -> Any:
    """A row that is in scope, taken alone."""
    step = max(1, len(table) // 300)
    error = None
    for position in range(0, len(table), step):
        try:
            if model.prepared(table.iloc[[position]]):
                return table.iloc[[position]].reset_index(drop=True)
        except Exception as failed:
            error = failed
    why = sentence(error) if error else "each is left out"
    raise NotRaw("No row can be prepared alone (%s)." % why)


def _matched(
    job: dict[str, Any], capture: dict[str, Any], model: raw.Raw, table: Any, other: Any, joined: dict[str, Any]
) -> Lifted:
    """``other``: the table that the hold-out is from, where that is another; ``joined``: as ``State.joined``."""
    pieces = model.prepared(table)
    places = [position for positions, _ in pieces for position in positions]
    parts = [part for _, part in pieces]
    fitted, lost = same.match(parts, places, capture["train_x"])
    note = ""
    if lost and not job["resampled"]:
        raise NotRaw(_lost("training", lost, rows.count(capture["train_x"]), parts, capture["train_x"]))
    if lost:
        note = "Training rows are resampled or cross-fitted by design, so parity is on the hold-out."
        fitted = []
    held_x = capture.get("holdout_x")
    held: list[int] = []
    if held_x is not None:
        if other is not None:
            pieces = model.prepared(other)
            places = [position for positions, _ in pieces for position in positions]
            parts = [part for _, part in pieces]
        held, lost = same.match(parts, places, held_x)
        if lost:
            raise NotRaw(_lost("hold-out", lost, rows.count(held_x), parts, held_x))
    if not held and not fitted:
        raise NotRaw("No row of the run could be found again among the raw rows.")
    try:
        settled = joins.settle(job["joins"], joined, model, table, fitted, held, other is None, job["kept"])
    except joins.NotKept as error:
        raise NotRaw(str(error)) from error
    if held:
        undecided = [each for each in job["joins"] if each["table"] not in job["kept"]]
        _known_keys(undecided, settled.described, table, fitted, table if other is None else other, held)
    table = settled.table
    spread = list(range(0, len(fitted), max(1, len(fitted) // FITTED)))[:FITTED]
    answers = _answers(job, table, fitted, capture.get("train_y"))
    needed = _needed(model, table, [*(held if other is None else ()), *fitted], answers)
    _alone(model, table, [*fitted[:: max(1, len(fitted) // ALONE)][:ALONE]] or held[:ALONE])
    leaking = [label for label in needed if label in answers and label not in job["unknown"]]
    if leaking:
        raise NotRaw("The inputs need the answer: %s." % ", ".join(str(label) for label in leaking))
    chosen, asked = table[needed], table if other is None else other
    if any(label not in asked.columns for label in needed):
        raise NotRaw("The table of the hold-out lacks columns of the training table.")
    lifted = Lifted(
        model,
        asked[needed].iloc[held].reset_index(drop=True) if held else None,
        chosen.iloc[fitted].reset_index(drop=True) if fitted else chosen.iloc[held].reset_index(drop=True),
        spread,
        needed,
    )
    lifted.note = note
    lifted.joined = [dict(each, as_of=job["as_of"]) for each in settled.described]
    lifted.when = _when(table, fitted, asked, held)
    return lifted


def _when(table: Any, fitted: list[int], other: Any, held: list[int]) -> Any:
    """When the training rows and then those of the hold-out happened, where the tables say so."""
    first = worth.moments(table)
    second = first if other is table else worth.moments(other)
    if first is None or second is None:
        return None
    return importlib.import_module("numpy").concatenate([first[fitted], second[held]])


def _known_keys(
    said: list[dict[str, Any]],
    settled: list[dict[str, Any]],
    table: Any,
    fitted: list[int],
    other: Any,
    held: list[int],
) -> None:
    """A table joined by its labels, or to rows of another table, can only be kept: later rows have to be in it.

    Raises:
        NotRaw: most keys of the hold-out are new.
    """
    given = {each["table"] for each in settled if each["kept"] == joins.WITH_ROW}
    for join in said:
        keys = [label for label in join["keys"] if label in table.columns and label in other.columns]
        if not keys or len(keys) != len(join["keys"]) or join["table"] in given:
            continue
        before = set(table[keys].iloc[fitted].itertuples(index=False, name=None))
        later = set(other[keys].iloc[held].itertuples(index=False, name=None))
        if len(later) > joins.FEW and len(later - before) > len(later) / 2:
            raise NotRaw(joins.sentence(join))


def _alone(model: raw.Raw, table: Any, places: list[int]) -> None:
    """A row alone gets what it gets among the others: the quickest way to see what one row cannot have.

    Raises:
        NotRaw: it does not.
    """
    whole = model.prepared(table)
    where = {position: (part, at) for positions, part in whole for at, position in enumerate(positions)}
    for place in places:
        try:
            pieces = model.prepared(table.iloc[[place]])
        except Exception as error:
            raise NotRaw("A row alone cannot be prepared (%s)." % sentence(error)) from error
        part, at = where[place]
        differs = same.differing(pieces[0][1], rows.take(part, [at])) if pieces else "it is left out"
        if differs:
            raise NotRaw("A row alone comes out otherwise than among the others (%s)." % differs)


def _lost(which: str, lost: int, total: int, parts: list[Any], wanted: Any) -> str:
    column = same.column(parts, wanted)
    where = " (column %s)" % column if column else ""
    return "Prepared as when serving, %d of %d %s rows come out otherwise than in training%s." % (
        lost,
        total,
        which,
        where,
    )


def _answers(job: dict[str, Any], table: Any, fitted: list[int], truth: Any) -> set[Any]:
    """Columns that are the answer, or that it is made from."""
    found = {label for label in table.columns if str(label) in job["answers"]}
    found |= {label for label in table.columns if str(label) in job["unknown"]}
    if truth is None or not fitted or rows.count(truth) != len(fitted):
        return found
    right = [str(value) for value in rows.plain(truth.to_numpy() if hasattr(truth, "to_numpy") else truth)]
    kinds = len(set(right))
    for label in table.columns:
        if getattr(table[label], "ndim", 1) != 1:
            continue
        equal = _equal(table[label].iloc[fitted], right)
        # Rows with equal inputs may have changed places, so that of many values not all need to agree.
        if kinds > 1 and (equal == 1.0 or (equal > 0.9 and kinds > 20)):
            found.add(label)
    return found


def _equal(column: Any, right: list[str]) -> float:
    """Which share of the values is the answer; 0 once it cannot be more than 0.9."""
    other = 0
    for start in range(0, len(right), 1_000):
        told = [str(rows.plain(value)) for value in column.iloc[start : start + 1_000].tolist()]
        other += sum(one != each for one, each in zip(told, right[start : start + 1_000]))
        if other > len(right) / 10:
            return 0.0
    return 1.0 - other / len(right)


def _needed(model: raw.Raw, table: Any, known: list[int], answers: set[Any]) -> list[Any]:
    """Columns of which the inputs, or what is in scope, depend: whatever is put into the others, nothing changes."""
    labels = list(table.columns)
    every = table.iloc[known[:: -(-len(known) // WIDE)]].reset_index(drop=True)
    sample = table.iloc[known[:: max(1, len(known) // SAMPLE)][:SAMPLE]].reset_index(drop=True)
    for _ in range(3):
        found = _needed_of(model, table, sample, answers)
        spare = [label for label in labels if label not in found]
        rare = _rare(model, every, spare)
        if not rare:
            return found
        sample = importlib.import_module("pandas").concat([sample, every.iloc[rare[:SAMPLE]]], ignore_index=True)
    return [label for label in labels if label in found or label not in answers]


def _rare(model: raw.Raw, every: Any, spare: list[Any]) -> list[int]:
    """Rows, of all that are known, whose inputs change with columns that a sample did not need."""
    other = every.copy()
    for label in spare:
        other[label] = _turned(every[label], None)
    try:
        found = same.changed(model.prepared(every, strict=True), model.prepared(other, strict=True))
    except Exception:
        return []
    return found or []


def _needed_of(model: raw.Raw, table: Any, sample: Any, answers: set[Any]) -> list[Any]:
    """As ``_needed``, for these rows."""
    base = model.prepared(sample)
    at_once = len(base) == 1  # a table that stops the code then differs from it, without asking row by row

    def matter(some: list[Any]) -> bool:
        plain = [label for label in some if label not in answers]
        tries = [(_turned, some)] + ([(_missing, plain), (_unseen, plain)] if plain else [])
        for change, chosen in tries:
            other = sample.copy()
            for label in chosen:
                other[label] = change(sample[label], table[label])
            try:
                if not same.pieces(base, model.prepared(other, strict=at_once)):
                    return True
            except Exception:
                return True
        return False

    def search(some: list[Any]) -> list[Any]:
        if not some or not matter(some):
            return []
        if len(some) == 1:
            return some
        middle = len(some) // 2
        return search(some[:middle]) + search(some[middle:])

    return search(list(table.columns))


def _turned(column: Any, _: Any) -> Any:
    """The values of other rows."""
    values = column.iloc[::-1] if len(column) > 1 else column
    return values.set_axis(column.index)


def _missing(column: Any, _: Any) -> Any:
    pandas = importlib.import_module("pandas")
    try:
        return pandas.Series([None] * len(column), index=column.index, dtype=column.dtype)
    except (TypeError, ValueError):
        return pandas.Series([float("nan")] * len(column), index=column.index)


def _unseen(column: Any, whole: Any) -> Any:
    pandas = importlib.import_module("pandas")
    kind = getattr(column.dtype, "kind", "O")
    if kind in "iuf":
        value = whole.max()
        return pandas.Series([0 if pandas.isna(value) else value * 3 + 7] * len(column), index=column.index).astype(
            column.dtype
        )
    if kind == "b":
        return ~column
    return pandas.Series(["\x00 unseen"] * len(column), index=column.index, dtype="object")


def write(lifted: Lifted, folder: str, pickler: Any) -> None:
    """Leave the fitted state as one file."""
    model = lifted.model
    for name, value in model.kept.items():
        if name.startswith("join "):
            for made in ("index", "names"):  # again when serving
                value.pop(made, None)
    kept = {"kept": model.kept, "order": model.order, "fills": model.fills, "beside": model.beside}
    try:
        data = pickle.dumps(kept)
    except Exception:
        data = pickler.dumps(kept)
    with open(os.path.join(folder, "state.pkl"), "wb") as file:
        file.write(data)


def sentence(error: Any) -> str:
    """An error in one line."""
    said = " ".join(str(error).split())[:160]
    return "%s: %s" % (type(error).__name__, said) if said else type(error).__name__
