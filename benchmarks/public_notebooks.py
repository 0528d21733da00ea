"""What the checks find in notebooks of public repositories: how many were read, what was left out and why, each rule.

Figures of one run are kept in ``figures/public_notebooks.json``; the notebooks are not in this repository. Give a
folder of checkouts, whose notebooks are taken in the order of their paths; without one this says so and ends.

    python benchmarks/public_notebooks.py [FOLDER...] [--sample 100] [--seed 2026] [--write FILE]

``--write`` keeps what was found in a file of figures, and leaves what was read by eye as it stands there. A folder then
holds OWNER/NAME for each repository, and ``commits.json`` with the commit of each.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from collections import Counter
from pathlib import Path

from figures.kept import keep

from handoff_ext.checks import check_paths
from handoff_ext.checks.settings import Settings
from handoff_ext.checks.walk import notebooks as notebooks_below
from handoff_ext.contracts.finding import CheckReport

COVERS = ["handoff_ext/checks", "handoff_ext/cells"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    given = os.environ.get("HANDOFF_NOTEBOOKS", "")
    parser.add_argument(
        "folders", nargs="*", type=Path, default=[Path(each) for each in given.split(os.pathsep) if each]
    )
    parser.add_argument("--sample", type=int, default=0, help="print so many findings, drawn at random, to read")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--write", type=Path, help="the file of figures to bring up to date")
    options = parser.parse_args()
    if not options.folders:
        print("no notebooks: name a folder of checkouts, or set HANDOFF_NOTEBOOKS")
        return
    begin = time.process_time()
    report = check_paths(options.folders, Settings())
    seconds = time.process_time() - begin
    rules = Counter(finding.rule for finding in report.findings)
    notebooks = {rule: len({each.path for each in report.findings if each.rule == rule}) for rule in rules}
    print(
        f"{report.checked} checked, {len(report.unreadable)} not readable, {report.checked / seconds:.0f} a CPU second"
    )
    for each in report.unreadable:
        print(f"    left out: {each.reason}")
    for rule in sorted(rules):
        print(f"{rule:10}{rules[rule]:6} findings in {notebooks[rule]:4} notebooks")
    for each in random.Random(options.seed).sample(report.findings, min(options.sample, len(report.findings))):
        place = {"path": each.path, "cell": each.cell_index, "where": each.where, "line": each.line}
        print(json.dumps({"rule": each.rule, **place, "message": each.message}, ensure_ascii=False))
    if options.write:
        written(options.write, options.folders, report)


def written(file: Path, folders: list[Path], report: CheckReport) -> None:
    """Denominator, exclusions and findings of each rule; what people read by eye stays."""
    repositories = {}
    for folder in folders:
        for name, commit in json.loads((folder / "commits.json").read_text()).items():
            repositories[name] = {"commit": commit, "notebooks": sum(1 for _ in notebooks_below([folder / name], []))}
    rules = sorted({each.rule for each in report.findings})
    old = json.loads(file.read_text())["figures"] if file.exists() else {}
    keep(
        file,
        COVERS,
        {
            "repositories": repositories,
            "notebooks": report.checked + len(report.unreadable),
            "checked": report.checked,
            "left_out": dict(Counter(_reason(each.reason) for each in report.unreadable))
            | {"in .ipynb_checkpoints": "never counted"},
            "findings": {
                rule: {
                    "findings": sum(each.rule == rule for each in report.findings),
                    "notebooks": len({each.path for each in report.findings if each.rule == rule}),
                }
                for rule in rules
            },
            **{name: old[name] for name in ("read_by_eye", "missed_by_eye") if name in old},
        },
    )


def _reason(sentence: str) -> str:
    return "not valid JSON" if "not valid JSON" in sentence else sentence.partition(" (")[0]


if __name__ == "__main__":
    main()
