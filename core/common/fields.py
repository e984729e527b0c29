"""Values that are unreadable in a stolen database dump."""

import hashlib
import hmac

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models


def _cipher() -> MultiFernet:
    """The first key encrypts, every key decrypts: rotation is adding a key in front."""
    return MultiFernet([Fernet(key) for key in settings.FIELD_ENCRYPTION_KEYS])


def lookup_hash(value: str) -> str:
    """A keyed hash (HMAC-SHA-256, hex) that finds an encrypted value again without revealing it.

    A plain hash would not do: all valid NIK can be tried in minutes.
    """
    return hmac.new(settings.LOOKUP_KEY.encode(), value.encode(), hashlib.sha256).hexdigest()


def encrypted(text: str) -> str:
    """For what stands outside a column of its own, as in the parameters of a job."""
    return _cipher().encrypt(text.encode()).decode()


def decrypted(text: str) -> str:
    return _cipher().decrypt(text.encode()).decode()


class EncryptedTextField(models.TextField):
    """Text encrypted with Fernet (AES-128-CBC and HMAC) on its way into the database.

    It cannot be searched or sorted; keep a `lookup_hash` beside it for exact matches.
    """

    def get_prep_value(self, value):
        if value in (None, ""):
            return value
        return encrypted(str(value))

    def from_db_value(self, value, expression, connection):
        if value in (None, ""):
            return value
        return decrypted(value)

    def get_lookup(self, lookup_name):
        if lookup_name not in {"isnull"}:
            raise TypeError(f"{self.name} is encrypted; search its lookup hash instead")
        return super().get_lookup(lookup_name)
