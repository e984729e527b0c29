#!/bin/sh
# Bring this installation to the version that was just put into its folder, or back to one before it. As root:
#
#   cd /opt/lsp && runuser -u lsp -- git checkout v1.4.0 && sh scripts/upgrade.sh
#
# Visitors notice nothing: the old processes serve until the new ones are there, and the tables suit both. It stops at
# the first step that fails and says so; every step may be repeated. What each step does, and how to go back:
# server_docs/upgrade.md. SKIP_BACKUP=1 leaves the backup out.
set -eu
cd "$(dirname "$0")/.."

as_service() { runuser -u lsp -- "$@"; }
manage() { as_service .venv/bin/python manage.py "$@"; }
begin() {
    step=$1
    printf '\n== %s\n' "$step"
}
tell() {
    code=$?
    if [ "$code" -ne 0 ]; then
        printf '\nSTOPPED at "%s" (exit code %s). See server_docs/upgrade.md, "When it stops".\n' "$step" "$code" >&2
    fi
}
trap tell EXIT

begin "1 back up"
if [ "${SKIP_BACKUP:-}" = 1 ]; then echo "left out"; else manage backup; fi

begin "2 install what this version needs"
served_by=$(.venv/bin/gunicorn --version)
as_service .venv/bin/pip install --quiet --require-hashes -r requirements/base.txt
as_service .venv/bin/pip install --quiet --require-hashes -r requirements/production.txt

begin "3 check the settings"
manage check --deploy --fail-level WARNING

begin "4 bring tables and reference data up to date"
manage migrate
manage load_reference
manage createcachetable

begin "5 collect style sheets and scripts"
manage collectstatic --noinput --verbosity 0

begin "6 begin with new processes"
manage crontab add
if [ "$served_by" = "$(.venv/bin/gunicorn --version)" ]; then
    systemctl reload lsp.service
else
    systemctl restart lsp.service # requests wait meanwhile in lsp.socket
fi
systemctl try-restart lsp-jobs.service

begin "7 ask whether all is well"
host=$(sed -n 's#^SITE_URL=https://\([^/:]*\).*#\1#p' .env)
curl --silent --show-error --fail-with-body --retry 5 --retry-delay 3 --retry-connrefused --unix-socket /run/lsp.sock \
    --header "Host: $host" --header "X-Forwarded-Proto: https" http://localhost/sehat/

begin "8 print the manuals"
manage build_manuals
printf '\n\nDone.\n'
