"""``extract``: from a notebook to a pipeline's folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from handoff_ext.cells.model import Cell, Notebook
from handoff_ext.cells.python import parse_cell
from handoff_ext.cells.read import read_notebook
from handoff_ext.cells.write import notebook_text
from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.names import notebook_name, pipeline_folder
from handoff_ext.contracts.pipeline import Manifest, Metric, Model
from handoff_ext.pipeline.columns import declared_inputs
from handoff_ext.pipeline.cut import Cut, cut
from handoff_ext.pipeline.features import feature_files
from handoff_ext.pipeline.fitting import fitting, with_parameters
from handoff_ext.pipeline.folder import data_text, definitions_text, manifest_text, readme_text
from handoff_ext.pipeline.judged import metrics_of, model_of
from handoff_ext.pipeline.manifest import make_manifest
from handoff_ext.pipeline.models import Candidate, find_models
from handoff_ext.pipeline.parameters import Draft
from handoff_ext.pipeline.preparing import imported_names, prepare
from handoff_ext.pipeline.replacing import replace_folder
from handoff_ext.pipeline.stagebook import Book
from handoff_ext.pipeline.standing import needs_own_folder
from handoff_ext.pipeline.suggestion import suggest
from handoff_ext.pipeline.tags import read_tags
from handoff_ext.pipeline.testfile import test_files


def extract(
    path: str | Path, out: str | Path | None = None, use_suggestions: bool = False, model: str | None = None
) -> Manifest:
    """Cut the notebook at ``path`` into the pipeline's folder ``out`` (``NAME_pipeline`` beside it).

    ``use_suggestions``: where no cell carries a step, take the suggested ones. ``model``: the variable of the model to
    hand over, where there are several. The notebook is only read; a person's edits in the folder are kept.

    Raises ``HandoffError`` and writes nothing where the notebook cannot be cut as it is tagged.
    """
    notebook = read_notebook(path)
    folder = Path(out) if out is not None else pipeline_folder(Path(path).resolve())
    files, manifest = pipeline_files(notebook, notebook_name(path), _way(folder, Path(path)), use_suggestions, model)
    replace_folder(folder, files)
    return manifest


def pipeline_files(
    notebook: Notebook, name: str, to_notebook: str, use_suggestions: bool, model: str | None = None
) -> tuple[dict[str, str], Manifest]:
    """The texts of all files of the pipeline, by path in its folder, and its manifest.

    ``to_notebook`` leads from the pipeline's folder to the notebook's, with ``/``.
    """
    if notebook.language != "python":
        name_ = Path(notebook.path).name
        raise HandoffError(f"{name_} is in {notebook.language}.", "Only Python can be cut into steps.")
    tags = read_tags(notebook)
    stages = dict(tags.stages)
    if not stages and not use_suggestions:
        raise HandoffError(
            f"No cell of {Path(notebook.path).name} says which step it belongs to.",
            "Tag cells with stage:NAME (handoff tag --write), or take suggested steps with --suggest.",
        )
    if not stages:
        suggestion = suggest(notebook, model)
        if suggestion.problem:
            raise HandoffError(suggestion.problem, suggestion.hint or "Tag cells with stage:NAME.")
        stages = {cell.index: cell.stage for cell in suggestion.cells if cell.stage}
    imports = imported_names(notebook)
    units, drafts = prepare(notebook, imports, to_notebook)
    made = _at_home(cut(units, stages, tags.skipped), drafts, imports)
    models = find_models(notebook, imports, model)
    if model is not None and models.chosen is None:
        fitted = [each.variable for each in models.candidates]
        raise HandoffError(f"The notebook fits no model named {model}.", _choices(fitted))
    chosen, metrics = _judged(notebook, made, models.chosen)
    definitions = {each for stage in made.stages for each in stage.imported}
    features = feature_files(units.notebook, models.chosen, chosen, drafts, definitions)
    rows = None
    if models.chosen is not None and "features.py" in features:
        rows = fitting(made, models.chosen, features["features.py"], drafts)
        made = with_parameters(made, rows) if rows is not None else made
    book = Book(made, units.notebook, drafts, _files(made), rows)
    manifest = make_manifest(name, notebook, book, chosen, metrics)
    return _texts(manifest, book, imports, "features.py" in features) | features, manifest


def _at_home(made: Cut, drafts: Mapping[str, Draft], imports: Mapping[str, str]) -> Cut:
    """Where the code of any stage has to run in the notebook's folder, all stages are told where that is."""
    used = {index for stage in made.stages for index in stage.used}
    cells = {cell for stage in made.stages for cell in stage.cells}
    units = [unit for unit in made.units.units if unit.index in used or unit.cell.index in cells]
    trees = [tree for unit in units if unit.kind != "parameter" and (tree := parse_cell(unit.source).tree)]
    functions = frozenset(name for unit in units if unit.kind == "definition" for name in unit.names)
    if not needs_own_folder(trees, imports, {*drafts, "run_dir"}, functions):
        return made
    homes = [draft.name for draft in drafts.values() if draft.home]
    told = (replace(stage, parameters=tuple(dict.fromkeys([*homes, *stage.parameters]))) for stage in made.stages)
    return replace(made, stages=tuple(told))


def _judged(notebook: Notebook, made: Cut, chosen: Candidate | None) -> tuple[Model | None, list[Metric]]:
    by_index: dict[int, Cell] = {cell.index: cell for cell in notebook.cells}

    def where(index: int) -> tuple[str, str] | None:
        stage = made.stage_of(index)
        return (stage.name, by_index[index].id) if stage else None

    if chosen is None:
        return None, []
    return model_of(chosen, where), metrics_of(chosen, where)


def _files(made: Cut) -> dict[str, str]:
    return {stage.name: f"{10 * number:02}_{stage.name}.ipynb" for number, stage in enumerate(made.stages, 1)}


def _texts(manifest: Manifest, book: Book, imports: Mapping[str, str], lifted: bool) -> dict[str, str]:
    """``lifted``: whether the feature code stands in ``features.py`` too."""
    texts = {"pipeline.yaml": manifest_text(manifest)}
    for stage in book.cut.stages:
        texts[f"stages/{book.files[stage.name]}"] = notebook_text(book.document(stage))
    used = {name for stage in book.cut.stages for name in stage.imported}
    portable = {name: unit for name, unit in book.cut.portable.items() if name in _with_needed(used, book.cut)}
    if portable:
        texts["definitions.py"] = definitions_text(book.cut.units, portable, manifest.source.notebook)
    inputs = declared_inputs(book.notebook, (each.name for each in manifest.parameters), imports)
    texts["data.yaml"] = data_text(manifest, inputs)
    texts["README.md"] = readme_text(manifest, _model_words(manifest), lifted)
    texts |= test_files()
    return texts


def _with_needed(names: set[str], made: Cut) -> set[str]:
    """These definitions and those that they use."""
    from handoff_ext.pipeline.portable import free_names

    found, todo = set(names), list(names)
    while todo:
        for other in free_names(made.units, made.portable[todo.pop()]) & set(made.portable):
            if other not in found:
                found.add(other)
                todo.append(other)
    return found


def _model_words(manifest: Manifest) -> str:
    if manifest.model is None:
        return ""
    model = manifest.model
    words = f"`{model.variable}`, as step **{model.stage}** leaves it."
    if manifest.metrics:
        words += " Measured: " + ", ".join(f"{each.name} (step {each.stage})" for each in manifest.metrics) + "."
    return words


def _way(folder: Path, notebook: Path) -> str:
    """How the notebook's folder is reached from the pipeline's, with ``/``."""
    way = os.path.relpath(notebook.resolve().parent, Path(os.path.realpath(folder)))
    return PurePosixPath(*Path(way).parts).as_posix()


def _choices(variables: list[str]) -> str:
    return (
        f"It fits {', '.join(dict.fromkeys(variables))}." if variables else "It fits none that is asked for anything."
    )
