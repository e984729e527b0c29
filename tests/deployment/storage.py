"""Static files for a test of servers."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class QuickStorage(CompressedManifestStaticFilesStorage):
    """Compresses the portal's own files only."""

    def compress_files(self, paths):
        yield from super().compress_files([path for path in paths if path.startswith("public_site/")])
