"""Any bytes in, a notebook or one sentence out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handoff_ext.cells.images import without_images
from handoff_ext.cells.model import Output
from handoff_ext.cells.read import UnreadableNotebook, from_json, read_notebook


def notebook(*cells: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells), **more}


def code(source: Any, **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None, **more}


def test_source_as_text_or_lines_reads_the_same() -> None:
    book = from_json("a.ipynb", notebook(code("a\r\nb"), code(["a\n", "b"])))
    assert [cell.source for cell in book.cells] == ["a\nb", "a\nb"]


def test_missing_doubled_and_invalid_ids_become_stable_ones() -> None:
    cells = [code("x", id="one"), code("x", id="one"), code("y"), code("z", id="not valid!"), code("y")]
    ids = [cell.id for cell in from_json("a.ipynb", notebook(*cells)).cells]
    assert ids[0] == "one"
    assert len(set(ids)) == 5
    moved = [cell.id for cell in from_json("a.ipynb", notebook(code("new"), *cells)).cells]
    assert moved[1:] == ids


def test_only_the_text_of_outputs_is_kept() -> None:
    outputs = [
        {"output_type": "stream", "name": "stderr", "text": ["warn\n"]},
        {"output_type": "execute_result", "data": {"text/plain": ["1"], "image/png": "AAAA"}},
        {"output_type": "display_data", "data": {"image/png": "AAAA"}},
        {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": ["\x1b[0;31mline\x1b[0m"]},
    ]
    cell = from_json("a.ipynb", notebook(code("x", outputs=outputs))).cells[0]
    assert cell.outputs == (Output("stderr", "warn\n"), Output("result", "1"), Output("error", "ValueError: no\nline"))


def test_outputs_are_capped() -> None:
    outputs = [{"output_type": "stream", "name": "stdout", "text": "x" * 300_000}] * 50
    cell = from_json("a.ipynb", notebook(code("x", outputs=outputs))).cells[0]
    assert sum(len(output.text) for output in cell.outputs) == 100_000


def test_format_3_with_worksheets_headings_and_old_outputs() -> None:
    raw = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [
            {
                "cells": [
                    {"cell_type": "heading", "level": 2, "source": "Title"},
                    {
                        "cell_type": "code",
                        "input": ["x = 1"],
                        "language": "python",
                        "prompt_number": 7,
                        "outputs": [
                            {"output_type": "pyout", "text": "1"},
                            {"output_type": "stream", "stream": "stdout", "text": "a"},
                        ],
                    },
                ]
            }
        ],
    }
    book = from_json("old.ipynb", raw)
    assert (book.cells[0].kind, book.cells[0].source) == ("markdown", "## Title")
    assert (book.cells[1].source, book.cells[1].execution_count) == ("x = 1", 7)
    assert [output.text for output in book.cells[1].outputs] == ["1", "a"]
    assert book.language == "python"


def test_language_and_kernel_come_from_metadata() -> None:
    raw = notebook(metadata={"kernelspec": {"name": "ir", "language": "R"}})
    assert (from_json("r.ipynb", raw).language, from_json("r.ipynb", raw).kernel) == ("r", "ir")
    assert from_json("p.ipynb", notebook(metadata={"language_info": {"name": "Python"}})).language == "python"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b"{", "not valid JSON (line 1)"),
        (b"[1]", "not a notebook"),
        (b'{"cells": 3, "nbformat": 4}', "no list of cells"),
        (b'{"cells": [3], "nbformat": 4}', "a cell that is not an object"),
        (b'{"a": 1}', "not a notebook"),
        (b'{"nbformat": 1, "cells": []}', "too old"),
        (b'{"nbformat": 9, "cells": []}', "newer than this program"),
        (b'{"a": "\xff\xfe"}', "not UTF-8"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"nbformat": 4, "cells": [], "a": ' + b"9" * 5000 + b"}", "not valid JSON"),
    ],
)
def test_unreadable_files_get_one_sentence(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "bad.ipynb"
    path.write_bytes(data)
    with pytest.raises(UnreadableNotebook, match="bad") as caught:
        read_notebook(path)
    assert says in caught.value.message
    assert "\n" not in caught.value.message


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(UnreadableNotebook, match="There is no notebook at"):
        read_notebook(tmp_path / "none.ipynb")
    with pytest.raises(UnreadableNotebook, match="is a folder"):
        read_notebook(tmp_path)


def test_lone_surrogates_become_text_that_can_be_written() -> None:
    raw = json.loads('{"nbformat": 4, "cells": [{"cell_type": "code", "source": "a = \\"\\ud800\\""}]}')
    from_json("a.ipynb", raw).cells[0].source.encode()


KEYS = [
    *(
        "cells",
        "nbformat",
        "nbformat_minor",
        "metadata",
        "cell_type",
        "source",
        "outputs",
        "id",
        "tags",
        "data",
        "text",
    ),
    *("output_type", "name", "worksheets", "input", "kernelspec", "language_info", "traceback", "text/plain", "level"),
]

_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner | st.sampled_from(["code", "markdown", "heading", "stream", "error", "execute_result", 3, 4]),
            max_size=6,
        )
    ),
    max_leaves=25,
)


@given(_json)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_json_is_read_or_refused(value: Any) -> None:
    raw = value if isinstance(value, dict) else {"nbformat": 4, "cells": [value]}
    try:
        book = from_json("x.ipynb", raw)
    except UnreadableNotebook as error:
        assert error.message.startswith("x.ipynb")
    else:
        assert len({cell.id for cell in book.cells}) == len(book.cells)


@given(st.binary(max_size=200))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_read_or_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.ipynb"
    path.write_bytes(data)
    with pytest.raises(UnreadableNotebook):
        read_notebook(path)


PIECES = st.lists(
    st.sampled_from(['"image/png": "', "image/png", '"', "\\", "A" * 600, "}", ", ", ": ", "é", "\n"]), max_size=6
).map("".join)
OUTPUTS = st.recursive(
    PIECES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(PIECES | st.sampled_from(["image/png", "text/plain"]), inner)
    ),
    max_leaves=8,
)


def imageless(value: Any) -> Any:
    """The value with an empty text for every image."""
    if isinstance(value, list):
        return [imageless(each) for each in value]
    if isinstance(value, dict):
        images = {key for key, each in value.items() if key.endswith("image/png") and isinstance(each, str)}
        return {key: "" if key in images else imageless(each) for key, each in value.items()}
    return value


@given(OUTPUTS, st.booleans())
def test_leaving_images_out_changes_nothing_else(value: Any, plain: bool) -> None:
    data = json.dumps(value, ensure_ascii=plain).encode()
    assert imageless(json.loads(without_images(data))) == imageless(value)


def test_long_images_are_left_out() -> None:
    data = json.dumps({"data": {"image/png": "A" * 5000, "text/plain": "<Figure>"}}).encode()
    assert without_images(data) == b'{"data": {"image/png": "", "text/plain": "<Figure>"}}'


def test_the_line_of_a_mistake_is_that_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_text('{"cells": [\n{"image/png": "' + "A\n" * 3000 + '"},\n')
    with pytest.raises(UnreadableNotebook) as told:
        read_notebook(tmp_path / "a.ipynb")
    assert "line 2" in told.value.message
