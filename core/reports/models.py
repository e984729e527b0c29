"""How many cases there are, kept ready: counting a million rows for every visit of a home page would not do."""

from datetime import date

from django.db import models

#: The month of cases that were never sent: drafts, and what was withdrawn as a draft.
NOT_SENT = date(1900, 1, 1)


class Cell(models.Model):
    """What cases are counted by. Keys without constraints: a tally must never stop the deleting of a scheme."""

    month = models.DateField()  # the first day of the month of `Application.registered_on`
    scheme = models.BigIntegerField()
    province = models.CharField(max_length=4, blank=True)
    status = models.CharField(max_length=20)

    class Meta:
        abstract = True


class ApplicationTally(Cell):
    """How many cases of one cell there are, as far as the moves were folded in (`reports.tally.fold_tallies`)."""

    count = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "rekap permohonan"
        verbose_name_plural = "rekap permohonan"
        constraints = [
            models.UniqueConstraint(fields=["month", "scheme", "province", "status"], name="one_tally_per_cell")
        ]
        indexes = [  # both hold the count: the rows themselves, of all years, are never read
            models.Index(fields=["status", "month", "count"], name="tally_by_status"),
            models.Index(fields=["month", "scheme", "province", "status", "count"], name="tally_by_month"),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.scheme} {self.province} {self.status}: {self.count}"


class TallyMove(Cell):
    """One case that entered (+1) or left (−1) a cell. Only ever added, so that nobody waits for anybody's count."""

    change = models.SmallIntegerField()

    class Meta:
        verbose_name = "perpindahan rekap"
        verbose_name_plural = "perpindahan rekap"

    def __str__(self) -> str:
        return f"{self.month} {self.scheme} {self.province} {self.status}: {self.change:+d}"
