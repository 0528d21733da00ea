"""Statements that set how the program behaves: warnings, display options, plot styles, the process's variables.

They compute nothing and can be repeated, so every stage that comes after one in the notebook begins with it.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Mapping

from handoff_ext.dataflow.sharing import dotted

_CALLS = {
    "warnings.filterwarnings": "warnings",
    "warnings.simplefilter": "warnings",
    "pandas.set_option": "pandas",
    "pandas.reset_option": "pandas",
    "numpy.set_printoptions": "numpy",
    "numpy.seterr": "numpy",
    "matplotlib.use": "matplotlib",
    "matplotlib.rc": "matplotlib",
    "matplotlib.style.use": "matplotlib",
    "matplotlib.rcParams.update": "matplotlib",
    "matplotlib.pyplot.style.use": "matplotlib",
    "matplotlib.pyplot.rc": "matplotlib",
    "matplotlib.pyplot.rcParams.update": "matplotlib",
    "matplotlib.pyplot.ioff": "matplotlib",
    "matplotlib.pyplot.ion": "matplotlib",
    "seaborn.set": "seaborn",
    "seaborn.set_theme": "seaborn",
    "seaborn.set_style": "seaborn",
    "seaborn.set_context": "seaborn",
    "seaborn.set_palette": "seaborn",
    "seaborn.set_color_codes": "seaborn",
    "sklearn.set_config": "sklearn",
    "os.environ.update": "os",
    "os.environ.setdefault": "os",
    "os.environ.pop": "os",
    "os.putenv": "os",
    "dotenv.load_dotenv": "os",
    "sys.path.append": "sys",
    "sys.path.insert": "sys",
    "sys.setrecursionlimit": "sys",
    "locale.setlocale": "locale",
    "logging.basicConfig": "logging",
    "logging.disable": "logging",
    "decimal.getcontext": "decimal",
    "tqdm.tqdm.pandas": "tqdm",
    "tqdm.notebook.tqdm.pandas": "tqdm",
    "tqdm.auto.tqdm.pandas": "tqdm",
    "plotly.io.renderers.default": "plotly",
    "plotly.offline.init_notebook_mode": "plotly",
    "cufflinks.go_offline": "cufflinks",
    "tensorflow.get_logger": "tensorflow",
    "torch.set_default_dtype": "torch",
    "torch.set_num_threads": "torch",
    "torch.use_deterministic_algorithms": "torch",
    "nltk.data.path.append": "nltk",
    "xgboost.set_config": "xgboost",
    "polars.Config.set_tbl_rows": "polars",
}
_MAGICS = {
    "matplotlib": "matplotlib",
    "config": "matplotlib",
    "load_ext": "IPython",
    "reload_ext": "IPython",
    "autoreload": "IPython",
    "env": "os",
    "set_env": "os",
    "precision": "numpy",
}
SHOWING = frozenset({"matplotlib", "seaborn", "plotly", "cufflinks"})
"""Modules whose settings change pictures only."""


def setting_module(node: ast.stmt, imports: Mapping[str, str]) -> str:
    """The module that a statement sets, or an empty string where it is no setting.

    ``imports`` maps names to the dotted paths they were imported from. A setting may read imported names and plain
    values only: then it can be said again anywhere.
    """
    match node:
        case ast.Expr(value=ast.Call() as call):
            magic = _magic(call)
            if magic:
                return _MAGICS.get(magic, "")
            module = _CALLS.get(_path(call.func, imports), "") or _of_logger(call.func, imports)
            return module if _plain([*call.args, *(keyword.value for keyword in call.keywords)], imports) else ""
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript() as target], value=value):
            owner = target.value
            if isinstance(owner, ast.Call) and not owner.args:  # decimal.getcontext().prec
                return _CALLS.get(_path(owner.func, imports), "") if _plain([value], imports) else ""
            path = _path(owner if isinstance(target, ast.Subscript) else target, imports)
            key = [target.slice] if isinstance(target, ast.Subscript) else []
            return path.partition(".")[0] if path and _plain([value, *key], imports) else ""
    return ""


def _path(node: ast.expr, imports: Mapping[str, str]) -> str:
    root, dot, rest = dotted(node).partition(".")
    return f"{imports[root]}{dot}{rest}" if root in imports else ""


def _of_logger(function: ast.expr, imports: Mapping[str, str]) -> str:
    """``logging.getLogger("name").setLevel``."""
    match function:
        case ast.Attribute(value=ast.Call(func=owner, args=args), attr="setLevel" | "addFilter" | "addHandler"):
            return "logging" if _path(owner, imports) == "logging.getLogger" and _plain(args, imports) else ""
    return ""


def _magic(call: ast.Call) -> str:
    """The name of the line magic that a call of ``get_ipython()`` stands for."""
    match call:
        case ast.Call(
            func=ast.Attribute(value=ast.Call(func=ast.Name("get_ipython")), attr="run_line_magic" | "magic"),
            args=[ast.Constant(value=str() as name), *_],
        ):
            return name.split()[0] if name.split() else ""
    return ""


def _plain(nodes: list[ast.expr], imports: Mapping[str, str]) -> bool:
    """Whether values depend on nothing but imported modules."""
    for node in nodes:
        for each in ast.walk(node):
            if isinstance(each, ast.Name) and each.id not in imports and not _built_in_class(each.id):
                return False
            if isinstance(each, (ast.Call, ast.Lambda)) and not _quiet(each, imports):
                return False
    return True


def _built_in_class(name: str) -> bool:
    """``str``, ``UserWarning`` and the like."""
    return isinstance(getattr(builtins, name, None), type)


def _quiet(node: ast.Call | ast.Lambda, imports: Mapping[str, str]) -> bool:
    if isinstance(node, ast.Lambda):
        return _plain([node.body], {**imports, **{each.arg: "" for each in node.args.args}})
    path = _path(node.func, imports)
    return path.partition(".")[0] in ("os", "sys", "pathlib", "seaborn", "matplotlib", "pandas") or (
        isinstance(node.func, ast.Attribute) and node.func.attr == "format"
    )
