"""Values of calls: loaders, library functions, the notebook's own functions."""

from __future__ import annotations

import ast
import re
from functools import lru_cache

from handoff_ext.checks.facts.text import dotted
from handoff_ext.checks.learning.estimators import CROSS_VALIDATION, SPLITTERS, STATISTICS, is_metric, kind_of, loads
from handoff_ext.checks.learning.events import Fit
from handoff_ext.checks.learning.inside import data_in
from handoff_ext.checks.learning.spark import READS, Spark, reads_spark
from handoff_ext.checks.learning.tables import across_columns
from handoff_ext.checks.learning.values import (
    Class,
    Data,
    Function,
    Generator,
    Instance,
    Learner,
    Place,
    Rows,
    Series,
    Shuffled,
    Splitter,
    Text,
)
from handoff_ext.checks.words import words

_SAVERS = words(
    "dump save save_model save_weights log_model to_pickle export_model save_pretrained write_artifact serialize "
    "save_learner"
)
_NOTHING = words("print display len type isinstance show range")
_SCALES = words("scale minmax_scale robust_scale maxabs_scale quantile_transform power_transform zscore")
_SEEDS = words("seed set_seed manual_seed seed_everything set_random_seed")
_JOINS = words("concat concatenate vstack hstack append merge c_ column_stack")
_HOLDERS = words("DMatrix Dataset Pool")
_LISTS = words("enumerate zip list tuple reversed sorted tqdm")
_KNOWN = (
    SPLITTERS | CROSS_VALIDATION | STATISTICS | _SAVERS | _NOTHING | _SCALES | _SEEDS | _JOINS | _HOLDERS | _LISTS
    | words("default_rng RandomState permutation train_test_split get_dummies resample to_datetime train")
)  # fmt: skip
_FITS = words("fit fit_generator fit_one_cycle fine_tune train")


class Calls(Spark):
    """Evaluates calls."""

    def call(self, node: ast.Call) -> object:
        """The value of a call."""
        written = dotted(node.func)
        name = self.aliases.get(written, written)
        arguments = [self.value(each) for each in node.args]
        keywords = {each.arg: self.value(each.value) for each in node.keywords if each.arg} if node.keywords else {}
        own = self.names.get(written)
        if type(own) is Class:
            made = Instance(own)
            self.run_method(made, "__init__", arguments, keywords)
            return made
        if type(own) is Function:
            answer = self.call_function(own, arguments, keywords)
            self.pass_back(node, arguments)
            self.forget_read()
            return answer._replace(read=None) if isinstance(answer, Data) else answer
        if type(node.func) is ast.Attribute:
            method = node.func.attr
            owner = self.value(node.func.value)
            if method == "backward":
                self.learned_by_gradient(node)
                return None
            if method == "randomSplit" and (owner is None or isinstance(owner, Data)):
                return self.random_split(owner, node)
            if owner is None and method == "evaluate" and self.judged(node, arguments):
                return None
            if owner is not None:
                if isinstance(owner, Learner):
                    return self.learner_method(owner, node, method, arguments, keywords)
                if isinstance(owner, Instance):
                    return self.run_method(owner, method, arguments, keywords)
                if isinstance(owner, Generator):
                    return self.drawn(method)
                if isinstance(owner, Splitter) and method == "split":
                    return self.folds(owner, node, arguments)
                if isinstance(owner, Data):
                    return self.data_method(owner, node, method, arguments, keywords)
                if isinstance(owner, Series):
                    return self.series_method(owner, node, method, arguments)
            elif method == "train" and [isinstance(each, Data) for each in arguments[:2]] == [False, True]:
                return self.trained(node, name, arguments, keywords)
            elif method in _FITS and (node.args or node.keywords):
                return self.unknown_fit(node, arguments, keywords)
        if _says_nothing(name):
            values = [*arguments, *keywords.values()]
            if values.count(None) == len(values):
                return None
        return self.function(node, name, arguments, keywords)

    def run_method(self, owner: Instance, name: str, arguments: list[object], keywords: dict[str, object]) -> object:
        """A method of one of the notebook's own objects."""
        method = owner.method(name)
        if method is None:
            return self.mixed([*arguments, *keywords.values()], owner.made_by.node)
        answer = self.call_function(method, [owner, *arguments], keywords)
        self.forget_read()
        return answer._replace(read=None) if isinstance(answer, Data) else answer

    def learned_by_gradient(self, node: ast.Call) -> None:
        """``loss.backward()``: a network learns from the training rows; which of them it is given is not followed."""
        if self.by_gradient:
            return
        self.by_gradient = True
        learner = Learner(self.fresh(), "predict", "network", "the network", Place(self.cell, node))
        for data in [each for each in self.names.values() if isinstance(each, Data) and each.learned]:
            steps = [rows.path[-1] for rows in data.rows if rows.path]
            if any(side == "train" and split in self.story.splits for split, side in steps):
                self.story.fits.append(Fit(learner, data, None, Place(self.cell, node), self.in_loop))

    def pass_back(self, node: ast.Call, arguments: list[object]) -> None:
        """What a function changed in its arguments is changed for its caller: fitted models are, tables by a column
        may be."""
        for written, before, after in zip(node.args, arguments, self.passed_back, strict=False):
            if not (isinstance(written, ast.Name) and isinstance(before, Data) and isinstance(after, Data)):
                continue
            if (after.rows, after.name) == (before.rows, before.name) and set(after.learned) > set(before.learned):
                self.names[written.id] = after

    def series_method(self, owner: Series, node: ast.Call, method: str, arguments: list[object]) -> object:
        """Lists and dicts of models."""
        if method in ("items", "values", "keys"):
            return owner
        if method == "append" and arguments and isinstance(node.func, ast.Attribute):
            name = dotted(node.func.value)
            if name and len(owner.items) < 20:
                self.names[name] = Series((*owner.items, arguments[0]), owner.keyed)
            return None
        return _item_named(owner, arguments) if method == "get" else None

    def function(self, node: ast.Call, name: str, arguments: list[object], keywords: dict[str, object]) -> object:
        """A function of a library, or a class."""
        given = [each for value in (*arguments, *keywords.values()) if value is not None for each in data_in(value)]
        if _only_mixes(name):
            self.story.compared = self.story.compared or (bool(_MEASURES.search(name)) and _judges(given))
            for each, value in zip(node.args, arguments, strict=True):
                if type(each) is ast.Name and type(value) is Data:
                    self.may_gain_columns(each.id)
            return (
                self.mixed(arguments or list(keywords.values()), node) if given else self.loaded(node, name, keywords)
            )
        last = name.rpartition(".")[2]
        kind = kind_of(name)
        if kind is not None:
            return self.learner(node, name, kind, arguments, keywords)
        if last in SPLITTERS:
            shuffle = next((each.value for each in node.keywords if each.arg == "shuffle"), None)
            shuffles = "ShuffleSplit" in last or (isinstance(shuffle, ast.Constant) and shuffle.value is True)
            return Splitter(last, Place(self.cell, node), shuffles)
        if last in ("default_rng", "RandomState"):
            return Generator()
        if last == "permutation" and "random" in name:
            return self.drawn(last)
        if last == "train_test_split":
            return self.train_test_split(node, arguments)
        if last in CROSS_VALIDATION:
            return self.cross_validated(node, arguments, keywords)
        if is_metric(name):
            return self.measured(node, [*arguments, *keywords.values()])
        if last in _SAVERS:
            self.saved(node, [*arguments, *keywords.values()])
            return None
        if last in _SEEDS:
            self.story.seeded = True
            return None
        if not given:
            return self.loaded(node, name, keywords)
        if last in _NOTHING:
            return None
        if last in _SCALES:
            learned = self.learned("statistic", f"{last}()", given[0], node)
            return given[0].with_learned(learned)
        if last == "get_dummies":
            learned = self.learned("dummies", "get_dummies()", given[0], node)
            return given[0]._replace(made_of=frozenset()).with_learned(learned)
        if last == "resample" and name.rpartition(".")[0] in ("", "utils", "sklearn.utils"):
            return given[0].with_learned(self.learned("resample", "resample()", given[0], node))
        if last in STATISTICS and name.rpartition(".")[0] in ("np", "numpy", "stats", "statistics", "jnp"):
            return given[0]._replace(statistic=not across_columns(node))
        if last == "to_datetime":
            self.temporal(given[0], "dates")
            return given[0]
        if last == "train" and any(isinstance(value, Data) for value in arguments):
            return self.trained(node, name, arguments, keywords)
        if last in _HOLDERS:
            return given[0]
        if last in _LISTS and arguments:
            return self.listed(last, arguments)
        if last == "merge":
            joined = self.mixed([*arguments, *keywords.values()], node)
            return (
                joined.with_learned(*(one for each in given for one in each.brought_to(given[0])))
                if isinstance(joined, Data)
                else joined
            )
        if last in _JOINS:
            return self.mixed([*arguments, *keywords.values()], node)
        return self.mixed(arguments or list(keywords.values()), node)

    def drawn(self, method: str) -> object:
        """What a generator of random numbers gives: an order of rows, or new rows."""
        if method == "permutation":
            return Shuffled(self.fresh())
        if method in ("shuffle", "seed", "choice", "bit_generator"):
            return None
        origin = self.fresh()
        return Data(frozenset({Rows(origin)}), frame=origin)

    def listed(self, function: str, arguments: list[object]) -> object:
        """``zip``, ``enumerate`` and the like over lists that are known."""
        first = arguments[0]
        items = self.items_of(first, ast.Constant(None)) if isinstance(first, Series | Text) else [first]
        if function == "enumerate":
            return Series(tuple(Series((None, item)) for item in items))
        if function == "zip":
            rows = [
                self.items_of(each, ast.Constant(None)) if isinstance(each, Series | Text) else [each]
                for each in arguments
            ]
            return Series(tuple(Series(tuple(each)) for each in zip(*rows, strict=False)))
        return first

    def forget_read(self) -> None:
        """A function of the notebook ran: it may have added columns to any table."""
        if not self.reads_columns:
            return
        for name, value in self.names.items():
            if isinstance(value, Data) and value.read is not None:
                self.names[name] = value._replace(read=None)

    def loaded(self, node: ast.Call, name: str, keywords: dict[str, object]) -> object:
        """New rows, where the function reads or makes them."""
        last = name.rpartition(".")[2]
        if not _gives_rows(name) and not reads_spark(node):
            return None
        origin = self.fresh()
        data = Data(frozenset({Rows(origin)}), frame=origin, read=_columns_read(node, last, keywords))
        self.reads_columns = self.reads_columns or data.read is not None
        parse = next((each.value for each in node.keywords if each.arg in ("parse_dates",)), None)
        if parse is not None and not (isinstance(parse, ast.Constant) and parse.value is False):
            self.temporal(data, "dates")
        if last.startswith("make_") or any(each.arg == "return_X_y" for each in node.keywords):
            return Series((data, data._replace(frame=self.fresh())))
        if last.startswith(("load_", "fetch_")):
            self.story.bunches.add(data.frame)
        if last == "load_data":
            sides = [
                data._replace(rows=frozenset({Rows(origin, (("given", side),))}), frame=-1)
                for side in ("train", "test")
            ]
            return Series(tuple(Series((side, side)) for side in sides))
        return data


_NAMES_OTHERWISE = words("names index_col header converters squeeze")
"""Arguments of a loader by which its columns get other names, or become something else."""


def _columns_read(node: ast.Call, last: str, keywords: dict[str, object]) -> frozenset[str] | None:
    """The columns that a loader is told to read, where it is told by name and they keep their names."""
    asked = keywords.get("usecols" if last in ("read_csv", "read_excel", "read_table") else "columns")
    if not last.startswith("read_") or not isinstance(asked, Text) or not asked.values:
        return None
    if any(each.arg is None or each.arg in _NAMES_OTHERWISE for each in node.keywords):
        return None
    written = next((each.value for each in node.keywords if each.arg in ("usecols", "columns")), None)
    parsed = next((each.value for each in node.keywords if each.arg == "parse_dates"), None)
    if isinstance(written, ast.Constant) or isinstance(parsed, ast.Dict):
        return None
    if isinstance(parsed, ast.List) and any(isinstance(each, ast.List) for each in parsed.elts):
        return None
    return frozenset(asked.values)


_MEASURES = re.compile(
    r"metric|score|error|loss|eval|rms|mae\b|mape|auc|accura|acc\b|f1|r2|kappa|judge|compar|report", re.I
)
"""Words in the names of functions that measure, whoever wrote them."""


def _judges(given: list[Data]) -> bool:
    """Whether a function is given predictions of held-out rows beside other values of them."""
    said = {
        each.rows
        for each in given
        if each.predicted_by >= 0 and each.rows and all(one.path and one.path[-1][1] == "test" for one in each.rows)
    }
    return bool(said) and any(each.predicted_by < 0 and each.rows in said for each in given)


@lru_cache(maxsize=4096)
def _only_mixes(name: str) -> bool:
    """Whether nothing is known of a function, so that its value is made of what it is given."""
    return name.rpartition(".")[2] not in _KNOWN and kind_of(name) is None and not is_metric(name)


@lru_cache(maxsize=4096)
def _gives_rows(name: str) -> bool:
    """Whether a function reads or makes rows, by its dotted name."""
    last = name.rpartition(".")[2]
    if last in ("random", "normal", "uniform") and "random" not in name:
        return False
    return loads(last) or (last in ("download", "history") and name.partition(".")[0] in ("yf", "yfinance"))


@lru_cache(maxsize=4096)
def _says_nothing(name: str) -> bool:
    """Whether a function that is given neither rows nor learners has nothing to do with them."""
    return _only_mixes(name) and not _gives_rows(name) and name.rpartition(".")[2] not in READS


def _item_named(owner: Series, arguments: list[object]) -> object:
    key = arguments[0] if arguments else None
    return owner.keyed.get(key.values[0]) if isinstance(key, Text) and key.values else None
