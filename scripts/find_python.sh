#!/bin/sh
# Prints the path of a Python that fits (3.12 or newer, with venv, pip and SQLite), or says what to install.
#
# A name on PATH is not enough: a version manager's shim may be there and still refuse. So every
# candidate is run. Where the managers keep their versions is looked up as well, also when HOME is
# empty or somebody else's: beside a shim that is on PATH, and in the home of the account itself.

fits() {
    "$1" -c 'import ensurepip, sqlite3, ssl, sys, venv; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1
}

answer() {
    if fits "$1"; then
        "$1" -c 'import sys; print(sys.executable)'
        exit 0
    fi
}

# The developers use 3.13; the newest and the system's own come last.
for name in python3.13 python3.12 python3.14 python3 python; do
    answer "$name"
done

account_home=$(eval "echo ~$(id -un 2>/dev/null)" 2>/dev/null)
folders="${PYENV_ROOT:+$PYENV_ROOT/versions}"
IFS=:
for folder in $PATH; do # …/shims/python3 -> …/versions (pyenv), …/installs/python (asdf, mise)
    case $folder in
        */shims) folders="$folders:${folder%/shims}/versions:${folder%/shims}/installs/python" ;;
    esac
done
for home in "$HOME" "$account_home"; do
    folders="$folders:$home/.pyenv/versions:$home/.asdf/installs/python"
    folders="$folders:$home/.local/share/mise/installs/python:$home/.local/share/uv/python"
done
for folder in $folders /opt; do
    for version in 3.13 3.12 3.14 3.15; do
        unset IFS
        for python in "$folder"/*"$version"*/bin/python3; do
            [ -x "$python" ] && answer "$python"
        done
    done
done

cat >&2 <<'MESSAGE'
Python 3.12 atau lebih baru (dengan modul venv) tidak ditemukan di komputer ini.
  Debian/Ubuntu : sudo apt install python3 python3-venv   (bila versinya 3.12 ke atas)
  macOS         : brew install python@3.13
  Lainnya       : https://www.python.org/downloads/
Sudah terpasang di tempat lain? Sebutkan:  make run PYTHON=/alamat/python3.13

No Python 3.12 or newer (with its venv module) was found. Install one as above, or name it with PYTHON=…
MESSAGE
exit 1
