"""Which passwords are refused because somebody who guesses would try them early.

Any mixture of signs is welcome (OWASP ASVS 6.2.5): nothing asks for capitals, figures or signs, and a sentence
of small letters is as good as any. What is refused is the guessable word behind the decoration.
"""

import re
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

#: Words that say where the account is: an attacker of this body tries these first (ASVS 6.1.2). Only whole
#: words count, and only when hardly anything is left beside them.
OWN_WORDS = (
    "bnpb", "bpbd", "bnsp", "lsp", "sertifikasi", "sertifikat", "kompetensi", "kompeten", "asesmen", "asesor", "asesi",
    "sekretariat", "administrator", "admin", "bencana", "penanggulangan", "tanggap", "darurat", "relawan", "tangguh",
    "indonesia", "jakarta", "contoh", "password", "katasandi", "sandi", "rahasia", "bismillah", "merdeka",
)  # fmt: skip
#: So few letters beside words of ours add nothing that takes long to guess.
LEAST_OWN_LETTERS = 5
#: So many figures and signs behind a leaked password are decoration: a year and a mark.
LONGEST_ADDITION = 5
#: What is shorter is no word that anybody recognises.
SHORTEST_WORD = 3

_LEET = str.maketrans("4@301!$57", "aaeoiisst")
_EDGES = "0123456789!@#$%^&*()_-+=.,:;?/~ "
#: A mobile number, a NIK, or a date: in this country the figures that people know by heart.
_NUMBERS = re.compile(r"(?:\+?62|0)8\d{7,12}|\d{16}|(?:\d{2}){2}(?:19|20)\d{2}|(?:19|20)\d{6}")


def why_guessable(password: str, common: set[str]) -> str:
    """What an attacker would see in it, as a sentence for its owner; "" where there is nothing to see.

    `common` holds passwords that leaked often, in small letters.
    """
    if _NUMBERS.fullmatch(re.sub(r"[ ./-]", "", password)):
        return _("Sandi ini berbentuk nomor HP, NIK, atau tanggal. Pakai kalimat pendek yang hanya Anda yang tahu.")
    if len(set(password.lower())) <= 2 or not common.isdisjoint(_bare(password)):
        return _("Sandi ini sandi umum yang diberi tambahan. Pakai kalimat pendek yang hanya Anda yang tahu.")
    for word in _bare(password):
        if (rest := _without_own(word)) is not None and len(rest) < LEAST_OWN_LETTERS:
            return _("Sandi ini hampir hanya memuat kata tentang LSP. Tambahkan kata yang tidak ada hubungannya.")
    return ""


def _bare(password: str) -> set[str]:
    """The word in small letters: as it is, without figures and signs around it, figures read as letters, halved."""
    low = password.lower()
    found = {low, low.strip(_EDGES)}
    for end in range(1, LONGEST_ADDITION + 1):
        if any(letter.isalpha() for letter in low[-end:]):
            break
        found.add(low[:-end])  # a word that ends in figures itself, with more of them behind it
    found |= {word.translate(_LEET) for word in found} | {word.replace(" ", "") for word in found}
    for word in list(found):
        half = word[: len(word) // 2]
        if half * 2 == word:
            found.add(half)
    return {word for word in found if len(word) >= SHORTEST_WORD}


def _without_own(word: str) -> str | None:
    """The letters that are left when our words are taken out; None where there is none of them."""
    rest = word
    for own in sorted(OWN_WORDS, key=len, reverse=True):
        rest = rest.replace(own, " ")
    return None if rest == word else "".join(letter for letter in rest if letter.isalpha())


class GuessablePasswordValidator(CommonPasswordValidator):
    """Django's list of leaked passwords, also under decoration, and the words and numbers of this house."""

    def validate(self, password: str, user: Any = None) -> None:
        super().validate(password, user)
        if reason := why_guessable(password, self.passwords):
            raise ValidationError(reason, code="password_guessable")

    def get_help_text(self) -> str:
        return _("Bukan sandi umum, nomor HP, tanggal, atau nama lembaga.")
