"""Versions out of a real store, and out of the cache when the store is away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import mlflow
import pytest

from handoff_ext.contracts.errors import HandoffError, NotFound
from handoff_ext.serve.registry import download, fetch
from tests.serve.conftest import Published


@pytest.fixture
def own_process() -> Iterator[None]:
    """What is meant for a process of its own leaves MLflow's setting behind, in the environment too."""
    yield
    mlflow.set_tracking_uri(None)  # type: ignore[arg-type]


def test_a_version_is_fetched_whole(published: Published) -> None:
    version = fetch("models:/flights@champion", published.tracking_uri)
    assert (version.name, version.version, version.stage) == ("flights", "1", "shadow")
    assert [column.name for column in version.columns] == ["distance", "wind", "carrier", "weekend"]
    assert version.example == (published.rows[0],)
    assert version.plan.owner.name == "Ada Lovelace"


# SQLAlchemy deprecates what MLflow's tables are made with.
@pytest.mark.usefixtures("own_process")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_number_alias_and_id_name_the_same_files(published: Published) -> None:
    by_number = download("models:/flights/1", published.tracking_uri)
    by_alias = download("models:/flights@champion", published.tracking_uri)
    by_id = download(f"models:/{published.model_id}", published.tracking_uri)
    assert by_number == by_alias
    assert (by_id["name"], by_id["version"]) == ("flights", published.model_id)
    files = [{path.name for path in Path(found["folder"]).iterdir()} for found in (by_number, by_id)]
    assert {"MLmodel", "requirements.txt", "artifacts"} <= files[0] & files[1]


@pytest.mark.usefixtures("own_process")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_what_is_not_there_is_not_found(published: Published, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="The registry has no models:/flights/9"):
        download("models:/flights/9", published.tracking_uri)
    with pytest.raises(NotFound, match="There is no MLflow store"):
        fetch("models:/flights/1", f"sqlite:///{tmp_path / 'none.db'}")
    assert not (tmp_path / "none.db").exists()


def test_the_last_good_version_is_served_while_the_registry_is_away(published: Published, tmp_path: Path) -> None:
    store = tmp_path / "mlflow.db"
    store.write_bytes(Path(published.tracking_uri.removeprefix("sqlite:///")).read_bytes())
    uri = f"sqlite:///{store}"
    good = fetch("models:/flights/1", uri)
    store.write_bytes(b"no database")
    assert fetch("models:/flights/1", uri) == good


def test_a_broken_store_is_one_sentence_without_its_address(tmp_path: Path) -> None:
    (tmp_path / "mlflow.db").write_bytes(b"no database")
    with pytest.raises(HandoffError, match=r"^The registry does not answer \(DatabaseError\)\.$"):
        fetch("models:/flights/1", f"sqlite:///{tmp_path / 'mlflow.db'}")
