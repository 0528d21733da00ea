"""What happened, in order: splits, fits, evaluations, saves. Rules look at nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field

from handoff_ext.checks.learning.values import Data, Learned, Learner, Place, Rows


@dataclass(slots=True)
class Split:
    """A split of rows. ``test_name`` is the variable that holds the held-out rows; ``random``: rows are drawn at
    random; ``grouped``: whole groups of rows are."""

    id: str
    inputs: tuple[Data, ...]
    place: Place
    random: bool
    seeded: bool
    grouped: bool = False
    moment: int = 0
    train_name: str = ""
    test_name: str = ""


@dataclass(frozen=True, slots=True)
class Fit:
    """A learner saw rows. ``watched``: rows given to judge it while it learns; ``stops_early``: by them, for certain;
    ``callbacks``: what else is asked then, as it is written."""

    learner: Learner
    x: Data
    y: Data | None
    place: Place
    loop: int
    watched: tuple[Data, ...] = ()
    stops_early: bool = False
    callbacks: str = ""
    moment: int = 0


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A model's quality was measured on rows. ``validated``: by cross-validation inside ``rows``."""

    learner: Learner
    rows: frozenset[Rows]
    place: Place
    loop: int
    trained_on: frozenset[Rows]
    validated: bool = False
    data: Data | None = None


@dataclass(frozen=True, slots=True)
class Save:
    """Something was written to be used again."""

    saved: Learner | None
    place: Place


@dataclass(slots=True)
class Story:
    """All events of a notebook.

    ``frames``: for each table, what its computed columns are made of; ``columns``: those that the code names;
    ``bunches``: tables whose target lies beside them; ``parts``: the numbers of the tables in them; ``trained``: a
    model was fitted, on whatever rows; ``compared``: predictions of held-out rows were taken from the truth by hand,
    or given to an unknown function beside it; ``unread``: columns that are used of tables which were read without them;
    ``written``: the columns that a transformer's values went to, by its id, where they are known; ``cut``: computed
    columns that only a cut-down copy of the table has; ``made_at``: how many columns had been computed when one first
    was; ``moment`` of a split or fit counts in the same way.
    """

    splits: dict[str, Split] = field(default_factory=dict)
    fits: list[Fit] = field(default_factory=list)
    evaluations: list[Evaluation] = field(default_factory=list)
    saves: list[Save] = field(default_factory=list)
    learned: list[Learned] = field(default_factory=list)
    unread: list[tuple[str, Place]] = field(default_factory=list)
    written: dict[int, set[str]] = field(default_factory=dict)
    cut: set[tuple[int, str]] = field(default_factory=set)
    made_at: dict[tuple[int, str], int] = field(default_factory=dict)
    frames: dict[int, dict[str, frozenset[str]]] = field(default_factory=dict)
    learners: list[Learner] = field(default_factory=list)
    temporal: dict[int, set[str]] = field(default_factory=dict)
    columns: dict[int, set[str]] = field(default_factory=dict)
    bunches: set[int] = field(default_factory=set)
    parts: dict[tuple[int, str], int] = field(default_factory=dict)
    seeded: bool = False
    trained: bool = False
    compared: bool = False

    @property
    def models(self) -> list[Fit]:
        """Fits of learners that predict."""
        return [fit for fit in self.fits if fit.learner.predicts]
