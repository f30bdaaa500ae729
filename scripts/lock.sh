#!/usr/bin/env bash
# Makes scripts/requirements.lock anew: every package of the program, its extras, development tools and build
# backend, one version each, with hashes, for Python 3.11 and later on Linux, macOS and Windows.
#
#   scripts/lock.sh             keep the versions that still fit pyproject.toml, add what is new
#   scripts/lock.sh --upgrade   take the newest of everything
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
python3 -m venv "$tools/venv"
"$tools/venv/bin/python" -m pip install --quiet --disable-pip-version-check uv

# hatchling and editables build the editable install without fetching anything unpinned.
printf 'hatchling\neditables\n' |
    "$tools/venv/bin/uv" pip compile pyproject.toml - --all-extras \
        --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
        --no-emit-index-url --no-annotate --custom-compile-command "scripts/lock.sh" \
        --quiet "$@" --output-file scripts/requirements.lock
