"""Where handed-in spreadsheets lie: a private folder of their own, by content."""

from core.documents.storage import ContentAddressedStorage


class ImportStorage(ContentAddressedStorage):
    root = "IMPORT_ROOT"


def import_storage() -> ImportStorage:
    """A callable, so that migrations hold no path."""
    return ImportStorage()
