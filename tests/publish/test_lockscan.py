"""Package lists give away nothing, and miss no hash."""

from __future__ import annotations

import pytest

from handoff_ext.contracts.errors import GateFailed
from handoff_ext.publish.lockscan import refuse_private, refuse_unhashed

GOOD = (
    "# Exact.\nnumpy==1.26.4 \\\n    --hash=sha256:ab \\\n    --hash=sha256:cd\n"
    "./wheels/x-1.0-py3-none-any.whl \\\n    --hash=sha256:ef\n"
)


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://index.example/simple",
        "--extra-index-url https://index.example/simple",
        "-i https://index.example/simple",
        "x @ https://someone:secret-word@host.example/x.whl",
        "x @ file:///data/x.whl",
        "/opt/project/x.whl",
        "C:\\wheels\\x.whl",
        "-e ./project",
        'path = "/root/x.whl"',
    ],
)
def test_private_line_is_refused_and_not_repeated(line: str) -> None:
    with pytest.raises(GateFailed, match=r"serving\.lock would contain .* \(line 7\)") as refused:
        refuse_private(GOOD + line + "\n", "serving.lock")
    assert "secret-word" not in refused.value.message


def test_good_list_passes() -> None:
    refuse_private(GOOD, "serving.lock")
    refuse_unhashed(GOOD, "serving.lock")


@pytest.mark.parametrize(
    "line", ["mlflow", "mlflow==3.17.2", "numpy>=1 --hash=sha256:ab", "x @ https://h.example/x.whl --hash=sha256:ab"]
)
def test_entry_without_version_or_hash_is_refused(line: str) -> None:
    with pytest.raises(GateFailed, match="without version or hash"):
        refuse_unhashed(line + "\n" + GOOD, "requirements.txt")
