"""Views that people keep: what is kept, whose they are, and with which a list opens."""

import pytest
from django.db import IntegrityError, transaction

from core.activity.models import ActivityEntry
from core.common.exceptions import DomainError
from core.savedviews.models import SavedView
from core.savedviews.queries import default_query, views_of
from core.savedviews.rules import cleaned_query
from core.savedviews.services import MAX_VIEWS, choose_default_view, delete_view, rename_view, save_view
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db

KNOWN = {"umur", "provinsi", "antrean", "nik"}


def keep(by, title="Maluku", query="provinsi=81", **more):
    return save_view(list_name="application", title=title, query=query, known=KNOWN, by=by, **more)


@pytest.fixture
def clerk():
    return make_user(role="sekretariat")


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("provinsi=81&umur=7", "provinsi=81&umur=7"),
        ("umur=7&provinsi=81", "provinsi=81&umur=7"),
        ("umur=7&umur=7&umur=", "umur=7"),
        ("umur=7&p=3&e=1&all=", "umur=7"),
        ("umur=7&is_superuser__exact=1", "umur=7"),
        ("umur=7&q=siti&nik=abc", "umur=7"),  # who was looked for is nobody's view
        ("", ""),
    ],
)
def test_only_known_filters_are_kept_in_a_steady_order(query, kept):
    assert cleaned_query(query, KNOWN) == kept


def test_own_views_are_seen_by_their_owner_only(clerk):
    keep(clerk)
    colleague = make_user(role="sekretariat")
    assert "Maluku" in [view.title for view in views_of(clerk, "application")]
    assert "Maluku" not in [view.title for view in views_of(colleague, "application")]
    assert not views_of(clerk, "document")


def test_shared_views_are_seen_by_the_role_only(clerk):
    keep(clerk, for_role=True)
    assert "Maluku" in [view.title for view in views_of(make_user(role="sekretariat"), "application")]
    assert "Maluku" not in [view.title for view in views_of(make_user(role="administrator"), "application")]
    assert ActivityEntry.objects.filter(code="view.save", actor=clerk).exists()


def test_sharing_needs_the_right():
    with pytest.raises(DomainError, match="tidak berhak"):
        keep(make_user(role="bnsp"), for_role=True)


def test_the_same_name_again_replaces_what_it_stood_for(clerk):
    keep(clerk)
    view = keep(clerk, query="umur=7")
    assert [v.query for v in SavedView.objects.filter(owner=clerk)] == ["umur=7"] == [view.query]


@pytest.mark.parametrize(
    ("title", "query", "sentence"),
    [("", "umur=7", "Beri nama"), ("x" * 61, "umur=7", "60"), ("Kosong", "q=siti", "Belum ada saringan")],
)
def test_what_cannot_be_kept_is_said(clerk, title, query, sentence):
    with pytest.raises(DomainError, match=sentence):
        keep(clerk, title=title, query=query)


def test_chips_above_a_list_have_a_limit(clerk):
    for number in range(MAX_VIEWS):
        keep(clerk, title=f"Tampilan {number}")
    with pytest.raises(DomainError, match=f"{MAX_VIEWS} tampilan"):
        keep(clerk, title="Satu lagi")


def test_own_views_are_renamed_and_deleted_by_their_owner(clerk):
    view = rename_view(view=keep(clerk), title="  Maluku   baru ", by=clerk)
    assert view.title == "Maluku baru"
    delete_view(view=view, by=clerk)
    with pytest.raises(DomainError, match="sudah dihapus"):
        delete_view(view=view, by=clerk)


def test_nobody_changes_the_view_of_somebody_else(clerk):
    view, stranger = keep(clerk), make_user(role="sekretariat")
    for act in (lambda: delete_view(view=view, by=stranger), lambda: rename_view(view=view, title="X", by=stranger)):
        with pytest.raises(DomainError, match="tampilan Anda sendiri"):
            act()


def test_shared_views_belong_to_those_who_may_share(clerk):
    view = SavedView.objects.filter(role="bnsp").first()
    for person in (make_user(role="bnsp"), clerk):  # without the right; of another role
        with pytest.raises(DomainError):
            delete_view(view=view, by=person)


def test_a_list_opens_with_the_view_that_one_chose_until_it_is_gone(clerk):
    view = keep(clerk)
    choose_default_view(view=view, is_default=True, by=clerk)
    assert default_query(clerk, "application") == "provinsi=81"
    assert [v.title for v in views_of(clerk, "application") if v.is_default] == ["Maluku"]
    choose_default_view(view=keep(clerk, title="Lama", query="umur=7"), is_default=True, by=clerk)
    assert default_query(clerk, "application") == "umur=7"
    delete_view(view=SavedView.objects.get(title="Lama"), by=clerk)
    assert default_query(clerk, "application") == ""


def test_a_default_of_another_role_no_longer_counts(clerk):
    view = SavedView.objects.filter(list="application", role="sekretariat").first()
    choose_default_view(view=view, is_default=True, by=clerk)
    SavedView.objects.filter(pk=view.pk).update(role="administrator")
    assert default_query(clerk, "application") == ""


def test_a_view_is_somebodys_or_a_roles_never_both(clerk):
    for place in ({"owner": clerk, "role": "bnsp"}, {"owner": None, "role": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SavedView.objects.create(list="user", title="X", query="a=1", **place)
