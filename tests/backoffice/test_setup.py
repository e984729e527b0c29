"""Lists and forms of the set-up: people, schemes, letters; the rules stay in core."""

import pytest
from django.urls import reverse
from reversion.models import Version

from backoffice.admin.messaging import PLACEHOLDER_WORDS
from core.accounts.models import User
from core.accounts.rules import role_of
from core.activity.models import ActivityEntry
from core.messaging.models import MessageTemplate, OutboxMessage
from core.schemes.models import CompetencyUnit, PerformanceCriterion
from tests.factories.accounts import make_candidate, make_nik, make_user
from tests.factories.applications import make_application
from tests.factories.schemes import make_unit

pytestmark = pytest.mark.django_db


def change(model: str, pk) -> str:
    return reverse(f"admin:core_{model}_change", args=[pk])


def form_data(response) -> dict:
    """What a browser would post back: every field of the form and its inlines, as drawn."""
    forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
        for form in inline.formset.forms:
            for nested in getattr(form, "nested_formsets", []):
                forms += [nested.formset.management_form, *nested.formset.forms]
    data = {}
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is None or value is False:
                continue
            if isinstance(value, list):
                value = [getattr(item, "pk", item) for item in value]
            data[bound.html_name] = value
    if response.context.get("drawn"):
        data["_drawn"] = response.context["drawn"]
    return data


# --- people -------------------------------------------------------------------------------------------


def test_administrator_invites_a_colleague_who_gets_a_letter(as_role):
    response = as_role("administrator").post(
        reverse("admin:core_user_add"),
        {"full_name": "Bambang Irawan", "email": "Bambang@Contoh.id", "role": "sekretariat"},
    )
    assert response.status_code == 302
    user = User.objects.get(email="bambang@contoh.id")
    assert (role_of(user), user.is_staff, user.has_usable_password()) == ("sekretariat", True, False)
    assert OutboxMessage.objects.filter(recipient=user, template_key="account-confirm", is_secret=True).exists()


def test_known_address_is_refused_beside_the_field(as_role):
    known = make_user(role="asesi")
    response = as_role("administrator").post(
        reverse("admin:core_user_add"), {"full_name": "Orang Lain", "email": known.email.upper(), "role": "sekretariat"}
    )
    assert response.context["adminform"].form.errors["email"] == ["Alamat ini sudah mempunyai akun."]
    assert User.objects.filter(email=known.email).count() == 1


def test_role_is_changed_through_the_service(as_role):
    user = make_user(role="asesor")
    as_role("administrator").post(
        change("user", user.pk), {"full_name": user.full_name, "role": "bnsp", "is_active": "on"}
    )
    user = User.objects.get(pk=user.pk)
    assert role_of(user) == "bnsp"
    assert not user.has_perm("core.view_scheme") or user.has_perm("core.view_activityentry")
    assert ActivityEntry.objects.filter(code="account.assign_role", subject_id=str(user.pk), data__role="bnsp").exists()


def test_nobody_takes_their_own_role_away(sign_in):
    admin = make_user(role="administrator")
    response = sign_in(admin).post(
        change("user", admin.pk), {"full_name": admin.full_name, "role": "asesi", "is_active": "on"}
    )
    assert "peran Anda sendiri" in response.content.decode()
    assert role_of(User.objects.get(pk=admin.pk)) == "administrator"


def test_secretariat_only_reads_accounts(desk):
    user = make_user(role="asesor")
    assert desk.get(change("user", user.pk)).status_code == 200
    assert desk.post(change("user", user.pk), {"full_name": "X", "role": "administrator"}).status_code == 403
    assert desk.get(reverse("admin:core_user_add")).status_code == 403


def test_profile_is_saved_by_the_service_and_a_second_tab_is_told(desk):
    profile = make_candidate()
    address = change("candidateprofile", profile.pk)
    data = form_data(desk.get(address)) | {"phone_mobile": "0812 9999 888", "home_address": "  Jalan   Baru 1 "}
    assert desk.post(address, data).status_code == 302
    profile.refresh_from_db()
    assert (profile.phone_mobile, profile.home_address) == ("+628129999888", "Jalan Baru 1")
    stale = desk.post(address, data | {"home_address": "Jalan Lama"})
    assert "berubah sementara Anda menyunting" in stale.content.decode()
    assert "Jalan Lama" in stale.content.decode()
    profile.refresh_from_db()
    assert profile.home_address == "Jalan Baru 1"


def test_wrong_nik_is_told_beside_the_field(desk):
    profile, other = make_candidate(), make_candidate()
    address = change("candidateprofile", profile.pk)
    data = form_data(desk.get(address))
    for nik, word in (("123", "16 angka"), (other.nik, "tidak dapat dipakai")):
        response = desk.post(address, data | {"nik": nik})
        assert word in response.context["adminform"].form.errors["nik"][0]


def test_administrator_corrects_a_profile_without_seeing_the_nik(as_role):
    profile = make_candidate()
    client = as_role("administrator")
    page = client.get(change("candidateprofile", profile.pk))
    assert profile.nik not in page.content.decode()
    assert profile.masked_nik in page.content.decode()
    client.post(change("candidateprofile", profile.pk), form_data(page) | {"nik": make_nik(), "institution": "BPBD"})
    nik = profile.nik
    profile.refresh_from_db()
    assert (profile.nik, profile.institution) == (nik, "BPBD")


def test_candidate_is_found_by_nik(desk):
    profile = make_candidate()
    make_candidate()
    response = desk.post(reverse("admin:core_candidateprofile_changelist"), {"cari": profile.nik}, follow=True)
    assert [row.pk for row in response.context["cl"].result_list] == [profile.pk]
    assert profile.nik not in response.redirect_chain[0][0]


# --- schemes ------------------------------------------------------------------------------------------


def test_criteria_of_a_unit_are_edited_moved_and_added_in_its_form(desk):
    unit = make_unit(elements=1, criteria=2)
    element = unit.elements.get()
    one, two = element.criteria.order_by("position")
    address = change("competencyunit", unit.pk)
    data = form_data(desk.get(address))
    prefix = "elements-0-criteria"
    data |= {
        f"{prefix}-0-position": "1",
        f"{prefix}-1-position": "0",
        f"{prefix}-1-text": "Diubah",
        f"{prefix}-TOTAL_FORMS": "3",
        f"{prefix}-2-number": "1.3",
        f"{prefix}-2-text": "Baru",
        f"{prefix}-2-element": str(element.pk),
    }
    response = desk.post(address, data)
    assert response.status_code == 302, response.context["errors"]
    assert list(element.criteria.order_by("position").values_list("position", "text")) == [
        (1, "Diubah"),
        (2, one.text),
        (3, "Baru"),
    ]
    assert PerformanceCriterion.objects.get(pk=two.pk).position == 1
    # How it was before the first edit, and how it is now.
    assert Version.objects.get_for_object(CompetencyUnit.objects.get(pk=unit.pk)).count() == 2


def test_elements_change_places_and_take_the_numbers_of_their_criteria_along(desk):
    unit = make_unit(elements=2, criteria=2)
    address = change("competencyunit", unit.pk)
    data = form_data(desk.get(address)) | {"elements-0-number": "1", "elements-1-number": "0"}
    assert desk.post(address, data).status_code == 302
    assert [
        (element.number, element.title, [criterion.number for criterion in element.criteria.all()])
        for element in unit.elements.all()
    ] == [(1, "Elemen 2", ["1.1", "1.2"]), (2, "Elemen 1", ["2.1", "2.2"])]


# --- letters and the log ------------------------------------------------------------------------------


def test_template_with_an_unknown_placeholder_is_refused(desk):
    template = MessageTemplate.objects.get(key="application-returned")
    response = desk.post(change("messagetemplate", template.pk), {"title": "x", "subject": "{{ salah }}", "body": "y"})
    assert "Isian tidak dikenal: salah" in response.content.decode()


def test_every_placeholder_that_ships_is_explained_beside_the_letter():
    used = {name for names in MessageTemplate.objects.values_list("placeholders", flat=True) for name in names}
    assert used - PLACEHOLDER_WORDS.keys() == set()


def test_failed_message_is_queued_again_once(desk):
    make_application()
    message = OutboxMessage.objects.first()
    address = reverse("admin:core_outboxmessage_resend", args=[message.pk])
    assert desk.post(address, {"_form_submitted": "True"}).status_code == 403  # not failed
    OutboxMessage.objects.filter(pk=message.pk).update(status="gagal")
    desk.post(address, {"_form_submitted": "True"})
    message.refresh_from_db()
    assert message.status == "menunggu"


def test_secret_letters_are_not_shown(desk, as_role):
    as_role("administrator").post(
        reverse("admin:core_user_add"), {"full_name": "Bambang", "email": "bambang@contoh.id", "role": "bnsp"}
    )
    message = OutboxMessage.objects.get(template_key="account-confirm")
    assert "/konfirmasi/" in message.body
    assert "/konfirmasi/" not in desk.get(change("outboxmessage", message.pk)).content.decode()


def test_published_consent_text_is_only_read(desk):
    from core.accounts.models import ConsentText

    text = ConsentText.objects.exclude(published_at=None).first()
    assert desk.post(change("consenttext", text.pk), {"title": "Lain", "body": "x"}).status_code == 403
    assert desk.post(reverse("admin:core_consenttext_delete", args=[text.pk]), {"post": "yes"}).status_code == 403
