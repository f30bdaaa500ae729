#!/usr/bin/env bash
# README's second command: sets up what is missing, then runs the whole gate. Arguments go to pytest.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
"$root/scripts/setup.sh"
cd "$root"
export PATH="$root/.venv/bin:$PATH"

ruff format --check .
ruff check .
lint-imports --no-cache --no-logo
mypy
if [ $# -gt 0 ]; then
  exec python -m pytest "$@"
fi
python -m pytest -n auto --maxprocesses 4 --dist loadfile -m "not validation and not alone"
python -m pytest -m alone
