#!/bin/sh
# environment.sh base | dev | production | load: makes .venv hold exactly what the lock files say.
#
# Does nothing when it already does: beside the installed packages lies a copy of the lock file they
# came from. An installation that was broken off leaves its mark and is begun anew.
set -eu
cd "$(dirname "$0")/.."

wanted=$1
venv=.venv
mark=$venv/.installing
case $wanted in
    base) locks=base ;;
    dev) locks="base dev" ;;
    production) locks="base production" ;;
    load) locks="base dev production load" ;;
    *) echo "environment.sh: base, dev, production or load?" >&2; exit 2 ;;
esac

installed() {
    [ ! -e "$mark" ] || return 1
    for lock in $locks; do
        cmp -s "requirements/$lock.txt" "$venv/.installed-$lock.txt" || return 1
    done
    "$venv/bin/python" -c '' 2>/dev/null # the Python it was made with may have been removed
}

installed && exit 0

if [ -e "$mark" ] || ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    python=${PYTHON:-$(sh scripts/find_python.sh)}
    echo "Menyiapkan .venv dengan $("$python" --version) …"
    rm -rf "$venv"
    "$python" -m venv "$venv"
fi

echo "Memasang pustaka ($locks); hanya sekali, sekitar satu menit …"
: >"$mark"
requirements=
for lock in $locks; do
    requirements="$requirements -r requirements/$lock.txt"
done
# shellcheck disable=SC2086  # two words per file are wanted
if ! "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --require-hashes $requirements; then
    echo "Pemasangan pustaka gagal; lihat pesan di atas. Jalankan lagi untuk mengulang." >&2
    exit 1
fi
for lock in $locks; do
    cp "requirements/$lock.txt" "$venv/.installed-$lock.txt"
done
rm -f "$mark"
