"""What a notebook does with models, read off its code: fits, predictions, scores, metrics, what is saved."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from handoff_ext.dataflow.sharing import dotted

PREDICTIONS = ("predict", "predict_proba", "decision_function", "predict_log_proba", "score_samples")
_SAVES = frozenset({"dump", "save", "save_model", "log_model", "export", "save_weights"})


@dataclass(frozen=True, slots=True)
class Fit:
    """``model.fit(x, y)``. ``model`` is an expression that stands for the fitted model once the cell has run.

    ``beyond``: why no table can stand for what it was fitted on; ``x`` is empty then.
    """

    cell: int
    model: str
    x: str
    y: str
    made: str = ""
    line: int = 0
    beyond: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """``target = model.predict(x)``; ``y`` only for ``model.score(x, y)``.

    ``asks`` is ``x`` where it still means the same once the cell has run.
    """

    cell: int
    model: str
    method: str
    x: str
    y: str = ""
    target: str = ""
    line: int = 0
    asks: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """``target = metric(y, given)``: ``expression`` gives the number once the cell has run, without computing anew
    where it has a name. ``given`` are the expressions of its arguments.
    """

    cell: int
    name: str
    expression: str
    given: tuple[str, ...]
    names: frozenset[str]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Named:
    """``target = value``: another name for something, or for a part of it. ``saved``: it is written to a file."""

    cell: int
    target: str
    value: str
    saved: bool = False


@dataclass(frozen=True, slots=True)
class Derived:
    """``target`` is bound to something computed from ``names``."""

    cell: int
    target: str
    names: frozenset[str]


Event = Fit | Asked | Measured | Named | Derived


def events(
    cell: int, tree: ast.Module, imports: Mapping[str, str], functions: Mapping[str, ast.FunctionDef]
) -> list[Event]:
    """The events of a cell, in order, whose expressions still mean the same once the cell has run."""
    names = (node for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    stored = [(node.lineno, node.id) for node in names]
    return [_standing(event, stored) for event in _Reader(cell, imports, functions).statements(tree.body)]


def _standing(event: Event, stored: list[tuple[int, str]]) -> Event:
    """The event without those of its expressions whose names are bound anew further down in the cell."""
    later = {name for line, name in stored if line > getattr(event, "line", 0)}

    def kept(text: str) -> str:
        return "" if later & set(re.findall(r"[^\W\d]\w*", text)) else text

    match event:
        case Fit():
            return replace(event, x=kept(event.x), y=kept(event.y))
        case Asked():
            return replace(event, y=kept(event.y), asks=kept(event.x))
        case Measured():
            return replace(event, expression=kept(event.expression))
    return event


class _Reader:
    def __init__(self, cell: int, imports: Mapping[str, str], functions: Mapping[str, ast.FunctionDef]) -> None:
        self.cell = cell
        self.imports = imports
        self.functions = functions

    def path(self, node: ast.expr) -> str:
        root, dot, rest = dotted(node).partition(".")
        return f"{self.imports[root]}{dot}{rest}" if root in self.imports else ""

    def statements(self, body: list[ast.stmt]) -> Iterator[Event]:
        for node in body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                continue
            target = ""
            value = getattr(node, "value", None)
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                target = ast.unparse(node.targets[0]) if isinstance(node.targets[0], (ast.Name, ast.Subscript)) else ""
            if isinstance(node, (ast.AnnAssign, ast.NamedExpr)):
                target = ast.unparse(node.target)
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr):
                    yield from self.expression(child, target if child is value else "")
            if target and isinstance(value, ast.expr):
                yield Derived(self.cell, target, _names(value))
            for part, given in _pairs(node):
                yield from self.expression(given, ast.unparse(part))
            for block in ("body", "orelse", "finalbody", "handlers"):
                for inner in getattr(node, block, []) if not isinstance(node, ast.expr) else []:
                    yield from self.statements(inner.body if isinstance(inner, ast.ExceptHandler) else [inner])

    def expression(self, node: ast.expr, target: str) -> Iterator[Event]:
        """The events inside an expression first, then its own."""
        own = node
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                yield from self.expression(child, "")
            elif isinstance(child, ast.keyword):
                yield from self.expression(child.value, "")
            elif isinstance(child, ast.comprehension):
                yield from self.expression(child.iter, "")
        if isinstance(own, ast.Call):
            yield from self.call(own, target)
        elif target and isinstance(own, (ast.Name, ast.Attribute, ast.Subscript)):
            yield Named(self.cell, target, ast.unparse(_stripped(own)))
            if isinstance(own, ast.Subscript) and isinstance(own.value, ast.Call):
                yield from self.renamed(own.value, target)

    def renamed(self, call: ast.Call, target: str) -> Iterator[Event]:
        """``proba = model.predict_proba(x)[:, 1]``."""
        for event in self.call(call, target):
            if isinstance(event, Asked):
                yield event

    def call(self, node: ast.Call, target: str) -> Iterator[Event]:
        path, func = self.path(node.func), node.func
        given = [ast.unparse(each) for each in node.args]
        keywords = {each.arg: ast.unparse(each.value) for each in node.keywords if each.arg}
        if isinstance(func, ast.Attribute) and not path:
            yield from self.method(node, func, target, given, keywords)
            return
        last = (path or dotted(func)).rpartition(".")[2]
        if path.startswith(("xgboost.train", "lightgbm.train", "catboost.train")) and target:
            rows = given[1] if len(given) > 1 else keywords.get("dtrain", keywords.get("train_set", ""))
            yield Fit(self.cell, target, rows, "", path, node.lineno)
        elif last in _SAVES and given:
            for each in (given[0], given[-1]):
                yield Named(self.cell, each, each, saved=True)
        elif _is_metric(path):
            yield self.metric(node, last, target, [*given, *keywords.values()])
        elif isinstance(func, ast.Name) and func.id in self.functions:
            yield from self.inside(node, self.functions[func.id], target)

    def method(
        self, node: ast.Call, func: ast.Attribute, target: str, given: list[str], keywords: dict[str, str]
    ) -> Iterator[Event]:
        owner = func.value
        x = given[0] if given else keywords.get("X", keywords.get("x", keywords.get("input", "")))
        y = given[1] if len(given) > 1 else keywords.get("y", keywords.get("Y", ""))
        if func.attr in ("fit", "fit_predict"):
            made = self.path(owner.func) or dotted(owner.func) if isinstance(owner, ast.Call) else ""
            if isinstance(owner, ast.Call):
                if not x and len(owner.args) >= 1:  # statsmodels: OLS(y, X).fit()
                    rows = [ast.unparse(each) for each in owner.args]
                    x, y = (rows[1], rows[0]) if len(rows) > 1 else ("", "")
                if target and func.attr == "fit":
                    yield Fit(self.cell, target, x, y, made, node.lineno)
                return
            model = ast.unparse(owner)
            yield Fit(self.cell, model, x, y, "", node.lineno)
            if target and func.attr == "fit" and target != model:
                yield Named(self.cell, target, model)
        elif func.attr in PREDICTIONS and x:
            yield Asked(self.cell, ast.unparse(owner), func.attr, x, "", target, node.lineno)
        elif func.attr in ("score", "evaluate") and x and y:
            yield Asked(self.cell, ast.unparse(owner), "score", x, y, target, node.lineno)
            if func.attr == "score":
                expression = target or ast.unparse(node)
                names = _names(node)
                given_ = (y, f"{ast.unparse(owner)}.score({x})")
                yield Measured(self.cell, "score", expression, given_, names, node.lineno)
        elif func.attr in _SAVES and not given[1:]:
            yield Named(self.cell, ast.unparse(owner), ast.unparse(owner), saved=True)

    def metric(self, node: ast.Call, name: str, target: str, given: list[str]) -> Measured:
        short = name.removesuffix("_score").removesuffix("_metric")
        return Measured(self.cell, short, target or ast.unparse(node), tuple(given), _names(node), node.lineno)

    def inside(self, node: ast.Call, function: ast.FunctionDef, target: str) -> Iterator[Event]:
        """What a function of the notebook does with the models it is given: its events, with the call's arguments."""
        parameters = [each.arg for each in [*function.args.posonlyargs, *function.args.args]]
        given = dict(zip(parameters, (ast.unparse(each) for each in node.args), strict=False))
        given |= {each.arg: ast.unparse(each.value) for each in node.keywords if each.arg in parameters}
        reader = _Reader(self.cell, self.imports, {})
        for event in reader.statements(function.body):
            match event:
                case Fit(model=model) if model in given:
                    x, y = given.get(event.x, ""), given.get(event.y, "")
                    yield Fit(self.cell, given[model], x, y, "", node.lineno)
                case Fit(model=model) if target and _returned(function) == model:
                    x, y = given.get(event.x, ""), given.get(event.y, "")
                    yield Fit(self.cell, target, x, y, event.made, node.lineno)
                case Asked(model=model) if model in given and event.x in given:
                    x, y = given[event.x], given.get(event.y, "")
                    yield Asked(self.cell, given[model], event.method, x, y, "", node.lineno)


def _pairs(node: ast.stmt) -> Iterator[tuple[ast.expr, ast.expr]]:
    """``best, model = score, other``: each name with its value, where the values stand there."""
    match node:
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)) if len(targets) == len(values):
            yield from (
                (part, given) for part, given in zip(targets, values, strict=True) if isinstance(part, ast.Name)
            )


def _returned(function: ast.FunctionDef) -> str:
    found = [node.value for node in ast.walk(function) if isinstance(node, ast.Return) and node.value is not None]
    return ast.unparse(found[-1]) if found else ""


def _stripped(node: ast.expr) -> ast.expr:
    """``grid.best_estimator_`` stands for ``grid``."""
    return node.value if isinstance(node, ast.Attribute) and node.attr in ("best_estimator_", "best_model_") else node


def _names(node: ast.expr) -> frozenset[str]:
    return frozenset(each.id for each in ast.walk(node) if isinstance(each, ast.Name))


_METRICS = """accuracy_score balanced_accuracy_score precision_score recall_score f1_score fbeta_score roc_auc_score
average_precision_score log_loss brier_score_loss matthews_corrcoef cohen_kappa_score jaccard_score zero_one_loss
hamming_loss hinge_loss top_k_accuracy_score mean_squared_error root_mean_squared_error mean_absolute_error
mean_squared_log_error root_mean_squared_log_error median_absolute_error mean_absolute_percentage_error r2_score
explained_variance_score max_error mean_pinball_loss mean_poisson_deviance mean_gamma_deviance d2_absolute_error_score
silhouette_score adjusted_rand_score normalized_mutual_info_score v_measure_score homogeneity_score
completeness_score calinski_harabasz_score davies_bouldin_score rmse mse mae"""
_NUMBERS = frozenset(_METRICS.split())
"""Functions whose value is one number that says how good a model is."""


def _is_metric(path: str) -> bool:
    root, _, name = path.rpartition(".")
    return name in _NUMBERS and (root.startswith(("sklearn.metrics", "statsmodels.tools.eval_measures")))
