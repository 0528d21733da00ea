"""A plan's file keeps what people wrote around their answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.names import notebook_name, pipeline_folder
from handoff_ext.contracts.plan import Plan
from handoff_ext.plan import parse_plan, plan_path, plan_text, read_plan

TEXT = """# Asked at the Monday round.
owner:
  contact: maya@example.org   # extension 4417
  name: Maya Okafor
limitations:
  # from the pilot
  - Not on snow days.
intent:
check_in: 2027-03-02
"""


def test_comments_order_and_style_stay() -> None:
    plan = parse_plan(TEXT)
    plan.intent.decision = "How many to call in"
    plan.limitations = ["Not on snow days."]
    text = plan_text(plan, TEXT)
    assert text.index("contact:") < text.index("name:")
    for kept in ("# Asked at the Monday round.", "# extension 4417", "# from the pilot", "check_in: 2027-03-02"):
        assert kept in text
    assert parse_plan(text) == plan


def test_unchanged_plan_gives_the_same_text() -> None:
    whole = TEXT.replace("intent:\n", "")
    assert plan_text(parse_plan(whole), whole) == whole


def test_emptied_answer_is_emptied_in_the_file() -> None:
    plan = parse_plan(TEXT)
    plan.owner.name = ""
    plan.limitations = []
    assert parse_plan(plan_text(plan, TEXT)) == plan


def test_new_file_holds_only_what_was_said() -> None:
    text = plan_text(Plan.model_validate({"owner": {"name": "Maya"}}))
    assert text.startswith("# What only people can say")
    assert "fallback" not in text
    assert parse_plan(text).owner.name == "Maya"


@settings(max_examples=30, deadline=None)
@given(
    st.builds(
        Plan,
        limitations=st.lists(st.text(max_size=40).filter(str.isprintable), max_size=3),
        prefilled=st.lists(st.sampled_from(["owner.name", "limitations"]), max_size=2),
    ),
    st.text(max_size=60).filter(str.isprintable),
)
def test_any_answer_comes_back(plan: Plan, decision: str) -> None:
    plan.intent.decision = decision
    assert parse_plan(plan_text(plan, TEXT)) == plan
    assert parse_plan(plan_text(plan)) == plan


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("owner: [", "not valid YAML"),
        ("- a\n- b", "holds no fields"),
        ("owner:\n  nmae: x", r"owner\.nmae"),
        ("thresholds:\n  decision: high", r"thresholds\.decision"),
        ("owner: x\n\tname: y", "line 2"),
    ],
)
def test_unusable_file_is_one_sentence(text: str, said: str) -> None:
    with pytest.raises(HandoffError, match=said):
        parse_plan(text, "a.handoff.yaml")


@pytest.mark.parametrize("notebook", ["a.ipynb", "a.handoff.ipynb", "a.handoff.yaml"])
def test_pipeline_and_plan_are_named_after_the_notebook_not_its_copy(tmp_path: Path, notebook: str) -> None:
    assert notebook_name(tmp_path / notebook) == notebook_name(f"C:\\work\\{notebook}") == "a"
    assert pipeline_folder(tmp_path / notebook) == tmp_path / "a_pipeline"
    assert plan_path(tmp_path / notebook) == tmp_path / "a.handoff.yaml"


def test_plan_lies_beside_the_notebook_and_its_copy(tmp_path: Path) -> None:
    for name in ("a.ipynb", "a.handoff.ipynb"):
        assert plan_path(tmp_path / name).name == "a.handoff.yaml"
    assert read_plan(tmp_path / "a.ipynb") == Plan()
    (tmp_path / "a.handoff.yaml").write_text(TEXT)
    assert read_plan(tmp_path / "a.handoff.ipynb").owner.name == "Maya Okafor"
    (tmp_path / "a.handoff.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(HandoffError, match="cannot be read"):
        read_plan(tmp_path / "a.ipynb")


def test_example_plan_is_read() -> None:
    root = Path(__file__).parent.parent.parent
    plan = read_plan(root / "example_notebooks" / "flight_delays" / "flight_delays.ipynb")
    text = plan_path(root / "example_notebooks" / "flight_delays" / "flight_delays.ipynb").read_text()
    assert plan.owner.name == "Maya Okafor"
    assert parse_plan(plan_text(plan, text)) == plan
