"""Calls that draw random numbers, and whether anything seeds them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from handoff_ext.cells.model import Cell
from handoff_ext.checks.facts.cell import CellFacts
from handoff_ext.checks.words import words

if TYPE_CHECKING:
    from handoff_ext.checks.facts.notebook import NotebookFacts

_TAKES_STATE = words(
    """
    train_test_split RandomForestClassifier RandomForestRegressor ExtraTreesClassifier ExtraTreesRegressor
    IsolationForest
    GradientBoostingClassifier GradientBoostingRegressor DecisionTreeClassifier DecisionTreeRegressor AdaBoostClassifier
    AdaBoostRegressor BaggingClassifier BaggingRegressor MLPClassifier MLPRegressor SGDClassifier SGDRegressor
    Perceptron
    KMeans MiniBatchKMeans GaussianMixture TSNE UMAP RandomizedSearchCV ShuffleSplit StratifiedShuffleSplit SMOTE ADASYN
    RandomOverSampler RandomUnderSampler BorderlineSMOTE HistGradientBoostingClassifier HistGradientBoostingRegressor
    shuffle randomSplit
    """
)
_DRAWS = re.compile(
    r"(?:np|numpy)\.random\.(?!seed|default_rng|RandomState|SeedSequence)\w+|random\.(?:random|randint|choice|choices|shuffle|sample|uniform|gauss)"
    r"|torch\.(?:rand|randn|randint|randperm)|tf\.random\.(?!set_seed)\w+|(?:\w+\.)?sample"
)
_NETWORKS = re.compile(r"(?:tf\.keras|keras|models|layers)?\.?(?:Sequential|Model)|(?:torch\.)?nn\.\w+")
_SEEDS = re.compile(
    r"\b(?:random\.seed|set_seed|manual_seed|set_random_seed|seed_everything|RandomState|default_rng|PYTHONHASHSEED|set_global_seed|"
    r"enable_determinism|random_seed|seed_all|set_seeds|fix_seed)\b"
)
_WORDS = ("seed", "SEED", "RandomState", "default_rng", "enable_determinism")
"""Without one of these none of those is there."""


def unseeded(notebook: NotebookFacts) -> Iterator[tuple[Cell, CellFacts, ast.Call, str]]:
    """Calls that draw random numbers without a seed of their own: cell, its facts, the call, its name."""
    for cell, facts in notebook.code:
        for call in facts.walked.calls:
            if not _draws(call.name):
                continue
            last = call.name.rpartition(".")[2]
            keywords = {each.arg for each in call.node.keywords}
            if None in keywords or keywords & {"random_state", "seed", "random_seed"}:
                continue
            if last == "train_test_split" and any(
                each.arg == "shuffle" and isinstance(each.value, ast.Constant) and each.value.value is False
                for each in call.node.keywords
            ):
                continue
            if last == "randomSplit" and len(call.node.args) > 1:
                continue
            if keywords & {"labelCol", "featuresCol", "inputCol"}:
                continue  # Spark's own learners are seeded by their names
            if last == "sample" and not keywords & {"frac", "n"}:
                continue
            yield cell, facts, call.node, last


@lru_cache(maxsize=4096)
def _draws(name: str) -> bool:
    """Whether a function draws random numbers, by its dotted name."""
    return bool(name.rpartition(".")[2] in _TAKES_STATE or _DRAWS.fullmatch(name) or _NETWORKS.fullmatch(name))


def seeding(names: set[str], text: str) -> str:
    """A cell that seeds every generator that these functions draw from: Python's and numpy's, torch's, TensorFlow's."""
    imports, seeds = ["import random", "", "import numpy as np"], ["random.seed(0)", "np.random.seed(0)"]
    if re.search(r"^\s*(?:import|from) torch\b", text, re.M) and any(
        each.startswith(("torch.", "nn.")) for each in names
    ):
        imports.append("import torch")
        seeds.append("torch.manual_seed(0)")
    if any(_NETWORKS.fullmatch(each) and "nn." not in each for each in names) or any(
        each.startswith("tf.random.") for each in names
    ):
        if re.search(r"^\s*(?:import|from) tensorflow\b", text, re.M):
            imports.append("import tensorflow as tf")
            seeds.append("tf.keras.utils.set_random_seed(0)")
        elif re.search(r"^\s*(?:import|from) keras\b", text, re.M):
            imports.append("import keras")
            seeds.append("keras.utils.set_random_seed(0)")
    return "\n".join([*imports, "", *seeds])


def is_seeded(notebook: NotebookFacts) -> bool:
    """Whether anything sets a seed for all that draw from the global generators."""
    text = notebook.text
    return any(word in text for word in _WORDS) and bool(_SEEDS.search(text))
