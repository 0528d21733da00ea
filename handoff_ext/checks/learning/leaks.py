"""What a story of splits, fits and evaluations gives away: each kind of leak, with the words for it."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from handoff_ext.checks.learning.events import Evaluation, Fit, Split, Story
from handoff_ext.checks.learning.values import Learned, Learner, Place, Rows


@dataclass(frozen=True, slots=True)
class Leak:
    """A leak: where, in which words, and how sure."""

    place: Place
    words: str
    anchor: str
    sure: bool = True
    mild: bool = False


def learned_before_split(story: Story, kinds: frozenset[str]) -> Iterator[Leak]:
    """Something was computed over rows among which are those that the model is judged on."""
    told: set[Place] = set()
    judged = frozenset(rows for each in story.evaluations for rows in each.rows)
    validated = {each.place for each in story.evaluations if each.validated}
    for fit in story.models:
        if fit.learner.kind == "cluster":
            continue
        learned = [*fit.x.learned, *(fit.y.learned if fit.y is not None else ())]
        for each in learned:
            if each.kind not in kinds or each.place in told or _is_for_target(each, fit):
                continue
            held_out = _held_out(story, fit, each, judged, fit.place in validated)
            if held_out is not None:
                told.add(each.place)
                yield Leak(each.place, _words(each, held_out), f"{each.kind} {each.name}")


def _held_out(story: Story, fit: Fit, learned: Learned, judged: frozenset[Rows], validated: bool) -> str | None:
    """The name of the held-out rows that the learned thing saw; None where it saw none."""
    for saw in learned.over:
        for trained in fit.x.rows:
            if not saw.holds(trained):
                continue
            if len(trained.path) > len(saw.path):
                split = story.splits.get(trained.path[len(saw.path)][0])
                if split is not None:
                    return split.test_name or "the held-out rows"
                if any(_apart(saw, trained, rows) for rows in judged):
                    return "the held-out rows"
            elif validated and not trained.path:
                return "the folds that judge it"
    return None


def _is_for_target(learned: Learned, fit: Fit) -> bool:
    """Whether it only concerns the target: numbers for its classes tell nothing."""
    target = fit.y.only if fit.y is not None else None
    if learned.kind == "label":
        return not learned.columns or target is None or learned.columns <= target
    return bool(learned.columns) and target is not None and learned.columns <= target


def _apart(saw: Rows, trained: Rows, judged: Rows) -> bool:
    """Whether the judged rows are among those seen, on the other side of the cut."""
    at = len(saw.path)
    if not saw.holds(judged) or len(judged.path) <= at or len(trained.path) <= at:
        return False
    return judged.path[at][0] == trained.path[at][0] and judged.path[at][1] != trained.path[at][1]


def _words(learned: Learned, held_out: str) -> str:
    test = held_out if " " in held_out else f"the rows of `{held_out}`"
    cell = f"cell {learned.place.cell + 1}'s"
    subject = f"{cell} `{learned.subject}`, which contains" if learned.subject else f"{cell} rows, which contain"
    if learned.kind == "fill":
        return f"Missing values were filled with numbers from {subject} {test}."
    if learned.kind == "statistic":
        what = f"`{learned.name}`" if learned.name else "A mean, minimum or the like"
        return f"{what} was taken over {subject} {test}."
    if learned.kind == "resample":
        return f"`{learned.name}` drew new rows from {subject} {test}."
    if learned.kind in ("dummies", "encode", "label"):
        return f"`{learned.name}` saw the categories of {subject} {test}."
    return f"`{learned.name}` was fitted on {subject} {test}."


def tested_on_training_rows(story: Story) -> Iterator[Leak]:
    """A model was judged on held-out rows that it, or a transformer, was fitted on."""
    told: set[int] = set()
    for each in story.evaluations:
        for judged in each.rows:
            if each.validated or not _is_test(story, judged) or id(each.learner) in told:
                continue
            if any(saw.holds(judged) for saw in each.trained_on):
                told.add(id(each.learner))
                fit = _last_fit(story, each.learner)
                place = fit.place if fit else each.place
                name = story.splits[judged.path[-1][0]].test_name or "the held-out rows"
                yield Leak(
                    place,
                    f"`{each.learner.name}` is fitted on the rows of `{name}`, and judged on them.",
                    each.learner.name,
                )
    for fit in story.fits:
        if fit.learner.predicts or fit.learner.kind not in (
            "scale",
            "impute",
            "reduce",
            "vectorize",
            "select",
            "encode",
        ):
            continue
        both = next((rows for rows in fit.x.rows if _is_test(story, rows) and _other_side(rows) in fit.x.rows), None)
        if both is not None and fit.learner.kind != "encode":
            name = story.splits[both.path[-1][0]].test_name or "the held-out rows"
            yield Leak(
                fit.place,
                f"`{fit.learner.name}` is fitted on the rows of `{name}` too. Fit it on the training rows.",
                f"{fit.learner.name} {name}",
            )
        elif fit.x.rows and all(_is_test(story, rows) for rows in fit.x.rows):
            name = fit.x.name or "the held-out rows"
            yield Leak(
                fit.place,
                f"`{fit.learner.name}` is fitted anew on `{name}`: use what it learned from the training rows.",
                f"{fit.learner.name} {name}",
            )  # fmt: skip


def chosen_by_test(story: Story, source: str) -> Iterator[Leak]:
    """Held-out rows were used to choose: settings in a loop, early stopping, the best of several models."""
    judged: dict[frozenset[Rows], list[Evaluation]] = defaultdict(list)
    for each in story.evaluations:
        if not each.validated and each.rows and all(_is_last_test(story, rows) for rows in each.rows):
            judged[each.rows].append(each)
    told = False
    for rows, evaluations in judged.items():
        name = story.splits[next(iter(rows)).path[-1][0]].test_name or "the held-out rows"
        others = [group for key, group in judged.items() if key != rows]
        loops = [each for each in evaluations if each.loop and _made_in_loop(story, each)]
        if loops and not any(len({id(one.learner) for one in group}) == 1 for group in others):
            told = True
            yield Leak(
                loops[0].place, f"Settings are tried out on `{name}` in a loop: choose them by cross-validation.", name
            )
        learners = {_label(each.learner): each for each in evaluations if each.learner.kind != "cluster"}
        final = any(len({_label(one.learner) for one in group}) == 1 for group in others)
        if not loops and not final and not told and (len(learners) > 2 or (len(learners) == 2 and _chooses(source))):
            last = evaluations[-1]
            told = True
            yield Leak(
                last.place,
                f"{len(learners)} models are compared on `{name}`: keep rows apart that judge the chosen one.",
                f"{name} compared", sure=False, mild=True,
            )  # fmt: skip
    for fit in story.models:
        for watched in fit.watched if fit.stops_early or _stops(fit.callbacks, source) else ():
            others = [group for key, group in judged.items() if _are_apart(key, watched.rows)]
            final = any(len({id(one.learner) for one in group}) == 1 for group in others)
            if watched.rows in judged and not final:
                name = watched.name or "the held-out rows"
                yield Leak(
                    fit.place, f"Training stops early by looking at `{name}`, which then judges the model.", name
                )
                break


_CHOICES = ("argmax", "idxmax", "argmin", "idxmin", "nlargest")
_CHOOSING = {
    "best": re.compile(r"\bbest(?!_(?:params?|estimator|score|iteration|index|weights|only))"),
    "max(": re.compile(r"\bmax\(\s*\w*(?:acc|score|auc|r2|f1)"),
    "compar": re.compile(r"\bcompar"),
    "sort_values(": re.compile(r"sort_values\([^)\n]{0,60}(?:score|acc|rmse|mae|auc|f1|r2)"),
    ":": re.compile(
        r"['\"](?:model|algorithm|classifier|regressor)s?(?: name)?['\"]\s*:[^}]{0,600}(?:score|acc|rmse|mae|r2|auc)"
    ),
}
"""What chooses among models, in lower case, each with the text without which it cannot be there."""


def _chooses(source: str) -> bool:
    """Whether the code looks for the best of something, or puts scores beside each other."""
    lower = source.lower()
    return any(each in lower for each in _CHOICES) or any(
        text in lower and pattern.search(lower) for text, pattern in _CHOOSING.items()
    )


_STOPPING = r"[\w.]*(?:EarlyStopping|early_stopping|ModelCheckpoint)\b"


def _stops(callbacks: str, source: str) -> bool:
    """Whether one of the callbacks, or what one of these names is bound to, stops by the watched rows or keeps the
    best."""
    if re.search(_STOPPING, callbacks):
        return True
    names = set(re.findall(r"[A-Za-z_]\w*", callbacks))
    return any(re.search(rf"\b{name}\s*=\s*[\[(]?\s*{_STOPPING}", source) for name in names)


def _label(learner: Learner) -> str:
    return f"{learner.type} {learner.name} {learner.id}"


def _made_in_loop(story: Story, evaluation: Evaluation) -> bool:
    """Whether the model is built and fitted in the loop that judges it: a search over settings."""
    learner = evaluation.learner
    fit = _last_fit(story, learner)
    if fit is None or learner.kind == "search" or not fit.loop == evaluation.loop == learner.loop:
        return False
    node = learner.place.node
    arguments = [*getattr(node, "args", []), *(each.value for each in getattr(node, "keywords", []))]
    names = {each.id for argument in arguments for each in ast.walk(argument) if isinstance(each, ast.Name)}
    return any(name[0].islower() for name in names)


def overlapping(story: Story) -> Iterator[Leak]:
    """Training and held-out rows come from two different cuts of the same rows."""
    told: set[int] = set()
    for each in story.evaluations:
        if each.validated or id(each.learner) in told:
            continue
        for saw in each.trained_on:
            for judged in each.rows:
                if not saw.holds(judged) and saw.meets(judged) and _overlap(story, saw, judged):
                    told.add(id(each.learner))
                    yield Leak(
                        each.place,
                        "These rows and those of the training come from two cuts that overlap.",
                        each.learner.name,
                    )
                    break


def _overlap(story: Story, saw: Rows, judged: Rows) -> bool:
    for one, two in zip(saw.path, judged.path, strict=False):
        if one != two:
            first, second = one[0], two[0]
            if first in story.splits and second in story.splits:
                return story.splits[first].random or story.splits[second].random
            if first.startswith("sample ") and second.startswith("sample "):
                return True
            bounds = [re.fullmatch(r"slice (\d+)", each) for each in (first, second)]
            if bounds[0] and bounds[1] and one[1] == "train" and two[1] == "test":
                return int(bounds[1][1]) < int(bounds[0][1])
            return bool(bounds[0] and bounds[1] and one[1] == two[1])
    return False


def random_split_of_time(story: Story) -> Iterator[tuple[Split, bool]]:
    """Rows in an order of time were split at random. The second value: whether lags or windows prove the order."""
    for split in story.splits.values():
        reasons = {why for data in split.inputs for rows in data.rows for why in story.temporal.get(rows.origin, ())}
        if split.random and not split.grouped and reasons & {"lags", "order"}:
            yield split, "lags" in reasons and "dates" in reasons | ({"dates"} if "order" in reasons else set())


def _is_test(story: Story, rows: Rows) -> bool:
    return bool(rows.path) and rows.path[-1][1] == "test" and rows.path[-1][0] in story.splits


def _are_apart(ones: frozenset[Rows], others: frozenset[Rows]) -> bool:
    """Whether all rows of both lie on different sides of the same cut."""
    return all(
        one.origin == other.origin
        and any(
            a[0] == b[0] and a[1] != b[1] and one.path[:at] == other.path[:at]
            for at, (a, b) in enumerate(zip(one.path, other.path, strict=False))
        )
        for one in ones
        for other in others
    )


def _other_side(rows: Rows) -> Rows:
    return Rows(rows.origin, (*rows.path[:-1], (rows.path[-1][0], "train")))


def _is_last_test(story: Story, rows: Rows) -> bool:
    return _is_test(story, rows) and not rows.path[-1][0].startswith("folds")


def _last_fit(story: Story, learner: Learner) -> Fit | None:
    return next((fit for fit in reversed(story.fits) if fit.learner is learner), None)
