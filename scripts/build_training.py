"""`make training`: writes everything that a trainer hands out to var/training/.

    PARTICIPANTS=12 python scripts/build_training.py

Books of exercises, slides (HTML and PDF), sheets, and the files that the exercises name. The report on
the course comes with `make reports`.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.config.settings")
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.conf import settings
    from django.utils import timezone

    from core.common.version import version as program_version
    from core.demo.training.files import practice_files
    from core.manual import training

    participants = int(os.environ.get("PARTICIPANTS") or 12)
    version, day = program_version(), timezone.localdate()
    place = settings.VAR_DIR / "training"

    def write(name: str, content: bytes) -> None:
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        print(f"  {name}: {len(content) // 1024 or 1} KB", flush=True)

    for group in training.GROUPS:
        write(f"latihan-{group}.pdf", training.exercise_book(group, version=version, day=day).content)
    for path in training.decks():
        write(f"salindia/{path.stem}.html", training.deck_page(path).encode())
        write(f"salindia/{path.stem}.pdf", training.deck_pdf(path).content)
    for path in training.sheets():
        write(f"lembar/{path.stem}.pdf", training.sheet_pdf(path, participants=participants).content)
    for name, content in practice_files(participants):
        write(f"berkas/{name}", content)
    print(f"Selesai: {place}")


if __name__ == "__main__":
    main()
