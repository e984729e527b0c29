"""The recap of documents as charts over tables: one list of them is the screen, the print and the export.

Every number of documents or cases leads to the list that shows the same ones; sizes lead to the documents that have
them. BNSP sees fewer documents than are counted, so for its people only cases are links.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.dashboard.charts import Bar, Chart, Figure, Size, share
from backoffice.dashboard.parts import listing
from core.documents.models import DocumentState, TextSource
from core.reports.document_recap import REASONS, DocumentRecap, Kind, OfCases, OfScheme, Period
from core.reports.recount import COMPLETE, LACKING, Sum3

#: Rows that get a bar of their own; all stand in the table.
MOST_BARS, MOST_COLUMNS = 12, 24


def period_name(since: date, until: date) -> str:
    """“Agustus 2026”, “Triwulan III 2026”, “2026”."""
    months = _months(since, until)
    if months == 12:
        return str(since.year)
    if months == 3:
        return _("Triwulan %(quarter)s %(year)s") % {"quarter": _QUARTERS[since.month // 3], "year": since.year}
    return date_format(since, "F Y")


def _months(since: date, until: date) -> int:
    return (until.year - since.year) * 12 + until.month - since.month + 1


_QUARTERS = ("I", "II", "III", "IV")


def _short_name(since: date, until: date) -> str:
    months = _months(since, until)
    if months == 12:
        return str(since.year)
    return _QUARTERS[since.month // 3] if months == 3 else date_format(since, "M")


@dataclass(frozen=True)
class Links:
    """Addresses of the lists, narrowed as the recap is."""

    found: DocumentRecap
    sees_documents: bool

    def documents(self, since: date | None = None, until: date | None = None, **more: str) -> str:
        if not self.sees_documents:
            return ""
        asked = self.found.scope
        query = {"created_at_from": f"{since:%d-%m-%Y}"} if since else {}
        query["created_at_to"] = f"{until or asked.until:%d-%m-%Y}"
        if asked.kind:
            query["jenis"] = asked.kind.code
        if asked.scheme:
            query["skema"] = asked.scheme.code
        return listing("document", urlencode(query | more))

    def added(self, **more: str) -> str:
        return self.documents(self.found.scope.since, **more)

    def cases(self, since: date | None = None, until: date | None = None, **more: str) -> str:
        asked = self.found.scope
        query = {
            "antrean": "semua",
            "registered_on_from": f"{since or asked.since:%d-%m-%Y}",
            "registered_on_to": f"{until or asked.until:%d-%m-%Y}",
        }
        if asked.scheme:
            query["skema"] = asked.scheme.code
        return listing("application", urlencode(query | more))


def document_charts(found: DocumentRecap, *, sees_documents: bool) -> list[Chart]:
    links = Links(found, sees_documents)
    charts = [_added(found, links), _growth(found, links), _growth_of_size(found, links), _kinds(found, links)]
    charts += [_schemes(found, links), _storage(found, links), _states(found, links)]
    if found.sources is not None:
        charts.append(_texts(found, links))
    return charts


def case_charts(found: DocumentRecap) -> list[Chart]:
    links = Links(found, sees_documents=False)
    return [_complete_by_scheme(found, links), _complete_by_period(found, links), _lacks(found, links)]


# --- documents ----------------------------------------------------------------------------------------------


def _added(found: DocumentRecap, links: Links) -> Chart:
    rows = [(row, _figures(row.added, links.documents(row.since, row.until))) for row in found.periods]
    return _by_period(
        found,
        rows,
        key="masuk",
        title=_("Dokumen masuk"),
        lead=_("Menurut hari dokumen disimpan."),
        head=[_("Dokumen"), _("Ukuran")],
        foot=_figures(found.added, links.added()),
    )


def _growth(found: DocumentRecap, links: Links) -> Chart:
    rows = [(row, [Figure(row.total.documents, links.documents(until=row.until))]) for row in found.periods]
    return _by_period(
        found,
        rows,
        key="pertumbuhan",
        title=_("Pertumbuhan jumlah dokumen"),
        lead=_("Semua yang pernah masuk sampai akhir tiap jangka waktu, termasuk yang sudah dimusnahkan."),
        head=[_("Dokumen seluruhnya")],
    )


def _growth_of_size(found: DocumentRecap, links: Links) -> Chart:
    rows = [(row, [Size(row.total.size, links.documents(until=row.until))]) for row in found.periods]
    return _by_period(
        found,
        rows,
        key="pertumbuhan-ukuran",
        title=_("Pertumbuhan ukuran"),
        lead=_("Ukuran semua yang pernah masuk sampai akhir tiap jangka waktu."),
        head=[_("Ukuran seluruhnya")],
    )


def _by_period(
    found: DocumentRecap,
    rows: list[tuple[Period, list[Figure]]],
    *,
    key: str,
    title: str,
    lead: str,
    head: list[str],
    foot: list[Figure] | None = None,
    empty: str = "",
) -> Chart:
    shown = rows[-MOST_COLUMNS:]
    longest = max((figures[0].value for _row, figures in shown), default=0)
    if len(rows) > len(shown):
        lead = _("%(lead)s Grafik: %(count)d yang terakhir; semuanya dalam tabel.") % {
            "lead": lead,
            "count": len(shown),
        }
    return Chart(
        key=key,
        title=title,
        lead=lead,
        bars=[
            Bar(
                _short_name(row.since, row.until),
                figures[0],
                share(figures[0].value, longest),
                period_name(row.since, row.until),
            )
            for row, figures in shown
        ]
        if longest
        else [],
        head=[_("Jangka waktu"), *head],
        rows=[(period_name(row.since, row.until), figures) for row, figures in reversed(rows)],
        foot=foot or [],
        is_columns=True,
        empty=empty or _("Belum ada dokumen dalam jangka waktu ini."),
    )


def _figures(one: Sum3, link: str) -> list[Figure]:
    return [Figure(one.documents, link), Size(one.size, link)]


def _kinds(found: DocumentRecap, links: Links) -> Chart:
    def figures(kind: Kind) -> list[Figure]:
        states = (
            Figure(kind.by_state.get(state, Sum3()).documents, links.added(jenis=kind.code, keadaan=state))
            for state in DocumentState.values
        )
        return [*_figures(kind.added, links.added(jenis=kind.code)), *states]

    states = found.by_state
    return _by_row(
        [(kind.title, figures(kind)) for kind in found.kinds if kind.added.documents],
        key="jenis",
        title=_("Per jenis dokumen"),
        lead=_("Yang masuk dalam jangka waktu ini, menurut keadaannya sekarang."),
        head=[_("Jenis dokumen"), _("Dokumen"), _("Ukuran"), *map(str, DocumentState.labels)],
        foot=[
            *_figures(found.added, links.added()),
            *(Figure(states[state].documents, links.added(keadaan=state)) for state in DocumentState.values),
        ],
    )


def _schemes(found: DocumentRecap, links: Links) -> Chart:
    def link(row: OfScheme) -> str:
        return links.added(skema=row.code) if row.code else links.added(berkas="tanpa")

    return _by_row(
        [
            (row.title or _("Tidak ada di berkas mana pun"), _figures(row.added, link(row)))
            for row in found.schemes
            if row.added.documents
        ],
        key="skema",
        title=_("Per skema"),
        lead=_("Menurut berkas permohonan. Dokumen yang dipakai pada dua skema dihitung pada keduanya."),
        head=[_("Skema"), _("Dokumen"), _("Ukuran")],
    )


def _storage(found: DocumentRecap, links: Links) -> Chart:
    def figures(kept: Sum3, link: str) -> list[Figure]:
        return [Figure(kept.documents, link), Size(kept.size, link), Size(kept.stored, link), Size(kept.saved)]

    rows = [
        (kind.title, figures(kind.kept, links.documents(jenis=kind.code, keadaan="tersimpan")))
        for kind in sorted(found.kinds, key=lambda kind: -kind.kept.stored)
        if kind.kept.documents
    ]
    return _by_row(
        rows,
        key="penyimpanan",
        title=_("Penyimpanan yang terpakai"),
        lead=_("Semua yang masih tersimpan dari awal. Isi yang sama disimpan sekali, pada dokumen pertamanya."),
        head=[_("Jenis dokumen"), _("Dokumen"), _("Ukuran"), _("Terpakai"), _("Dihemat")],
        foot=figures(found.kept, links.documents(keadaan="tersimpan")),
        measure=2,
    )


def _states(found: DocumentRecap, links: Links) -> Chart:
    return _by_row(
        [
            (str(DocumentState(state).label), _figures(one, links.added(keadaan=state)))
            for state, one in found.by_state.items()
        ],
        key="keadaan",
        title=_("Keadaan berkas"),
        lead=_("Keadaan sekarang dari yang masuk dalam jangka waktu ini."),
        head=[_("Keadaan"), _("Dokumen"), _("Ukuran")],
        foot=_figures(found.added, links.added()),
    )


def _texts(found: DocumentRecap, links: Links) -> Chart:
    sources = found.sources or {}
    return _by_row(
        [
            (str(TextSource(source).label), [Figure(count, links.added(teks=source))])
            for source, count in sources.items()
        ],
        key="teks",
        title=_("Isi yang dapat dicari"),
        lead=_("Dari mana teks untuk pencarian berasal, dan berapa yang belum terbaca."),
        head=[_("Teks"), _("Dokumen")],
        foot=[Figure(sum(sources.values()))],
    )


def _by_row(
    rows: Iterable[tuple[str, list[Figure]]],
    *,
    key: str,
    title: str,
    lead: str,
    head: list[str],
    foot: list[Figure] | None = None,
    measure: int = 0,
    note: Callable[[list[Figure]], str] = lambda figures: "",
    empty: str = "",
) -> Chart:
    """Bars of the first rows by one of their figures, everything in the table."""
    rows = list(rows)
    longest = max((figures[measure].value for _title, figures in rows), default=0)
    return Chart(
        key=key,
        title=title,
        lead=lead,
        bars=[
            Bar(name, figures[measure], share(figures[measure].value, longest), note=note(figures))
            for name, figures in rows[:MOST_BARS]
        ]
        if longest
        else [],
        head=head,
        rows=rows,
        foot=foot or [],
        empty=empty or _("Belum ada dokumen dalam jangka waktu ini."),
    )


# --- files of cases -----------------------------------------------------------------------------------------


def _of_cases(row: OfCases, link: Callable[..., str]) -> list[Figure]:
    return [
        Figure(row.lacking, link(berkas=LACKING)),
        Figure(row.complete, link(berkas=COMPLETE)),
        Figure(row.cases, link()),
    ]


def _cases_head(first: str) -> list[str]:
    return [first, _("Belum lengkap"), _("Lengkap"), _("Permohonan")]


NO_CASES = gettext_lazy("Belum ada permohonan yang dikirim dalam jangka waktu ini.")


def _complete_by_scheme(found: DocumentRecap, links: Links) -> Chart:
    def link(row: OfScheme) -> Callable[..., str]:
        return lambda **more: links.cases(**{"skema": row.code, **more})

    rows = [(row.title, _of_cases(row, link(row))) for row in found.schemes if row.cases and row.code]
    return _by_row(
        sorted(rows, key=lambda row: -row[1][0].value),
        key="lengkap-skema",
        title=_("Berkas belum lengkap per skema"),
        lead=_("Menurut daftar periksa berkas pada tahap permohonan sekarang."),
        head=_cases_head(_("Skema")),
        foot=_of_cases(found, links.cases),
        note=lambda figures: _("dari %(count)s permohonan") % {"count": figures[2].shown},
        empty=_("Semua berkas permohonan lengkap.") if found.complete else NO_CASES,
    )


def _complete_by_period(found: DocumentRecap, links: Links) -> Chart:
    def link(row: Period) -> Callable[..., str]:
        return lambda **more: links.cases(row.since, row.until, **more)

    return _by_period(
        found,
        [(row, _of_cases(row, link(row))) for row in found.periods],
        key="lengkap-waktu",
        title=_("Berkas belum lengkap per jangka waktu"),
        lead=_("Menurut tanggal permohonan pertama kali dikirim."),
        head=_cases_head("")[1:],
        foot=_of_cases(found, links.cases),
        empty=_("Semua berkas permohonan lengkap.") if found.complete else NO_CASES,
    )


def _lacks(found: DocumentRecap, links: Links) -> Chart:
    reasons = [reason for reason in REASONS if any(kind.lacks.get(reason) for kind in found.kinds)]

    def figures(kind: Kind) -> list[Figure]:
        by_reason = (
            Figure(kind.lacks.get(reason, 0), links.cases(kurang=kind.code, sebab=reason)) for reason in reasons
        )
        return [Figure(kind.lacking, links.cases(kurang=kind.code)), *by_reason]

    kinds = sorted((kind for kind in found.kinds if kind.lacking), key=lambda kind: (-kind.lacking, kind.title))
    return _by_row(
        [(kind.title, figures(kind)) for kind in kinds],
        key="kurang",
        title=_("Dokumen yang paling sering kurang"),
        lead=_("Jumlah permohonan yang berkasnya kurang dokumen ini, dan sebabnya."),
        head=[_("Jenis dokumen"), _("Permohonan"), *(str(reason.label) for reason in reasons)],
        empty=_("Tidak ada dokumen yang kurang."),
    )
