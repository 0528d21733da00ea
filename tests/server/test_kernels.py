"""What a kernel's environment lacks, asked of a real second environment."""

from __future__ import annotations

import subprocess
import sys

import pytest
from jupyter_client.kernelspec import KernelSpec

from handoff_ext.server.kernels import Lacks, lacking


@pytest.fixture(scope="module")
def bare_python(tmp_path_factory):
    """An environment with nothing in it, not even pip."""
    folder = tmp_path_factory.mktemp("bare")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    return str(folder / "bin" / "python")


def spec(*argv, language="python"):
    return KernelSpec(argv=[*argv, "-m", "ipykernel_launcher", "-f", "{connection_file}"], language=language)


async def test_it_names_the_distributions_and_the_command(bare_python, tmp_path):
    lacks = await lacking(spec(bare_python), {"sklearn": "scikit-learn", "json": "json", "joblib": "joblib"}, tmp_path)
    assert lacks.names == ("ipykernel", "scikit-learn", "joblib")
    assert lacks.install == f"uv pip install --python {bare_python} ipykernel scikit-learn joblib"


async def test_modules_beside_the_notebook_are_there_and_are_not_run(bare_python, tmp_path):
    (tmp_path / "json.py").write_text("raise SystemExit('run')")
    (tmp_path / "ours.py").write_text("raise SystemExit('run')")
    lacks = await lacking(spec(bare_python), {"ours": "ours"}, tmp_path)
    assert lacks.names == ("ipykernel",)


async def test_plain_python_is_the_servers_own(tmp_path):
    assert await lacking(spec("python3"), {"pytest": "pytest"}, tmp_path) == Lacks()
    lacks = await lacking(spec("python"), {"surely_not_installed": "surely-not-installed"}, tmp_path)
    assert lacks.install == f"{sys.executable} -m pip install surely-not-installed"


@pytest.mark.parametrize(
    "kernel", [spec("Rscript", language="R"), spec("/no/such/python"), spec("conda"), KernelSpec(language="python")]
)
async def test_of_other_kernels_nothing_is_said(kernel, tmp_path):
    assert await lacking(kernel, {"anything": "anything"}, tmp_path) == Lacks()
