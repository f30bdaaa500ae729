#!/usr/bin/env bash
# README's first command: sets up what is missing, then runs `mirrorsync demo` with the arguments given.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
"$root/scripts/setup.sh"
exec "$root/.venv/bin/python" -m mirrorsync demo "$@"
