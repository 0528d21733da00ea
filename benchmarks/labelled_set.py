"""The checks beside labels that were written without seeing them: precision and recall of each family.

The notebooks and what is true of them are in ``labelled/``. A place that must be found counts once, however many
findings stand on it; every other place with a finding of a family for which the notebook is labelled counts as false.

    python benchmarks/labelled_set.py [--verbose] [--family PATH]
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from labelled.reader import FAMILIES, Label, Labelled, Place, labelled_notebooks

from handoff_ext.cells.read import from_json
from handoff_ext.checks import check_notebook
from handoff_ext.contracts.finding import Finding

TARGETS = {"PATH": (0.97, 0.95), "CRED": (0.97, 0.95), "LEAK": (0.95, 0.80), "STATE": (0.97, 0.90)}


@dataclass
class Score:
    """What came out for one family; the lists hold one line of text a disagreement."""

    found: int = 0
    near_misses: int = 0
    missed: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.found / ((self.found + len(self.false)) or 1)

    @property
    def recall(self) -> float:
        return self.found / ((self.found + len(self.missed)) or 1)


def covers(place: Place, finding: Finding) -> bool:
    """Whether ``finding`` stands at ``place``, or spans its line."""
    return (
        place.cell in (None, finding.cell_index)
        and place.where in (None, finding.where)
        and (place.line is None or finding.line <= place.line <= max(finding.line, finding.end_line))
    )


def matching(labels: Iterable[Label], finding: Finding) -> list[Label]:
    """The labels about ``finding``: those of its lines, or else of its cell, or else of the notebook."""
    family = finding.rule.rstrip("0123456789")
    narrow: list[list[Label]] = [[], [], []]
    for label in labels:
        hit = [place for place in label.places if family in label.families and covers(place, finding)]
        if hit:
            narrow[min((place.line is None) + (place.cell is None) for place in hit)].append(label)
    return next((group for group in narrow if group), [])


def measure(notebook: Labelled, findings: Iterable[Finding], scores: dict[str, Score]) -> None:
    """Add what ``findings`` got right and wrong in ``notebook`` to ``scores``."""
    must = [label for label in notebook.labels if label.verdict == "must"]
    found: list[Label] = []
    false: dict[tuple[object, ...], str] = {}
    for finding in findings:
        family = finding.rule.rstrip("0123456789")
        labels = matching(notebook.labels, finding)
        right = [label for label in labels if label.verdict == "must"]
        accepted = any(
            label.verdict == "may" or (label.verdict == "low" and finding.confidence == "low") for label in labels
        )
        found += right
        if right or accepted or family not in notebook.families:
            continue
        note = " (a near-miss)" if labels else ""
        place = (finding.cell_index, finding.where, finding.line)
        false[(family, *place)] = f"{notebook.name} {place} {finding.rule} {finding.name}{note}: {finding.message}"
    for (family, *_), text in false.items():
        scores[str(family)].false.append(text)
    for label in must:
        score = scores[label.families[0]]
        if any(label is each for each in found):
            score.found += 1
        else:
            places = ", ".join(f"({place.cell}, {place.where}, {place.line})" for place in label.places)
            score.missed.append(f"{notebook.name} {places}: {label.text[:80]}")
    for label in notebook.labels:
        if label.verdict in ("not", "low"):
            scores[label.families[0]].near_misses += 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--verbose", action="store_true", help="list every miss and every false finding")
    parser.add_argument("--family", choices=FAMILIES, help="only this family")
    options = parser.parse_args()
    notebooks = labelled_notebooks()
    scores = {family: Score() for family in FAMILIES}
    with tempfile.TemporaryDirectory() as folder:  # an empty place: no manifest, no data, no modules beside
        for notebook in notebooks:
            path = str(Path(folder) / f"{notebook.name}.ipynb")
            measure(notebook, check_notebook(from_json(path, notebook.raw)).findings, scores)
    print(f"{len(notebooks)} notebooks; at least = what the project asks of itself")
    print(f"{'family':8}{'places':>8}{'near-misses':>13}{'precision':>11}{'recall':>8}   at least")
    for family in [options.family] if options.family else FAMILIES:
        score = scores[family]
        places = score.found + len(score.missed)
        least = " / ".join(f"{value:.2f}" for value in TARGETS.get(family, ()))
        print(f"{family:8}{places:8}{score.near_misses:13}{score.precision:11.3f}{score.recall:8.3f}   {least}")
        if options.verbose:
            for kind, lines in (("missed", score.missed), ("false", score.false)):
                for line in lines:
                    print(f"    {kind}: {line}")


if __name__ == "__main__":
    main()
