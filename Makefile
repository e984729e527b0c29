# Perintah proyek; `make` saja menampilkan daftarnya. Yang panjang tertulis di scripts/.
.DEFAULT_GOAL := help
.PHONY: help run test test-sqlite test-mariadb bench chaos load fuzz drill lint format lock licences sbom manual training reports uat clean environment environment-dev environment-load

HOST ?= 127.0.0.1
PORT ?= 8000
ARGS ?=
export HOST PORT PYTHON

help: ## Daftar ini
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: environment ## Jalankan demo di http://127.0.0.1:8000 (HOST=… PORT=…); data tetap di var/
	@exec .venv/bin/python scripts/run_demo.py

test: environment-dev ## Semua uji, pada SQLite lalu MariaDB (ARGS="-k kata" meneruskan ke pytest)
	@exec .venv/bin/python scripts/run_tests.py $(ARGS)

test-sqlite: environment-dev ## Uji pada SQLite saja
	@exec .venv/bin/python scripts/run_tests.py --only sqlite $(ARGS)

test-mariadb: environment-dev ## Uji pada MariaDB saja (server sementara, atau TEST_DATABASE_URL=…)
	@exec .venv/bin/python scripts/run_tests.py --only mariadb $(ARGS)

bench: environment-dev ## Tolok ukur pada MariaDB (ARGS="versions" memilih satu)
	@exec .venv/bin/python scripts/run_benchmarks.py $(ARGS)

chaos: environment-dev ## Uji gangguan: kill -9 100 kali, lalu semua yang dapat rusak (KILLS=… SECONDS=… SEED=…)
	@KILLS=$${KILLS:-100} .venv/bin/python -m pytest -n0 -q tests/faults $(ARGS)
	@.venv/bin/python -m tests.faults.chaos

load: environment-load ## Hari tenggat: 500 asesi sekaligus, lalu berebut 40 kursi (CANDIDATES=… THINK=… CLERKS=…)
	@.venv/bin/python -m tests.load.deadline_day

fuzz: environment-dev ## 100.000 masukan acak ke setiap formulir, impor, unggahan, dan langkah (FUZZ_CASES=… FUZZ_SEED=…)
	@exec .venv/bin/python scripts/run_fuzz.py $(ARGS)

drill: environment-dev ## Uji penuh: isi, cadangkan ke server lain, hapus semua, pulihkan, masuk
	@exec .venv/bin/python scripts/full_drill.py $(ARGS)

lint: environment-dev ## Periksa gaya kode, keamanan, konfigurasi Django, dan migrasi
	.venv/bin/python -m ruff check .
	.venv/bin/python -m ruff format --check .
	ENVIRONMENT=test .venv/bin/python manage.py check --fail-level WARNING
	ENVIRONMENT=test .venv/bin/python manage.py makemigrations --check --dry-run
	.venv/bin/python scripts/known_faults.py & asked=$$!; \
	.venv/bin/python -m bandit --quiet -c pyproject.toml -r core backoffice public_site cron scripts -ll || exit 1; \
	wait $$asked # it mostly waits for answers

format: environment-dev ## Rapikan kode
	.venv/bin/python -m ruff check --fix --exit-zero .
	.venv/bin/python -m ruff format .

lock: environment-dev ## Kunci ulang requirements/*.txt dari *.in (UPGRADE=1: ke versi terbaru)
	@sh scripts/lock.sh

uat: environment-dev ## Uji terima dalam peramban; laporan dan naskah kosong di var/uat (ARGS="-k 2b" memilih)
	@exec .venv/bin/python scripts/run_uat.py $(ARGS)

manual: environment-dev ## Ambil ulang gambar manual dari demo, lalu cetak PDF-nya ke var/manuals (ONLY=awal-nama)
	@RETAKE=1 .venv/bin/python -m pytest -n0 -q -s -o timeout=0 tests/manual
	@.venv/bin/python manage.py build_manuals

licences: environment-dev ## Tulis ulang server_docs/licences.md dari pustaka yang terkunci
	@sh scripts/environment.sh production
	@.venv/bin/python scripts/parts.py licences

sbom: environment-dev ## Daftar pustaka suatu rilis, CycloneDX: var/sbom.cdx.json
	@sh scripts/environment.sh production
	@.venv/bin/python scripts/parts.py sbom

reports: environment-dev ## Cetak laporan bagi pemberi tugas sebagai PDF dan DOCX ke var/reports
	@.venv/bin/python scripts/write_reports.py

training: environment ## Bahan pelatihan ke var/training/: buku latihan, salindia, lembar, berkas latihan (PARTICIPANTS=12)
	@.venv/bin/python scripts/build_training.py

clean: ## Hapus .venv dan berkas sementara; data di var/ tetap
	rm -rf .venv .pytest_cache .ruff_cache staticfiles var/journeys var/test-summary.txt
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

environment:
	@sh scripts/environment.sh base

environment-dev: environment
	@sh scripts/environment.sh dev

environment-load: environment-dev
	@sh scripts/environment.sh load
