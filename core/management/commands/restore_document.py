"""Bring the file of one document back from a backup."""

import uuid

from django.core.management.base import BaseCommand, CommandError

from core.backups.command_line import add_arguments, moment_of, person_of
from core.backups.single import restore_document, when_of
from core.common.exceptions import DomainError
from core.documents.models import Document


class Command(BaseCommand):
    help = (
        "Memulihkan berkas satu dokumen yang hilang atau berubah dari cadangan terbaru yang memuatnya. Yang lain tidak "
        "disentuh. Dokumen yang sudah dimusnahkan tidak dipulihkan."
    )

    def add_arguments(self, parser):
        parser.add_argument("document", help="sidik SHA-256 dari halaman dokumen, atau nomor acaknya (UUID)")
        add_arguments(parser)

    def handle(self, *args, **options):
        document = self._document(options["document"].strip().lower())
        try:
            source = restore_document(document=document, until=moment_of(options["date"]), by=person_of(options["by"]))
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"Dipulihkan dari cadangan {when_of(source)}: {document.activity_label}.")

    def _document(self, words: str) -> Document:
        """Several documents may have the same content; one file serves them all."""
        try:
            found = Document.objects.filter(public_id=uuid.UUID(words))
        except ValueError:
            found = Document.objects.filter(sha256=words)
        document = found.select_related("document_type").order_by("destroyed_at", "pk").first()
        if document is None:
            raise CommandError("Tidak ada dokumen dengan sidik atau nomor itu. Salin dari halaman dokumennya.")
        return document
