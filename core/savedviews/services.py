"""The only writers of saved views."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.accounts.rules import role_of
from core.activity.services import record_activity
from core.common.exceptions import DomainError
from core.common.text import clean_line
from core.savedviews import rules
from core.savedviews.models import DefaultView, ExportProfile, SavedView

#: More chips than this above a list help nobody.
MAX_VIEWS = 20
MAX_TITLE = 60


@transaction.atomic
def save_view(
    *, list_name: str, title: str, query: str, known: Iterable[str], for_role: bool = False, by: Any
) -> SavedView:
    """Keep a list's filters under a name; the same name again replaces what it stood for.

    `known` are the parameters of the list's filters: nothing else is kept.
    """
    title = _title(title)
    query = rules.cleaned_query(query, known)
    if not query:
        raise DomainError(
            _("Belum ada saringan. Saring daftar dahulu, lalu simpan tampilannya."), code="save_view.empty"
        )
    if len(query) > SavedView._meta.get_field("query").max_length:
        raise DomainError(_("Saringan ini terlalu panjang untuk disimpan."), code="save_view.too_long")
    if for_role and not rules.may_share(by):
        raise DomainError(_("Anda tidak berhak membagikan tampilan kepada peran Anda."), code="save_view.share")
    place, siblings = _place(SavedView, list_name, for_role=for_role, by=by)
    view = siblings.filter(title=title).first()
    if view is None:
        if siblings.count() >= MAX_VIEWS:
            raise DomainError(
                _("Sudah ada %(limit)d tampilan untuk daftar ini. Hapus yang tidak dipakai dahulu.")
                % {"limit": MAX_VIEWS},
                code="save_view.too_many",
            )
        view = SavedView(list=list_name, title=title, position=siblings.count() + 1, **place)
    view.query = query
    view.save()
    _record("view.save", view, by)
    return view


@transaction.atomic
def rename_view(*, view: SavedView, title: str, by: Any) -> SavedView:
    view = _locked(view, by)
    view.title = _title(title)
    view.save(update_fields=["title"])
    _record("view.rename", view, by)
    return view


@transaction.atomic
def delete_view(*, view: SavedView, by: Any) -> None:
    """Take a view away; whoever opened the list with it gets the whole list again."""
    view = _locked(view, by)
    _record("view.delete", view, by)
    view.delete()


@transaction.atomic
def choose_default_view(*, view: SavedView, is_default: bool, by: Any) -> None:
    """With this view the list opens for this person, or no longer."""
    if not rules.sees_view(view, by):
        raise DomainError(_("Tampilan ini bukan milik Anda."), code="choose_default_view.not_yours")
    if is_default:
        DefaultView.objects.update_or_create(user=by, list=view.list, defaults={"view": view})
    else:
        DefaultView.objects.filter(user=by, list=view.list, view=view).delete()


@transaction.atomic
def save_export_profile(
    *, list_name: str, title: str, columns: Iterable[str], form: str, for_role: bool = False, by: Any
) -> ExportProfile:
    """Keep columns and format under a name; the same name again replaces what it stood for."""
    title, columns = _title(title, _("Beri nama profil ini.")), list(columns)
    if not columns:
        raise DomainError(_("Pilih sedikitnya satu kolom."), code="save_export_profile.empty")
    if for_role and not rules.may_share(by):
        raise DomainError(_("Anda tidak berhak membagikan profil kepada rekan."), code="save_export_profile.share")
    place, siblings = _place(ExportProfile, list_name, for_role=for_role, by=by)
    profile = siblings.filter(title=title).first()
    if profile is None:
        if siblings.count() >= MAX_VIEWS:
            raise DomainError(
                _("Sudah ada %(limit)d profil untuk daftar ini. Hapus yang tidak dipakai dahulu.")
                % {"limit": MAX_VIEWS},
                code="save_export_profile.too_many",
            )
        profile = ExportProfile(list=list_name, title=title, **place)
    profile.columns, profile.format = columns, form
    profile.save()
    _record("export.save_profile", profile, by)
    return profile


@transaction.atomic
def delete_export_profile(*, profile: ExportProfile, by: Any) -> None:
    found = ExportProfile.objects.select_for_update().filter(pk=profile.pk).first()
    if found is None:
        return  # a second press
    if not rules.may_change_view(found, by):
        raise DomainError(_("Anda hanya dapat menghapus profil Anda sendiri."), code="delete_export_profile.not_yours")
    _record("export.delete_profile", found, by)
    found.delete()


def _place(model: Any, list_name: str, *, for_role: bool, by: Any) -> tuple[dict[str, Any], QuerySet]:
    """Whose it is, one's own or one's role's, and what lies there; two clicks of one person queue here."""
    place = {"owner_id": None, "role": role_of(by)} if for_role else {"owner_id": by.pk, "role": ""}
    User.objects.select_for_update().values_list("pk").get(pk=by.pk)
    return place, model.objects.filter(list=list_name, **place)


def _locked(view: SavedView, by: Any) -> SavedView:
    found = SavedView.objects.select_for_update().filter(pk=view.pk).first()
    if found is None:
        raise DomainError(_("Tampilan ini sudah dihapus."), code="view.gone")
    if not rules.may_change_view(found, by):
        raise DomainError(_("Anda hanya dapat mengubah tampilan Anda sendiri."), code="view.not_yours")
    return found


def _title(text: str, blank: str = "") -> str:
    title = clean_line(text)
    if not title:
        raise DomainError(blank or _("Beri nama tampilan ini."), code="view.no_title", field="title")
    if len(title) > MAX_TITLE:
        raise DomainError(
            _("Nama paling banyak %(limit)d karakter.") % {"limit": MAX_TITLE}, code="view.long_title", field="title"
        )
    return title


def _record(code: str, view: SavedView | ExportProfile, by: Any) -> None:
    """What changes the screen of colleagues is told; one's own chips are nobody's business."""
    if view.owner_id is None:
        record_activity(code, by=by, subject=view, list=view.list)
