#!/bin/sh
# Serves the product on this machine with reference and demo data; what is in var/ stays as it is.
set -eu
cd "$(dirname "$0")/.."

host=${HOST:-127.0.0.1}
port=${PORT:-8000}
export ENVIRONMENT=development DEMO=1 DJANGO_RUNSERVER_HIDE_WARNING=true
case $host in
    127.*|localhost) address=$host ;;
    *) # open to the network on purpose: any name of this machine will do
        address=$(hostname 2>/dev/null || echo localhost)
        export ALLOWED_HOSTS='*' ;;
esac
export SITE_URL="${SITE_URL:-http://$address:$port}"

manage() {
    .venv/bin/python manage.py "$@"
}

manage migrate --verbosity 0
manage load_reference
manage seed_demo --if-empty

cat <<MESSAGE

  Sistem Sertifikasi LSP BNPB siap:  $SITE_URL

    peran           e-mail                   ruang kerja
    Asesi           asesi@contoh.id          $SITE_URL/masuk/
    Sekretariat     sekretariat@contoh.id    $SITE_URL/admin/
    Asesor          asesor@contoh.id         $SITE_URL/admin/
    BNSP            bnsp@contoh.id           $SITE_URL/admin/
    Administrator   admin@contoh.id          $SITE_URL/admin/

    Kata sandi semuanya: contoh-lsp-bnpb. Data disimpan di var/. Hentikan dengan Ctrl+C.

MESSAGE
exec .venv/bin/python manage.py runserver --noreload "$host:$port"
