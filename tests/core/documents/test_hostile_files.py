"""Every hostile file of the list gets the answer that the list states, quickly, and the published table says so."""

import hashlib
import io
import time
import tracemalloc
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

from core.common.exceptions import DomainError
from core.documents.intake import inspect_upload
from tests.core.documents.hostile import FILES, KEPT_PICTURE, table

#: A bomb may cost this much memory beyond the file itself; unpacked they would be up to 10 GB.
MAX_MEMORY = 160 * 1024 * 1024
BOMBS = [file for file in FILES if file.answer in {"file.pdf_bomb", "file.pixel_flood"} or "32 MB" in file.title]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.title)
def test_each_file_gets_the_answer_of_the_list(file):
    content = file.make()

    if file.answer.startswith("file."):
        with pytest.raises(DomainError) as refusal:
            inspect_upload(io.BytesIO(content), file_name=file.name)
        assert (refusal.value.code, refusal.value.field) == (file.answer, "file")
        assert refusal.value.message.endswith(".")
        return
    taken = inspect_upload(io.BytesIO(content), file_name=file.name)
    assert (taken.content_type, taken.file_name) == (file.answer, file.kept_name)
    assert taken.sha256 == hashlib.sha256(taken.content).hexdigest()
    if file.gone:
        assert file.gone in content
        assert file.gone not in taken.content
    if file.answer == KEPT_PICTURE:
        kept = Image.open(io.BytesIO(taken.content))
        assert (kept.format, kept.mode, getattr(kept, "n_frames", 1)) == ("JPEG", "RGB", 1)
        assert not kept.getexif()


@pytest.mark.parametrize("file", BOMBS, ids=lambda file: file.title)
def test_a_bomb_does_not_go_off(file):
    content = file.make()
    tracemalloc.start()
    began = time.process_time()

    with pytest.raises(DomainError):
        inspect_upload(io.BytesIO(content), file_name=file.name)

    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < MAX_MEMORY
    assert time.process_time() - began < 20


def test_there_are_at_least_forty_and_the_page_lists_them_all():
    assert len(FILES) >= 40
    assert len({file.title for file in FILES}) == len(FILES)
    page = Path(settings.BASE_DIR, "server_docs", "hostile-files.md")
    assert page.read_text(encoding="utf-8") == table(), "run scripts/hostile_files.py"
