"""The recap of certification as tables and drawings: one list of them is the screen, the print and the export.

Every number of cases or certificates leads to the list that shows the same ones.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from backoffice.dashboard.charts import Bar, Chart, Figure, share
from backoffice.dashboard.drawings import Line, ProvinceMap, line_of, province_map
from backoffice.dashboard.parts import listing
from core.applications.enums import REACHED_STATUSES, ApplicationStatus, Reached, Stage
from core.certificates.enums import CertificateState
from core.codelists.models import Region
from core.common.text import grouped
from core.reports.certification_recap import CertificationRecap, Figures, Holdings, Register, Row, days_query
from core.reports.recount import COMPLETE, LACKING

#: Rows that get a bar of their own; periods that are drawn as columns, more of them as a line.
MOST_BARS, MOST_COLUMNS = 15, 24
#: Columns of the table, by what they are cut into.
BY_STAGE, BY_STATUS = "tahap", "status"


@dataclass(frozen=True)
class Mean(Figure):
    """Days; none where nothing is over yet."""

    value: Any = None

    @property
    def shown(self) -> str:
        return "–" if self.value is None else super().shown


@dataclass(frozen=True)
class Change(Figure):
    """More or fewer than then."""

    @property
    def shown(self) -> str:
        return _sign(self.value) + grouped(abs(self.value))


@dataclass(frozen=True)
class Percent(Figure):
    """The same in percent, to one digit; none where there was nothing then."""

    value: Any = None

    @property
    def shown(self) -> str:
        if self.value is None:
            return "–"
        return f"{_sign(self.value)}{number_format(abs(self.value), 1)} %"


def _sign(value: float) -> str:
    return "+" if value > 0 else "−" if value < 0 else ""


@dataclass(frozen=True)
class Links:
    """Addresses of the lists, narrowed as the recap is."""

    found: CertificationRecap

    def cases(self, row: Row | None = None, **more: str) -> str:
        if row is not None and row.query is None:
            return ""
        asked = self.found.scope
        query = {"antrean": "semua", **days_query(asked.since, asked.until)}
        if asked.scheme:
            query["skema"] = asked.scheme.code
        if asked.province:
            query["provinsi"] = asked.province.pk
        return listing("application", urlencode(query | ((row.query or {}) if row else {}) | more))

    def certificates(self, row: Holdings, state: str = "", *, register: str = "certificate") -> str:
        return listing(register, urlencode(row.query | (row.of_state[state] if state else {})))


# --- tables -------------------------------------------------------------------------------------------


def main_table(found: CertificationRecap, cut: str) -> Chart:
    links = Links(found)
    asked = found.scope
    rows = [(row.title, _figures(found, row, cut, links)) for row in found.rows]
    if found.others is not None:
        rows.append((_("Lainnya"), _figures(found, found.others, cut, None)))
    foot = _figures(found, found.total, cut, links, before=found.before)
    return Chart(
        key="rekap",
        title=_("Permohonan menurut %(dimension)s") % {"dimension": asked.dimension.title_within},
        lead=_("Menurut tanggal permohonan pertama kali dikirim dan statusnya sekarang."),
        bars=[],
        head=[str(asked.dimension.title), *_heads(found, cut)],
        rows=rows,
        foot=foot,
        empty=_("Belum ada permohonan yang dikirim dalam jangka waktu ini."),
    )


def _heads(found: CertificationRecap, cut: str) -> list[str]:
    """The heads behind the first column."""
    by_status = found.scope.dimension.key == "status"
    head = [_("Terdaftar")]
    if not by_status:
        if cut == BY_STATUS:
            head += [str(ApplicationStatus(status).label) for status in found.statuses]
        else:
            head += [str(stage.label) for stage in Stage]
    head.append(_("Rata-rata hari"))
    if found.has_files:
        head += [_("Berkas lengkap"), _("Berkas belum lengkap")]
    if found.scope.compare:
        head += [_("Terdaftar dahulu"), _("Selisih"), _("Selisih %")]
        if not by_status:
            head += [_("Bersertifikat dahulu"), _("Selisih bersertifikat")]
    return head


def _figures(
    found: CertificationRecap, row: Figures, cut: str, links: Links | None, *, before: Figures | None = None
) -> list[Figure]:
    """One line of the table, in the order of its heads. Without links: what no list shows."""
    by_status = found.scope.dimension.key == "status"
    own = row if isinstance(row, Row) else None

    def cases(value: int, **more: str) -> Figure:
        return Figure(value, links.cases(own, **more) if links and value else "")  # behind 0 lies no list

    figures = [cases(row.registered)]
    if not by_status:
        if cut == BY_STATUS:
            figures += [cases(row.by_status.get(status, 0), status=status) for status in found.statuses]
        else:
            figures += [cases(row.stage(stage), tahap=stage.value) for stage in Stage]
    figures.append(Mean(row.mean_days))
    if found.has_files:
        figures += [cases(row.complete, berkas=COMPLETE), cases(row.lacking, berkas=LACKING)]
    if found.scope.compare:
        before = before or row.before or Figures()
        figures += [Figure(before.registered), Change(row.registered - before.registered)]
        figures.append(_percent(row.registered, before.registered))
        if not by_status:
            certified = before.stage(Stage.CERTIFIED)
            figures += [Figure(certified), Change(row.stage(Stage.CERTIFIED) - certified)]
    return figures


def _percent(now: int, then: int) -> Percent:
    return Percent(round(100 * (now - then) / then, 1) if then else None)


def certificate_tables(found: CertificationRecap) -> list[Chart]:
    """The register of this system and that of the paper years, each with its own list behind it."""
    lead = _("Yang terbit dalam jangka waktu ini.") if found.scope.is_issued_in else _("Semua, kapan pun terbit.")
    drawn = []
    if found.certificates is not None:
        drawn.append(
            _register(
                found,
                found.certificates,
                key="sertifikat",
                title=_("Sertifikat menurut keadaan hari ini"),
                lead=lead,
                empty=_("Belum ada sertifikat yang terbit dalam jangka waktu ini."),
            )
        )
    if found.past is not None:
        drawn.append(
            _register(
                found,
                found.past,
                key="sertifikat-lama",
                title=_("Sertifikat lama menurut keadaan hari ini"),
                lead=_("Dari register lama, tidak termasuk pada tabel di atas.") + " " + lead,
            )
        )
    return drawn


def _register(found: CertificationRecap, told: Register, *, key: str, **words: str) -> Chart:
    links, model = Links(found), "certificate" if key == "sertifikat" else "pastcertificate"
    states = [state for state in CertificateState if key == "sertifikat" or state != CertificateState.REPLACED]

    def figures(row: Holdings) -> list[Figure]:
        told = (Figure(row.by_state[state], links.certificates(row, state, register=model)) for state in states)
        return [Figure(row.total, links.certificates(row, register=model)), *told]

    rows, total = [(row.title, figures(row)) for row in told.rows], figures(told.total)
    return Chart(
        key=key,
        bars=[],
        head=[
            str(found.scope.dimension.title) if rows else _("Sertifikat"),
            _("Terbit"),
            *(state_title(found, state) for state in states),
        ],
        rows=rows or ([(_("Semua"), total)] if told.total.total else []),
        foot=total if rows else [],
        **words,
    )


def state_title(found: CertificationRecap, state: CertificateState) -> str:
    """What is valid says how near its end is."""
    days = {"days": found.scope.near_days}
    if state == CertificateState.VALID:
        return _("Berlaku lebih dari %(days)d hari") % days
    if state == CertificateState.ENDING:
        return _("Berakhir dalam %(days)d hari") % days
    return str(state.label)


# --- drawings -----------------------------------------------------------------------------------------


def journey(found: CertificationRecap) -> Chart:
    """The funnel: how many came at least so far."""
    links, total = Links(found), found.total
    steps = [(_("Terdaftar"), Figure(total.registered, links.cases()))]
    steps += [
        (str(reached.label), Figure(total.of(REACHED_STATUSES[reached]), links.cases(tahap=reached.value)))
        for reached in Reached
    ]
    bars = [
        Bar(
            title,
            figure,
            share(figure.value, total.registered),
            note=_("%(share)s %% dari yang terdaftar") % {"share": round(100 * figure.value / (total.registered or 1))},
        )
        for title, figure in steps
    ]
    return Chart(
        key="corong",
        title=_("Sampai mana permohonan berjalan"),
        lead=_("Yang paling sedikit sampai tahap itu. Yang dibatalkan asesi terhitung pada “Terdaftar” saja."),
        bars=bars if total.registered else [],
        head=[_("Tahap"), _("Permohonan")],
        rows=[(title, [figure]) for title, figure in steps],
    )


def bars_of(found: CertificationRecap) -> Chart | None:
    """Columns for a few periods, bars for all else; None where a line or a map is drawn instead."""
    step, links = found.scope.dimension.step, Links(found)
    if (step and len(found.rows) > MOST_COLUMNS) or found.scope.dimension.key == "provinsi" or not found.rows:
        return None
    rows = found.rows if step else found.rows[:MOST_BARS]
    longest = max(row.registered for row in rows)
    bars = [
        Bar(
            _short(row, step) if step else row.title,
            Figure(row.registered, links.cases(row)),
            share(row.registered, longest),
            row.title if step else "",
        )
        for row in rows
    ]
    return Chart(
        key="batang",
        title=_("Terdaftar menurut %(dimension)s") % {"dimension": found.scope.dimension.title_within},
        lead=""
        if len(rows) == len(found.rows)
        else _("%(count)d baris teratas; semuanya ada pada tabel.") % {"count": len(rows)},
        bars=bars if longest else [],
        head=[],
        rows=[],
        is_columns=bool(step),
    )


def _short(row: Row, step: int) -> str:
    if step == 12:
        return str(row.key.year)
    return ("I", "II", "III", "IV")[(row.key.month - 1) // 3] if step == 3 else date_format(row.key, "M")


def line(found: CertificationRecap) -> Line | None:
    if not found.scope.dimension.step or len(found.rows) <= MOST_COLUMNS:
        return None
    links = Links(found)
    return line_of(
        [
            (
                row.title,
                date_format(row.key, "M Y"),
                Figure(row.registered, links.cases(row)),
                row.before.registered if row.before else None,
            )
            for row in found.rows
        ]
    )


def provinces(found: CertificationRecap) -> ProvinceMap | None:
    if found.scope.dimension.key != "provinsi" or not found.rows:
        return None
    links = Links(found)
    figures = {row.key: (row.title, Figure(row.registered, links.cases(row))) for row in found.rows if row.key}
    names = dict(Region.objects.filter(province=None, is_current=True).values_list("pk", "name"))
    return province_map(figures, names)
