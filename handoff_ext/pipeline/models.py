"""Which models a notebook fits, and which of them is the one to hand over."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from handoff_ext.cells.model import Notebook
from handoff_ext.cells.python import parse_cell
from handoff_ext.pipeline.events import Asked, Derived, Event, Fit, Measured, Named, events
from handoff_ext.pipeline.formulas import Formulas
from handoff_ext.pipeline.matrices import Matrices

_TRANSFORMS = re.compile(
    r"(Scaler|Encoder|Imputer|Vectorizer|Transformer|Binarizer|Normalizer|PCA|SVD|NMF|TSNE|UMAP|Discretizer|Select\w*|RFE"
    r"|RFECV|VarianceThreshold|PolynomialFeatures|Isomap|MDS|Tokenizer|SMOTE\w*|Sampler|NearMiss|FeatureUnion|Hasher"
    r"|FastICA|FactorAnalysis|ADASYN|Tomek\w*|ImageDataGenerator)\Z"
)
_WITHOUT_TARGET = re.compile(
    r"(KMeans|GaussianMixture|Birch|MeanShift|AffinityPropagation|IsolationForest|OneClassSVM|EllipticEnvelope)\Z"
)
"""Estimators that learn without a target and answer for new rows."""
_FINAL = re.compile(r"final|best|champion|chosen|prod|selected", re.I)
_FINAL_PROSE = re.compile(r"\b(final|best|chosen|winning|production)\b.{0,20}\bmodel\b|\bmodel\b.{0,30}\bfinal\b", re.I)


@dataclass(slots=True)
class Candidate:
    """A fitted model.

    ``cell`` is the index of the cell after which ``variable`` stands for it; ``asked`` and ``measured`` are what the
    notebook does with it from there on until it is bound or fitted anew; ``answers`` are the names bound to its
    answers, or to what is computed from them.
    """

    variable: str
    cell: int
    fit: Fit
    made: str = ""
    asked: list[Asked] = field(default_factory=list)
    measured: list[Measured] = field(default_factory=list)
    answers: dict[str, Asked] = field(default_factory=dict)
    saved: bool = False
    looped: bool = False
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Models:
    """The candidates in the notebook's order, and the chosen one."""

    candidates: tuple[Candidate, ...]
    chosen: Candidate | None


def find_models(notebook: Notebook, imports: Mapping[str, str], wanted: str | None = None) -> Models:
    """The notebook's fitted models; ``wanted`` names the one to hand over, as its expression."""
    reading = _Reading(notebook, imports)
    found = [each for each in reading.candidates() if each.asked or each.saved or reading.predicts(each)]
    weighed = [replace(each, weight=_weight(each, position, notebook)) for position, each in enumerate(found)]
    if wanted is not None:
        named = [each for each in weighed if each.variable == wanted]
        return Models(tuple(weighed), max(named, key=lambda each: each.cell) if named else None)
    return Models(tuple(weighed), max(weighed, key=lambda each: each.weight, default=None))


class _Reading:
    """One reading of all cells."""

    def __init__(self, notebook: Notebook, imports: Mapping[str, str]) -> None:
        trees = [(cell, parse_cell(cell.source).tree) for cell in notebook.code]
        self.trees = [(cell, tree) for cell, tree in trees if tree is not None]
        functions = {
            node.name: node for _, tree in self.trees for node in tree.body if isinstance(node, ast.FunctionDef)
        }
        self.events: list[Event] = [
            event for cell, tree in self.trees for event in events(cell.index, tree, imports, functions)
        ]
        self.events = Matrices(self.trees, imports).seen_through(self.events)
        self.events = Formulas(self.trees, imports).seen_through(self.events)
        self.made = self._made(imports)
        self.loops = self._loops()

    def candidates(self) -> list[Candidate]:
        """A candidate for each fit of something that is no mere transformer, with what happens to it afterwards."""
        open_: dict[str, Candidate] = {}
        every: list[Candidate] = []
        for event in self.events:
            match event:
                case Fit():
                    for fit in self._unrolled(event):
                        made = fit.made or self._maker(fit.model, fit.cell)
                        if _TRANSFORMS.search(made.rpartition(".")[2]):
                            continue
                        looped = fit.model in self.loops.get(fit.cell, {})
                        candidate = Candidate(fit.model, fit.cell, fit, made, looped=looped)
                        before = open_.get(fit.model)
                        if before and before.cell == fit.cell:
                            every.remove(before)
                        open_[fit.model] = candidate
                        every.append(candidate)
                case Asked(model=model):
                    for name in self._names(model, event.cell):
                        if name in open_:
                            open_[name].asked.append(event)
                            if event.target:
                                open_[name].answers[event.target] = event
                case Derived(target=target, names=names):
                    for candidate in {id(each): each for each in open_.values()}.values():
                        _derive(candidate, target, names)
                case Measured():
                    for candidate in self._judged(event, open_):
                        candidate.measured.append(event)
                case Named(saved=True, value=value):
                    if value in open_:
                        open_[value].saved = True
                case Named(target=target, value=value):
                    behind = [name for name in self._names(value, event.cell) if name in open_]
                    if behind and target != value:
                        one = open_[behind[-1]]
                        open_[target] = Candidate(target, event.cell, one.fit, one.made)
                        every.append(open_[target])
                    elif target in open_ and open_[target].cell != event.cell:
                        del open_[target]
        return every

    def predicts(self, candidate: Candidate) -> bool:
        """Whether what was fitted and never asked is a model rather than a transformer: it was given a target, or is
        known to answer without one."""
        return bool(candidate.fit.y or _WITHOUT_TARGET.search(candidate.made)) and not candidate.looped

    def _judged(self, event: Measured, open_: Mapping[str, Candidate]) -> list[Candidate]:
        found = []
        entries = [names for names in self.loops.get(event.cell, {}).values() if names]
        for each in {id(each): each for each in open_.values()}.values():
            if any(each.variable in names[:-1] for names in entries):
                continue  # after the loop its names belong to the last entry
            direct = any(f"{each.variable}.{asked.method}(" in given for asked in each.asked for given in event.given)
            if direct or set(each.answers) & {*event.given, *event.names}:
                found.append(each)
        return found

    def _made(self, imports: Mapping[str, str]) -> dict[str, list[tuple[int, str]]]:
        """What each name was made by, cell by cell."""
        found: dict[str, list[tuple[int, str]]] = {}
        for cell, tree in self.trees:
            for node in ast.walk(tree):
                if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                    for target in node.targets:
                        root, dot, rest = ast.unparse(node.value.func).partition(".")
                        made = f"{imports.get(root, root)}{dot}{rest}"
                        found.setdefault(ast.unparse(target), []).append((cell.index, made))
        return found

    def _maker(self, model: str, cell: int) -> str:
        made = [each for index, each in self.made.get(model, []) if index <= cell]
        return made[-1] if made else ""

    def _loops(self) -> dict[int, dict[str, list[str]]]:
        """For each cell its loop variables that go through a dictionary or list of models, with its entries."""
        displays: dict[str, list[str]] = {}
        found: dict[int, dict[str, list[str]]] = {}
        for cell, tree in self.trees:
            for node in ast.walk(tree):
                match node:
                    case ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict(keys=keys)):
                        plain = [key for key in keys if isinstance(key, ast.Constant)]
                        displays[name] = [f"{name}[{ast.unparse(key)}]" for key in plain]
                    case ast.Assign(targets=[ast.Name(id=name)], value=ast.List(elts=elts)):
                        displays[name] = [
                            f"{name}[{index}]" + ("[1]" if isinstance(each, ast.Tuple) and len(each.elts) == 2 else "")
                            for index, each in enumerate(elts)
                        ]
            for node in ast.walk(tree):
                if isinstance(node, ast.For):
                    over = _gone_through(node.iter)
                    names = [each.id for each in ast.walk(node.target) if isinstance(each, ast.Name)]
                    for name in names:
                        found.setdefault(cell.index, {})[name] = displays.get(over, []) if name == names[-1] else []
        return found

    def _unrolled(self, fit: Fit) -> list[Fit]:
        entries = self.loops.get(fit.cell, {}).get(fit.model)
        return [replace(fit, model=entry) for entry in entries] if entries else [fit]

    def _names(self, model: str, cell: int) -> list[str]:
        return self.loops.get(cell, {}).get(model) or [model]


def _derive(candidate: Candidate, target: str, names: frozenset[str]) -> None:
    """``called = proba >= 0.35``: what is computed from an answer is an answer; any other value is none any more."""
    behind = [candidate.answers[name] for name in sorted(names & set(candidate.answers))]
    if behind:
        candidate.answers[target] = behind[0]
    elif target in candidate.answers and candidate.answers[target].target != target:
        del candidate.answers[target]


def _gone_through(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="items" | "values")):
            return name
        case ast.Call(func=ast.Name(id="enumerate"), args=[ast.Name(id=name)]):
            return name
    return ""


def _weight(candidate: Candidate, position: int, notebook: Notebook) -> float:
    """How much speaks for a candidate: saved, called final, judged on rows it was not fitted on, and late."""
    weight = 0.01 * position
    weight += 4.0 if candidate.saved else 0.0
    weight += 2.0 if _FINAL.search(candidate.variable) else 0.0
    weight += 2.0 if _FINAL_PROSE.search(_prose_above(notebook, candidate.cell)) else 0.0
    weight += 1.5 if any(asked.x != candidate.fit.x for asked in candidate.asked) else 0.0
    weight += 1.0 if candidate.measured else 0.0
    weight += 1.0 if any(_tests(asked.x) for asked in candidate.asked) else 0.0
    weight -= 1.5 if candidate.looped else 0.0
    return weight


def _tests(expression: str) -> bool:
    return bool(re.search(r"test|val|hold|unseen|new", expression, re.I))


def _prose_above(notebook: Notebook, cell: int) -> str:
    prose = [each.source for each in notebook.cells if each.kind == "markdown" and each.index < cell]
    return prose[-1] if prose else ""
