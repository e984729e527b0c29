#!/bin/sh
# Writes requirements/*.txt anew from the *.in files, with the hash of every file a version offers.
# Versions stay where they are unless an .in file asks otherwise; UPGRADE=1 takes the newest.
# Locking production.in needs libmariadb-dev, pkg-config and a C compiler: mysqlclient is built to be read.
set -eu
cd "$(dirname "$0")/.."
for name in base production dev load; do
    .venv/bin/python -m piptools compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
        --no-emit-index-url --no-emit-trusted-host --no-emit-find-links ${UPGRADE:+--upgrade} \
        --output-file "requirements/$name.txt" "requirements/$name.in"
done
