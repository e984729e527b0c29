"""The set-up home, and what set-up forms show while somebody types."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from backoffice.screens import screen
from core.applications.models import ExpectedDocument
from core.codelists.models import CodeList
from core.common.exceptions import DomainError
from core.common.models import Holiday, NumberingRule
from core.common.numbering import coming_numbers
from core.content.entry_queries import shown_announcements
from core.content.models import MenuItem, Page
from core.content.queries import office, page_state, visible_items, with_state
from core.documents.models import DocumentType
from core.handovers.models import HandoverLayout
from core.messaging import services as messaging
from core.messaging.models import MessageTemplate
from core.messaging.samples import sample_values
from core.schemes.enums import Completeness, VersionStatus
from core.schemes.models import AssessmentPurpose, CompetencyUnit, SchemeVersion

#: How a card tells how things stand: a sentence and a tone ("" or "warning").
State = tuple[str, str]


# --- numbering ------------------------------------------------------------------------------------------


@require_POST
def number_example(request: HttpRequest, pk: int) -> HttpResponse:
    """The next numbers by what stands in the form, unsaved."""
    rule = _row(request, NumberingRule, pk)
    before = (rule.pattern, rule.restarts_yearly)
    rule.pattern = request.POST.get("pattern", "")[:120]
    rule.restarts_yearly = "restarts_yearly" in request.POST
    return HttpResponse(_numbers(rule, changed=(rule.pattern, rule.restarts_yearly) != before))


def number_box(rule: NumberingRule) -> SafeString:
    """The same as it is drawn into the form: it asks again while somebody types."""
    context = {"address": reverse("admin:core_numberingrule_example", args=[rule.pk]), "numbers": _numbers(rule)}
    return render_to_string("backoffice/setup/number_box.html", context)


def _numbers(rule: NumberingRule, *, changed: bool = False) -> SafeString:
    fault, numbers = "", []
    try:
        rule.clean()
        numbers = coming_numbers(rule)
    except ValidationError as error:
        fault = " ".join(error.messages)
    context = {"fault": fault, "numbers": numbers, "changed": changed}
    return render_to_string("backoffice/setup/number_example.html", context)


# --- letters --------------------------------------------------------------------------------------------


@require_POST
def letter_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter by what stands in the form, unsaved, with invented values."""
    template = _typed(request, pk)
    return render(request, "backoffice/setup/message_preview.html", {"preview": letter(template)})


@require_POST
def letter_test(request: HttpRequest, pk: int) -> HttpResponse:
    """Send what stands in the form to oneself."""
    template = _typed(request, pk)
    try:
        messaging.send_test(template=template, subject=template.subject, body=template.body, by=request.user)
    except DomainError as refusal:
        context = {"tone": "danger", "text": refusal.message}
    else:
        text = _t("Surat uji masuk antrean kirim ke %(email)s.") % {"email": request.user.email}
        context = {"tone": "success", "text": text}
    return render(request, "backoffice/setup/test_result.html", context)


def letter(template: MessageTemplate) -> dict[str, Any]:
    """What the preview shows: {faults, missing, subject, body}."""
    values = sample_values(template)
    faults = [
        fault
        for text in (template.subject, template.body)
        if (fault := messaging.placeholder_fault(text, template.placeholders))
    ]
    return {
        "faults": faults,
        "missing": messaging.missing_placeholders(template),
        "subject": messaging.render(template.subject, values),
        "body": messaging.render(template.body, values),
    }


def _typed(request: HttpRequest, pk: int) -> MessageTemplate:
    template = _row(request, MessageTemplate, pk)
    template.subject = request.POST.get("subject", "")[:150]
    template.body = request.POST.get("body", "")[:20_000]
    return template


def _row(request: HttpRequest, model: Any, pk: int) -> Any:
    if not request.user.has_perm(f"core.change_{model._meta.model_name}"):
        raise PermissionDenied
    return get_object_or_404(model, pk=pk)


# --- the home of the set-up -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Card:
    """One list of the set-up: what it governs, and how it stands."""

    model: str
    icon: str
    title: Any
    line: Any
    state: Callable[[], State]


def _count(model: Any, text: Any) -> Callable[[], State]:
    return lambda: (text % {"count": model.objects.count()}, "")


def _office_state() -> State:
    row = office()
    gaps = [
        str(name)
        for name, value in (
            (_("nomor lisensi"), row.license_number),
            (_("logo"), row.logo),
            (_("telepon"), row.phone),
            (_("e-mail"), row.email),
            (_("pimpinan"), row.leader_name),
        )
        if not value
    ]
    return (_t("Belum diisi: %(gaps)s") % {"gaps": ", ".join(gaps)}, "warning") if gaps else (_t("Lengkap"), "")


def _pages_state() -> State:
    states = [page_state(page) for page in with_state(Page.objects.all())]
    drafts = sum(1 for state in states if state["has_changes"])
    if drafts:
        return _t("%(count)d halaman, %(drafts)d dengan draf yang belum terbit") % {
            "count": len(states),
            "drafts": drafts,
        }, "warning"
    return _t("%(count)d halaman, semua terbit") % {"count": len(states)}, ""


def _questions_state() -> State:
    return _t("Tampil di /faq/"), ""


def _news_state() -> State:
    return _t("%(count)d sedang tampil") % {"count": shown_announcements().count()}, ""


def _downloads_state() -> State:
    return _t("Tampil di /unduhan/"), ""


def _menus_state() -> State:
    shown = Q(pk__in=visible_items().order_by().values("pk"))
    found = MenuItem.objects.aggregate(count=Count("pk"), shown=Count("pk", filter=shown))
    return _t("%(count)d menu, %(shown)d tampil") % found, ""


def _numbers_state() -> State:
    rules = NumberingRule.objects.prefetch_related("counters")
    return _t("Nomor berikutnya: %(numbers)s") % {
        "numbers": ", ".join(coming_numbers(rule, count=1)[0] for rule in rules[:3])
    }, ""


def _lists_state() -> State:
    found = CodeList.objects.aggregate(total=Count("pk"), waiting=Count("pk", filter=Q(is_confirmed=False)))
    if found["waiting"]:
        return _t("%(waiting)d dari %(total)d daftar menunggu konfirmasi LSP") % found, "warning"
    return _t("%(total)d daftar, semua dikonfirmasi") % found, ""


#: A year of Indonesia's calendar has at least so many; fewer means that the decree was not written down yet.
WHOLE_YEAR = 12
#: From this month on the next year is looked at as well: deadlines begin to reach into it.
LOOKS_AHEAD_FROM = 10


def _holidays_state() -> State:
    today = timezone.localdate()
    years = [today.year, today.year + 1] if today.month >= LOOKS_AHEAD_FROM else [today.year]
    known = Counter(day.year for day in Holiday.objects.filter(day__year__in=years).values_list("day", flat=True))
    for year in years:
        if known[year] < WHOLE_YEAR:
            told = {"year": year, "days": known[year]}
            return _t("%(year)d baru %(days)d hari; lengkapi menurut SKB") % told, "warning"
    return _t("lengkap sampai %(year)d") % {"year": years[-1]}, ""


def _layout_state() -> State:
    layout = HandoverLayout.objects.annotate(count=Count("columns")).values("is_confirmed", "count").first()
    if layout is None or not layout["is_confirmed"]:
        return _t("Menunggu konfirmasi BNSP"), "warning"
    return _t("%(count)d kolom, dikonfirmasi") % layout, ""


def _versions_state() -> State:
    found = SchemeVersion.objects.aggregate(
        live=Count("pk", filter=Q(status=VersionStatus.PUBLISHED)),
        waiting=Count("pk", filter=Q(status=VersionStatus.PUBLISHED, is_confirmed=False)),
    )
    if found["waiting"]:
        return _t("%(live)d skema terbit, %(waiting)d menunggu konfirmasi LSP") % found, "warning"
    return _t("%(live)d skema terbit") % found, ""


def _units_state() -> State:
    found = CompetencyUnit.objects.aggregate(
        total=Count("pk"), gaps=Count("pk", filter=~Q(completeness=Completeness.COMPLETE))
    )
    if found["gaps"]:
        return _t("%(total)d unit, %(gaps)d teksnya belum lengkap") % found, "warning"
    return _t("%(total)d unit, semua lengkap") % found, ""


def _types_state() -> State:
    found = DocumentType.objects.aggregate(total=Count("pk"), used=Count("pk", filter=Q(is_active=True)))
    return _t("%(total)d jenis, %(used)d dipakai") % found, ""


GROUPS: tuple[tuple[Any, tuple[Card, ...]], ...] = (
    (
        _("Skema dan persyaratan"),
        (
            Card(
                "scheme", "workspace_premium", _("Skema sertifikasi"),
                _("Apa yang dapat dipilih asesi, dengan unit dan persyaratannya."), _versions_state,
            ),
            Card(
                "competencyunit", "menu_book", _("Unit kompetensi"),
                _("Elemen dan kriteria yang tercetak pada FR.APL-02."), _units_state,
            ),
            Card(
                "documenttype", "description", _("Jenis dokumen"),
                _("Berkas apa yang diminta, bentuk dan ukuran yang diterima."), _types_state,
            ),
            Card(
                "expecteddocument", "checklist", _("Isi wajib berkas"),
                _("Dokumen yang harus ada di berkas setiap kasus, dan sejak kapan."),
                _count(ExpectedDocument, _("%(count)d dokumen")),
            ),
            Card(
                "assessmentpurpose", "flag", _("Tujuan asesmen"),
                _("Pilihan tujuan pada FR.APL-01."), _count(AssessmentPurpose, _("%(count)d pilihan")),
            ),
        ),
    ),
    (
        _("Portal"),
        (
            Card(
                "page", "article", _("Halaman portal"),
                _("Tulisan halaman muka, alur, dan halaman buatan sendiri."), _pages_state,
            ),
            Card("menuitem", "menu", _("Menu portal"), _("Baris menu di kepala dan kaki portal."), _menus_state),
            Card(
                "question", "quiz", _("Tanya jawab"),
                _("Pertanyaan yang sering diajukan dan jawabannya."), _questions_state,
            ),
            Card("announcement", "campaign", _("Pengumuman"), _("Kabar resmi, dengan masa tampilnya."), _news_state),
            Card(
                "download", "download", _("Unduhan"),
                _("Berkas yang boleh diambil siapa saja."), _downloads_state,
            ),
        ),
    ),
    (
        _("Surat dan dokumen"),
        (
            Card(
                "officedata", "apartment", _("Data LSP"),
                _("Nama, logo, pimpinan, dan kontak di portal dan formulir."), _office_state,
            ),
            Card(
                "messagetemplate", "draft", _("Templat pesan"),
                _("Kata-kata surat yang dikirim sistem."), _count(MessageTemplate, _("%(count)d templat")),
            ),
            Card(
                "handoverlayout", "view_column", _("Tata letak serah terima"),
                _("Kolom daftar asesi yang diserahkan kepada BNSP."), _layout_state,
            ),
            Card(
                "numberingrule", "tag", _("Pola nomor"),
                _("Bentuk nomor permohonan dan surat."), _numbers_state,
            ),
        ),
    ),
    (
        _("Daftar acuan"),
        (
            Card(
                "codelist", "list_alt", _("Daftar kode"),
                _("Pilihan pendidikan, pekerjaan, dan lain-lain menurut BNSP."), _lists_state,
            ),
            Card(
                "holiday", "calendar_month", _("Hari libur"),
                _("Hari yang dilewati tenggat dalam hari kerja."), _holidays_state,
            ),
        ),
    ),
)  # fmt: skip


@require_safe
def setup_home(request: HttpRequest) -> HttpResponse:
    """Everything that staff change themselves, in one place."""
    if not request.user.has_perm("core.change_officedata"):
        raise PermissionDenied
    groups = []
    for title, cards in GROUPS:
        shown = [_drawn(card) for card in cards if request.user.has_perm(f"core.view_{card.model}")]
        if shown:
            groups.append({"title": title, "cards": shown})
    title = _("Yang dapat Anda ubah sendiri")
    return screen(request, None, "backoffice/setup/home.html", {"groups": groups}, title=title)


def _drawn(card: Card) -> dict[str, Any]:
    state, tone = card.state()
    link = reverse(f"admin:core_{card.model}_changelist")
    return {"title": card.title, "icon": card.icon, "link": link, "line": card.line, "state": state, "tone": tone}
