"""Other tables that a notebook joins to its rows: kept as training saw them, or given with each row."""

from __future__ import annotations

import hashlib
import importlib
from typing import Any

from . import raw, same

FEW, SAMPLE = 20, 3_000
LOOKUP, WITH_ROW = "lookup", "with the row"


class NotKept(Exception):
    """Why a joined table can be neither kept nor given with the row."""


class Joined:
    """What was joined. ``table`` are the raw rows with the columns that have to come with them; ``described`` says of
    each joined table how it is had when serving."""

    def __init__(self, table: Any) -> None:
        self.table = table
        self.described: list[dict[str, Any]] = []


def settle(
    joins: list[dict[str, Any]],
    joined: dict[str, Any],
    model: raw.Raw,
    table: Any,
    fitted: list[int],
    held: list[int],
    same_table: bool,
    wanted: dict[str, str],
) -> Joined:
    """Decide for each joined table whether it is kept or its columns come with the row, and change ``model`` so.

    A table can be kept where later rows find themselves in it. Where most keys of the hold-out are new, as with
    moments in time, what is kept would lack the rows to come: whoever asks has to say what the table would have said.

    Args:
        joins: what the code says of each, in order.
        joined: what was joined while learning (``State.joined``).
        model: learned already.
        table: all raw rows.
        fitted: places in ``table`` of the rows that the model was fitted on.
        held: those of the hold-out.
        same_table: whether the hold-out is from the same table.
        wanted: what the plan says of a table by its name, against what the hold-out shows.

    Raises:
        NotKept: neither will do.
    """
    found = Joined(table)
    known = [*fitted, *(held if same_table else ())]
    for turn, (left, right, positions) in joined.items():
        said = _said(joins, turn)
        keys = model.kept[turn]["keys"]
        told = keys is not None and positions is not None
        new = told and same_table and _new(left, keys, positions, fitted, held)
        asked = wanted.get(str(said.get("table", turn[len("join ") :])), "")
        if asked == WITH_ROW and not told:
            raise NotKept("`%s` cannot come with the row: which columns are its keys is not known." % said["table"])
        new = asked == WITH_ROW or (new and asked != LOOKUP)
        if new and said.get("of_rows"):
            raise NotKept(sentence(said))
        described = {
            "table": said.get("table", turn[len("join ") :]),
            "keys": [str(each) for each in (keys or ([], []))[0]],
            "kept": WITH_ROW if new else LOOKUP,
        }
        if new:
            described["columns"] = _with_rows(found, model, turn, left, right, positions)
            _forget(model, turn, right)
        elif model.kept[turn]["table"] is not None and known:
            _blank(model, turn, found.table, known)
        whole = model.kept[turn]["table"] if model.kept[turn]["table"] is not None else right
        if not new:
            described.update(rows=len(whole), columns=[str(each) for each in whole.columns], sha256=fingerprint(whole))
        found.described.append(described)
    if joined and known:
        _spare(model, found.table, known)
    return found


def _said(joins: list[dict[str, Any]], turn: str) -> dict[str, Any]:
    name, _, number = turn[len("join ") :].partition(" (")
    same_name = [each for each in joins if each["table"] == name]
    place = int(number[:-1]) - 1 if number else 0
    return same_name[place] if place < len(same_name) else {}


def sentence(said: dict[str, Any]) -> str:
    """Why a table that is joined there cannot be kept."""
    return "Cell %d, line %d joins `%s` by %s, of which later rows have new ones: what is kept would lack them." % (
        said["place"]["cell"],
        said["place"]["line"],
        said["table"],
        ", ".join(said["keys"]),
    )


def _new(left: Any, keys: Any, positions: Any, fitted: list[int], held: list[int]) -> bool:
    """Whether most keys of the hold-out are none of the training rows'."""
    by_row = dict(zip(positions.tolist(), left[keys[0]].itertuples(index=False, name=None)))
    before = {by_row[each] for each in fitted if each in by_row}
    later = {by_row[each] for each in held if each in by_row}
    return len(later) > FEW and len(later - before) > len(later) / 2


def _with_rows(found: Joined, model: raw.Raw, turn: str, left: Any, right: Any, positions: Any) -> list[str]:
    """Put the joined columns beside the raw rows, under names that are free."""
    mine, its = model.kept[turn]["keys"]
    columns = [label for label in right.columns if label not in its]
    wide = left[mine].set_axis(its, axis=1).merge(right, on=its, how="left", validate="m:1")[columns]
    wide = wide.set_axis(positions).reindex(range(len(found.table)))
    table = turn[len("join ") :]
    names = {label: label if label not in found.table.columns else "%s.%s" % (table, label) for label in columns}
    model.beside[turn] = names
    found.table = importlib.import_module("pandas").concat([found.table, wide.rename(columns=names)], axis=1)
    return [str(each) for each in names.values()]


def _forget(model: raw.Raw, turn: str, right: Any) -> None:
    """Keep no rows of a table whose columns come with the row."""
    if model.kept[turn]["table"] is not None:
        model.kept[turn]["table"] = model.kept[turn]["schema"]
    for name, value in model.kept.items():
        if hasattr(value, "columns") and hasattr(value, "iloc") and value.equals(right):
            model.kept[name] = value.iloc[:0]


def _spare(model: raw.Raw, table: Any, known: list[int]) -> None:
    """Keep no rows of tables that were only read so that something else could be learned of them."""
    whole = {name: value for name, value in model.kept.items() if name.startswith("table ") and hasattr(value, "iloc")}
    if not whole:
        return
    sample = table.iloc[sorted(known)[:: max(1, len(known) // SAMPLE)]].reset_index(drop=True)
    before = model.prepared(sample)
    for name, value in whole.items():
        model.kept[name] = value.iloc[:0]
        try:
            if same.pieces(before, model.prepared(sample)):
                continue
        except Exception:
            pass  # the code needs them
        model.kept[name] = value
    spared = {name: model.kept[name] for name in whole}
    if any(model.kept[name] is not value for name, value in whole.items()):
        model.kept.update(whole)
        if not _alike(model, table, known, lambda: model.kept.update(spared)):
            model.kept.update(whole)


def _alike(model: raw.Raw, table: Any, known: list[int], change: Any) -> bool:
    """Whether no row that is known, rare ones too, comes out otherwise after the change."""
    every = table.iloc[sorted(known)].reset_index(drop=True)
    before = model.prepared(every)
    change()
    try:
        return same.pieces(before, model.prepared(every, strict=len(before) == 1))
    except Exception:
        return False


def _blank(model: raw.Raw, turn: str, table: Any, known: list[int]) -> None:
    """Keep of a table only the columns that the inputs depend on; the others stay as names without values."""
    kept = model.kept[turn]
    whole, keys = kept["table"], kept["keys"]
    if keys is None or not hasattr(whole, "columns") or not whole.columns.is_unique:
        return
    sample = table.iloc[sorted(known)[:: max(1, len(known) // SAMPLE)]].reset_index(drop=True)
    before = model.prepared(sample)

    def search(labels: list[Any]) -> None:
        if not labels:
            return
        now = kept["table"]
        kept["table"] = now.assign(**dict.fromkeys(labels))
        try:
            if same.pieces(before, model.prepared(sample)):
                return
        except Exception:
            pass  # the code needs them
        kept["table"] = now
        if len(labels) > 1:
            search(labels[: len(labels) // 2])
            search(labels[len(labels) // 2 :])

    search([label for label in whole.columns if label not in keys[1] and isinstance(label, str)])
    blanked = kept["table"]
    if blanked is not whole:
        kept["table"] = whole
        if not _alike(model, table, known, lambda: kept.update(table=blanked)):
            kept["table"] = whole


def fingerprint(table: Any) -> str:
    """SHA-256 of a table's names and values."""
    pandas = importlib.import_module("pandas")
    digest = hashlib.sha256(repr([str(each) for each in table.columns]).encode())
    try:
        digest.update(pandas.util.hash_pandas_object(table, index=False).to_numpy().tobytes())
    except TypeError:  # values that cannot be hashed
        digest.update(table.to_csv(index=False).encode())
    return digest.hexdigest()
