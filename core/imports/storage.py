"""Where handed-in spreadsheets lie: a private folder of their own, by content."""

import os

from django.conf import settings

from core.documents.storage import ContentAddressedStorage


class ImportStorage(ContentAddressedStorage):
    @property
    def base_location(self) -> str:
        return str(settings.IMPORT_ROOT)

    @property
    def location(self) -> str:
        return os.path.abspath(settings.IMPORT_ROOT)


def import_storage() -> ImportStorage:
    """A callable, so that migrations hold no path."""
    return ImportStorage()
