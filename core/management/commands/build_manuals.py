"""Print the manuals: a PDF for each role."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from core.common.text import grouped
from core.manual.books import books
from core.manual.shelf import print_book


class Command(BaseCommand):
    help = "Membuat PDF setiap manual, yang diunduh di /bantuan/. Dijalankan setelah setiap pembaruan."

    def handle(self, *args, **options):
        for book in books():
            path, pages = print_book(book, timezone.localdate())
            self.stdout.write(f"{path.name}: {pages} halaman, {grouped(path.stat().st_size // 1024)} KB")
