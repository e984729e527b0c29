"""The only writers of what readers of the portal see: editions of pages, the logo, the last number given."""

from datetime import datetime
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.activity.services import record_activity
from core.common.exceptions import DomainError
from core.common.models import NumberingCounter, NumberingRule
from core.common.numbering import last_given
from core.content.entries import DOWNLOAD_TYPE, Download
from core.content.models import BUILT_IN, OfficeData, Page, PageEdition
from core.content.queries import page_state
from core.documents.intake import inspect_logo
from core.documents.models import DocumentType
from core.documents.services import store_upload


@transaction.atomic
def publish_page(*, page: Page, by: Any, live_from: datetime | None = None) -> PageEdition:
    """Make the draft the text that readers see, now or from `live_from` on. A planned edition is replaced."""
    page = Page.objects.select_for_update().get(pk=page.pk)
    now = timezone.now()
    if live_from is not None and live_from <= now:
        raise DomainError(
            _("Waktu terbit sudah lewat. Kosongkan untuk menerbitkan sekarang, atau pilih waktu yang akan datang."),
            code="publish_page.past",
            field="live_from",
        )
    try:
        page.full_clean()
    except ValidationError as error:
        raise DomainError(
            _("Draf belum dapat diterbitkan. %(reason)s") % {"reason": " ".join(error.messages)},
            code="publish_page.faulty",
        ) from error
    state = page_state(page)
    planned = state["planned"]
    moves = planned is not None and (live_from is None or live_from != planned.live_from)
    if not state["has_changes"] and not moves:
        raise DomainError(_("Draf sama dengan teks yang sudah terbit."), code="publish_page.unchanged")
    page.editions.filter(live_from__gt=now).delete()
    edition = PageEdition.objects.create(page=page, live_from=live_from or now, published_by=by, **page.words)
    code = "page.schedule" if live_from else "page.publish"
    record_activity(code, by=by, subject=page, edition=edition.pk)
    return edition


@transaction.atomic
def unschedule_page(*, page: Page, by: Any) -> None:
    """Take back a planned edition; the draft stays as it is."""
    page = Page.objects.select_for_update().get(pk=page.pk)
    removed, _rows = page.editions.filter(live_from__gt=timezone.now()).delete()
    if not removed:
        raise DomainError(_("Tidak ada penerbitan yang dijadwalkan."), code="unschedule_page.none")
    record_activity("page.unschedule", by=by, subject=page)


@transaction.atomic
def withdraw_page(*, page: Page, by: Any) -> None:
    """Take a page off the portal; its address answers “not found” until it is published again."""
    page = Page.objects.select_for_update().get(pk=page.pk)
    if page.slug in BUILT_IN:
        raise DomainError(
            _("Teks ini bagian dari portal dan tidak dapat ditarik. Ubah isinya lalu terbitkan."),
            code="withdraw_page.built_in",
        )
    state = page_state(page)
    if state["live"] is None and state["planned"] is None:
        raise DomainError(_("Halaman ini tidak sedang terbit."), code="withdraw_page.not_live")
    now = timezone.now()
    page.editions.filter(live_from__gt=now).delete()
    page.withdrawn_at = now
    page.save(update_fields=["withdrawn_at"])
    record_activity("page.withdraw", by=by, subject=page)


@transaction.atomic
def discard_draft(*, page: Page, by: Any) -> None:
    """Let the draft say again what readers see."""
    page = Page.objects.select_for_update().get(pk=page.pk)
    state = page_state(page)
    newest = state["planned"] or state["live"]
    if newest is None or not state["has_changes"]:
        raise DomainError(_("Draf tidak berbeda dengan teks yang terbit."), code="discard_draft.unchanged")
    for name, words in newest.words.items():
        setattr(page, name, words)
    page.save(update_fields=[*page.WORDS, "updated_at"])
    record_activity("page.discard_draft", by=by, subject=page)


@transaction.atomic
def set_logo(*, office: OfficeData, stream: IO[bytes], by: Any) -> None:
    """Put a new logo on the portal, the forms and the back office. Raises DomainError (field "new_logo")."""
    logo = inspect_logo(stream)
    office = OfficeData.objects.select_for_update().get(pk=office.pk)
    name = f"logo/{logo.file_name}"
    if office.logo.name == name:
        return
    office.logo.save(logo.file_name, ContentFile(logo.content), save=False)
    office.save(update_fields=["logo"])
    record_activity("office.set_logo", by=by, subject=office, sha256=logo.sha256)


@transaction.atomic
def remove_logo(*, office: OfficeData, by: Any) -> None:
    """Back to the drawn mark. The file stays: forms that bear it are printed from it again."""
    office = OfficeData.objects.select_for_update().get(pk=office.pk)
    if not office.logo:
        return
    office.logo = ""
    office.save(update_fields=["logo"])
    record_activity("office.remove_logo", by=by, subject=office)


@transaction.atomic
def set_download_file(*, download: Download, stream: IO[bytes], file_name: str, by: Any) -> None:
    """Put a (newer) file behind the address of a download. Raises DomainError (field "new_file")."""
    try:
        document = store_upload(
            stream=stream,
            file_name=file_name,
            document_type=DocumentType.objects.get(code=DOWNLOAD_TYPE),
            owner=by,
            by=by,
            title=download.title,
        )
    except DomainError as refusal:
        raise DomainError(refusal.message, code=refusal.code, field="new_file") from refusal
    row = Download.objects.select_for_update().get(pk=download.pk)
    if row.document_id != document.pk:
        row.document = document
        row.save(update_fields=["document", "updated_at"])
        record_activity("download.set_file", by=by, subject=row, sha256=document.sha256)
    download.document = document


@transaction.atomic
def raise_last_number(*, rule: NumberingRule, last: int, by: Any) -> None:
    """Go on after numbers that were given elsewhere (on paper, in an earlier system). Never backwards."""
    rule = NumberingRule.objects.select_for_update().get(pk=rule.pk)
    year = timezone.localdate().year if rule.restarts_yearly else 0
    given = last_given(rule)
    if last == given:
        return
    if last < given:
        raise DomainError(
            _("Nomor terakhir sudah %(given)d dan tidak dapat diturunkan: nomor yang sama akan terbit dua kali.")
            % {"given": given},
            code="raise_last_number.lower",
            field="last",
        )
    counter, _created = NumberingCounter.objects.select_for_update().get_or_create(rule=rule, year=year)
    counter.last = last
    counter.save(update_fields=["last"])
    record_activity("numbering.raise", by=by, subject=rule, last=last)
