#!/usr/bin/env bash
# Makes everything ready in this checkout: system libraries (Debian and its children), .venv with the
# packages of scripts/requirements.lock, and the model files. A second run changes nothing and takes a second.
#
#   MIRRORSYNC_NO_SYSTEM=1   leave the system alone
#   MIRRORSYNC_MODELS=DIR    use model files from a folder of your own
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

say() { printf 'setup: %s\n' "$*" >&2; }

find_python() {
    # The locked packages are built for 3.11 to 3.14.
    local name
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' >/dev/null 2>&1; then
            printf '%s\n' "$name"
            return
        fi
    done
    say "MirrorSync needs Python 3.11 to 3.14, and none was found; install one (on Debian 12 or later:" \
        "apt-get install python3 python3-venv) and run this again."
    exit 1
}

# Prints the Debian packages of what is missing: the libraries that PyQt6 (Qt Multimedia and its FFmpeg with
# it) and OpenCV load, found with the dynamic linker itself, and the standard library's ensurepip, which
# Debian packages apart.
missing_packages() {
    "$1" - <<'PYTHON'
import ctypes
import importlib.util
import sys

LIBRARIES = """
libEGL.so.1 libegl1               libGL.so.1 libgl1                 libX11.so.6 libx11-6
libX11-xcb.so.1 libx11-xcb1       libXext.so.6 libxext6             libXrandr.so.2 libxrandr2
libbz2.so.1 libbz2-1.0            libz.so.1 zlib1g
libdbus-1.so.3 libdbus-1-3        libdrm.so.2 libdrm2               libfontconfig.so.1 libfontconfig1
libfreetype.so.6 libfreetype6     libglib-2.0.so.0 libglib2.0-0     libgssapi_krb5.so.2 libgssapi-krb5-2
libpulse.so.0 libpulse0           libstdc++.so.6 libstdc++6         libxcb.so.1 libxcb1
libxcb-cursor.so.0 libxcb-cursor0 libxcb-glx.so.0 libxcb-glx0       libxcb-icccm.so.4 libxcb-icccm4
libxcb-image.so.0 libxcb-image0   libxcb-keysyms.so.1 libxcb-keysyms1
libxcb-randr.so.0 libxcb-randr0   libxcb-render.so.0 libxcb-render0
libxcb-render-util.so.0 libxcb-render-util0                         libxcb-shape.so.0 libxcb-shape0
libxcb-shm.so.0 libxcb-shm0       libxcb-sync.so.1 libxcb-sync1     libxcb-util.so.1 libxcb-util1
libxcb-xfixes.so.0 libxcb-xfixes0 libxcb-xkb.so.1 libxcb-xkb1
libxkbcommon.so.0 libxkbcommon0   libxkbcommon-x11.so.0 libxkbcommon-x11-0
""".split()

packages = []
for library, package in zip(LIBRARIES[::2], LIBRARIES[1::2]):
    try:
        ctypes.CDLL(library)
    except OSError:
        packages.append(package)
if importlib.util.find_spec("ensurepip") is None:
    packages.append("python3.%d-venv" % sys.version_info[1])
print(*packages)
PYTHON
}

install_system() {
    [ "$(uname -s)" = Linux ] || return 0
    local packages
    packages=$(missing_packages "$1")
    [ -n "$packages" ] || return 0
    if ! command -v apt-get >/dev/null 2>&1; then
        say "libraries are missing; install what your system calls these Debian packages: $packages"
        return 0
    fi
    local become=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! sudo -n true >/dev/null 2>&1; then
            say "system libraries are missing; run this line, then this script again:"
            say "  sudo apt-get update && sudo apt-get install --no-install-recommends $packages"
            exit 1
        fi
        become=(sudo -n)
    fi
    say "installing system libraries: $packages"
    local apt=(${become[@]+"${become[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get -qq)
    "${apt[@]}" update >&2 || say "the package lists could not be updated; trying with the old ones."
    # shellcheck disable=SC2086 # a list of words is meant
    "${apt[@]}" install --yes --no-install-recommends -o Dpkg::Use-Pty=0 $packages >/dev/null || {
        say "that did not work; try: apt-get update && apt-get install --no-install-recommends $packages"
        exit 1
    }
}

# What .venv was made from: the lock, the project's declaration, this Python and this place.
fingerprint() {
    "$1" - scripts/requirements.lock pyproject.toml <<'PYTHON'
import hashlib
import os
import sys

digest = hashlib.sha256(repr((sys.version_info[:2], os.getcwd())).encode())
for path in sys.argv[1:]:
    with open(path, "rb") as stream:
        digest.update(stream.read())
print(digest.hexdigest())
PYTHON
}

install_packages() {
    local wanted stamp=.venv/mirrorsync-stamp
    wanted=$(fingerprint "$1")
    if [ -x .venv/bin/python ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] &&
        .venv/bin/python -c '' >/dev/null 2>&1; then
        return 0
    fi
    say "installing the Python packages into .venv (some minutes the first time) …"
    rm -f "$stamp"
    "$1" -m venv --clear .venv
    local pip=(.venv/bin/python -m pip --disable-pip-version-check --no-input --quiet install)
    "${pip[@]}" --require-hashes --only-binary :all: -r scripts/requirements.lock &&
        "${pip[@]}" --no-deps --no-build-isolation --editable . || {
        say "the packages could not be installed (the reason stands above); that needs the internet, and" \
            "Linux on x86-64, macOS on Apple silicon, or Windows."
        exit 1
    }
    printf '%s\n' "$wanted" >"$stamp"
}

fetch_models() {
    .venv/bin/python -m mirrorsync assets verify >/dev/null 2>&1 ||
        .venv/bin/python -m mirrorsync assets fetch >&2
}

python=$(find_python)
[ "${MIRRORSYNC_NO_SYSTEM:-}" = 1 ] || install_system "$python"
install_packages "$python"
fetch_models
