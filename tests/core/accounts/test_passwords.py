"""Which passwords are taken: any mixture of signs, long sentences, and nothing that is guessed first."""

import gzip
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.contrib.auth import password_validation
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from core.accounts.models import User
from core.accounts.passwords import OWN_WORDS
from tests.factories.accounts import make_user

KOMPAS = "kapal layar di teluk"


def is_taken(password: str, **person) -> bool:
    try:
        validate_password(password, User(**{"email": "rina@contoh.id", "full_name": "Rina Pattiasina"} | person))
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    "password",
    [
        KOMPAS,
        "kapallayarditeluk",  # small letters alone
        "KAPAL LAYAR TELUK",
        "7493058261",  # figures alone
        "!?&%#+=)(/§",  # signs alone
        "кораблик у моря",
        "⛵🌊🏝️🐚🦀⛵🌊🏝️🐚🦀",
        KOMPAS * 5,  # 100 characters
        "relawan kapal layar",  # a word of ours among others
        "081 dan kapal layar",
    ],
)
def test_any_mixture_of_signs_and_any_length_is_taken(password):
    assert is_taken(password)


@pytest.mark.parametrize("password", ["", "kapal", "kapallaya"])
def test_fewer_than_ten_characters_are_refused(password):
    assert not is_taken(password)


@pytest.mark.parametrize(
    "password",
    [
        "password123",  # leaked, as it is
        "Liverpool2024!",  # leaked, decorated
        "P@ssw0rd2026",  # leaked, with figures for letters
        "liverpoolliverpool",  # leaked, twice
        "1234567890",
        "aaaaaaaaaaaa",
        "ababababababab",
        "081234567890",  # a mobile number
        "+62 812-3456-7890",
        "8171011205900001",  # a NIK
        "17-08-1945",  # a date
        "BNPB-2026!!",
        "sertifikasi2026",
        "LSP BNPB Jakarta",
        "sekretariat-lsp-1",
        "Admin12345!",
        "contoh-lsp-bnpb",  # of the demo
    ],
)
def test_what_is_guessed_first_is_refused_with_a_sentence(password):
    with pytest.raises(ValidationError) as refusal:
        validate_password(password, User(email="rina@contoh.id", full_name="Rina Pattiasina"))
    assert all(message.endswith(".") for message in refusal.value.messages)


def test_ones_own_name_and_address_are_no_password():
    assert not is_taken("rinapattiasina")
    assert not is_taken("rina@contoh.id")


@pytest.mark.parametrize("word", OWN_WORDS)
def test_each_word_of_the_house_is_refused_however_it_is_decorated(word):
    for password in (f"{word}-{word}-{word}-{word}", f"{word.capitalize()}!2026!2026", f"99 {word.upper()} 99 {word}"):
        assert not is_taken(password), password


def test_every_word_that_leaked_often_is_refused_also_with_a_year_behind_it():
    """Far more than three thousand that are long enough for us: the list, and the list under decoration."""
    file = Path(password_validation.__file__).parent / "common-passwords.txt.gz"
    leaked = [word for word in gzip.decompress(file.read_bytes()).decode().split() if len(word) >= 6][::40]
    assert len(leaked) > 400
    assert [word for word in leaked if is_taken(f"{word}2026")] == []
    assert [word for word in leaked if len(word) >= 10 and is_taken(word)] == []


def test_a_password_counts_as_it_was_typed():
    """Neither cut off, nor trimmed, nor in other capitals."""
    user = User()
    typed = f"  {KOMPAS}" + "x" * 90 + "Y "
    user.set_password(typed)
    assert user.check_password(typed)
    for other in (typed.strip(), typed.lower(), typed[:100], typed[:-1]):
        assert not user.check_password(other)


@pytest.mark.django_db
def test_a_password_stays_good_for_years():
    """Nobody is made to change it by the calendar (OWASP ASVS 6.2.10)."""
    user = make_user(role="sekretariat", password=KOMPAS)
    with time_machine.travel(timezone.now() + timedelta(days=3 * 365)):
        client = Client()
        assert client.post("/masuk/", {"username": user.email, "password": KOMPAS}).status_code == 302
        assert client.get("/admin/").status_code == 200
