#!/usr/bin/env bash
# The browser of the browser tests: Debian's own.
set -euo pipefail
command -v chromium >/dev/null || { apt-get update -qq && apt-get install -y -qq chromium >/dev/null; }
chromium --version
