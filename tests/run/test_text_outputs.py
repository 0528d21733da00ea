"""What cells print: the same text, numbers that rounding may have moved, and what depends on the run alone."""

from __future__ import annotations

import nbformat
import pytest

from handoff_ext.run.outputs import compare, texts

TIME = "CPU times: user 1.2 s, sys: 3 ms, total: 1.2 s\nWall time: 1.3 s\n"


def text(stdout: str) -> str:
    cell = nbformat.v4.new_code_cell(
        "x", id="c", outputs=[nbformat.v4.new_output("stream", name="stdout", text=stdout)]
    )
    cell.outputs.append(nbformat.v4.new_output("stream", name="stderr", text="a warning"))
    return texts([cell], ["/tmp/abc", "/tmp/abc/run"])["c"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<Foo at 0x7f00aa11bb22>", "<Foo at 0x7f99aa11bb00>"),
        ("<__main__.Foo object at 0x7f00aa11bb22>", "<definitions.Foo object at 0x7f00aa11bb22>"),
        ("read /tmp/abc/x.csv", "read <folder>/x.csv"),
        (TIME, TIME.replace("1.2", "7.9").replace("3 ms", "13 ms")),
        ("12.3 ms ± 33 µs per loop (mean)", "9.99 ms ± 1.2 µs per loop (mean)"),
        ("50%|##  | 5/10 [00:01<00:02, 3.71it/s]", "50%|##  | 5/10 [00:03<00:05, 1.2it/s]"),
    ],
)
def test_what_depends_on_the_run_alone_is_taken_out(one: str, other: str) -> None:
    assert text(one) == text(other)


@pytest.mark.parametrize("line", ["time: 1.3 s", "Departure 12:30:01", "hash 0xZZ", "3 ms late"])
def test_nothing_else_is_taken_out(line: str) -> None:
    assert text(line) == line


@pytest.mark.parametrize(
    ("first", "second", "pipeline", "verdict"),
    [
        ("a 1.5\n", "a 1.5\n", "a 1.5\n", "equal"),
        ("a 0.30000000000000004\n", "a 0.30000000000000004\n", "a 0.3\n", "close"),
        ("a 1.5\n", "a 1.5\n", "a 1.6\n", "different"),
        ("a 1.5\n", "a 1.5\n", "b 1.5\n", "different"),
        ("a 1.5\n", "a 1.7\n", "a 1.5\n", "unseeded"),
        ("1000000000\n", "1000000000\n", "1000000001\n", "different"),
        ("v1.2.3\n", "v1.2.3\n", "v1.2.4\n", "different"),
        ("x\n", "x\n", "", "different"),
    ],
)
def test_verdicts_on_text(first: str, second: str, pipeline: str, verdict: str) -> None:
    found, lines = compare("s", "c", first, second, pipeline)
    assert found.verdict == verdict and (lines > 0) == (verdict in ("equal", "close"))
