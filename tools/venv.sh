#!/usr/bin/env bash
# Makes .venv with the Python that is there. Debian ships venv as a package of its own: install it where it lacks.
set -euo pipefail
python="${PYTHON:-python3}"
if [ ! -x .venv/bin/python ]; then
  "$python" -m venv .venv 2>/dev/null || {
    rm -rf .venv
    apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
    "$python" -m venv .venv
  }
fi
.venv/bin/python -m pip install -q --disable-pip-version-check "uv>=0.9"
