"""Run what the timetable says is due, or one job now."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.accounts.models import User
from core.common.exceptions import DomainError
from core.timetable.queries import jobs_of_the_timetable, next_time
from core.timetable.runner import keep_running, run_due, run_now


class Command(BaseCommand):
    help = (
        "Menjalankan pekerjaan terjadwal yang waktunya tiba, atau satu pekerjaan sekarang. Cron memanggilnya setiap "
        "menit. Berakhir dengan 1 bila ada yang gagal."
    )

    requires_system_checks = ()  # each minute: they were done when the program was installed

    def add_arguments(self, parser):
        parser.add_argument("name", nargs="?", help="nama pekerjaan yang dijalankan sekarang; lihat --list")
        parser.add_argument(
            "--list", action="store_true", help="sebutkan semua pekerjaan, hasil terakhir, dan waktunya"
        )
        parser.add_argument("--forever", action="store_true", help="baca jadwal setiap menit sampai dihentikan")
        parser.add_argument("--by", type=int, metavar="ID", help="nomor pengguna yang memintanya")

    def handle(self, *args, **options):
        if options["list"]:
            self._list()
        elif options["name"]:
            self._run(options["name"], options["by"])
        elif options["forever"]:
            keep_running()
        elif failed := run_due():
            raise CommandError(f"tidak selesai dengan baik: {', '.join(failed)}")

    def _run(self, name: str, by: int | None) -> None:
        try:
            is_well = run_now(name, by=User.objects.filter(pk=by).first() if by else None)
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        if not is_well:
            raise CommandError(f"{name} tidak selesai dengan baik; lihat Jadwal pekerjaan di ruang kerja.")

    def _list(self) -> None:
        now = timezone.now()
        for entry, job in jobs_of_the_timetable():
            following = timezone.localtime(next_time(entry, job, now=now))
            last = job.get_outcome_display() or "belum pernah"
            self.stdout.write(f"{entry.name:22} {entry.expression.text:12} {last:22} {following:%d-%m-%Y %H.%M}")
