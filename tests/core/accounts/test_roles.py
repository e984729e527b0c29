"""Roles: everybody holds one, with exactly the rights of the role table."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission

from core.accounts import roles, services
from core.accounts.models import User
from core.accounts.roles import ROLE_LABELS, STAFF_ROLES
from core.accounts.rules import is_candidate, role_of
from core.activity.models import ActivityEntry
from tests.core.helpers import refused
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db

TABLE = {
    "administrator": roles.Administrator,
    "sekretariat": roles.Secretariat,
    "asesor": roles.Assessor,
    "asesi": roles.Candidate,
    "bnsp": roles.Bnsp,
    "instansi": roles.InstitutionStaff,
}


def rights_of(user: User) -> set[str]:
    return User.objects.get(pk=user.pk).get_all_permissions()


@pytest.mark.parametrize("role", TABLE)
def test_a_role_gives_the_rights_of_the_table_and_no_other(role):
    user = make_user(role=role)

    assert rights_of(user) == {f"core.{name}" for name in TABLE[role].available_permissions}
    assert user.is_staff == (role in STAFF_ROLES)
    assert not user.is_superuser


@pytest.mark.parametrize("role", TABLE)
def test_every_right_of_the_table_speaks_of_something_that_exists(role):
    models = apps.get_app_config("core").models
    of_models = {f"{act}_{model}" for model in models for act in ("view", "add", "change", "delete")}

    others = set(TABLE[role].available_permissions) - of_models

    assert others <= {
        "answer_privacyrequest",
        "answer_ticket",
        "approve_destruction",
        "approve_institution",
        "assign_assessor",
        "assign_role",
        "confirm_decision",
        "download_handover",
        "prepare_handover",
        "issue_certificate",
        "record_decision",
        "schedule_session",
        "suspend_certificate",
        "withdraw_certificate",
        "export_activityentry",
        "export_casedocument",
        "export_person",
        "oversee_job",
        "propose_destruction",
        "request_integrityrun",
        "run_scheduledjob",
        "resend_outboxmessage",
        "reset_second_factor",
        "run_backup",
        "share_savedview",
        "verify_application",
        "view_activity_address",
        "view_activity_names",
        "view_identifiers",
        "view_nik",
        "view_whole_activity",
    }


@pytest.mark.parametrize(
    ("right", "holders"),
    [
        ("verify_application", {"sekretariat"}),
        ("view_nik", {"sekretariat"}),
        ("approve_institution", {"sekretariat"}),
        ("view_institution", {"administrator", "sekretariat"}),
        ("view_invitationbatch", {"administrator", "sekretariat"}),
        ("change_institution", set()),
        ("view_identifiers", {"administrator", "sekretariat", "asesor"}),
        ("assign_assessor", {"sekretariat"}),
        ("assign_role", {"administrator"}),
        ("share_savedview", {"administrator", "sekretariat"}),
        ("change_user", {"administrator"}),
        ("reset_second_factor", {"administrator"}),
        ("change_systempolicy", {"administrator"}),
        ("view_systempolicy", {"administrator"}),
        ("delete_application", set()),
        ("change_application", set()),
        ("change_submission", set()),
        ("delete_document", set()),
        ("change_activityentry", set()),
        ("delete_activityentry", set()),
        ("view_application", {"administrator", "sekretariat", "asesor", "bnsp"}),
        ("view_candidateprofile", {"administrator", "sekretariat"}),
        ("add_candidateprofile", {"administrator", "sekretariat"}),
        ("view_importrun", {"administrator", "sekretariat"}),
        ("change_importrun", set()),
        ("view_activityentry", {"administrator", "sekretariat", "bnsp"}),
        ("change_scheme", {"administrator", "sekretariat"}),
        ("resend_outboxmessage", {"administrator", "sekretariat"}),
    ],
)
def test_who_holds_a_right(right, holders):
    assert {role for role in TABLE if make_user(role=role).has_perm(f"core.{right}")} == holders


def test_the_table_names_every_role():
    assert set(TABLE) == set(ROLE_LABELS)
    assert {role.role_name for role in TABLE.values()} == set(TABLE)


def test_a_new_role_replaces_the_old_one_at_once():
    user = make_user(role="sekretariat")
    assert user.has_perm("core.verify_application")

    services.assign_role(user=user, role="asesi", by=make_user(role="administrator"))

    assert (role_of(user), is_candidate(user), user.is_staff) == ("asesi", True, False)
    assert not user.has_perm("core.verify_application")  # the same object, without logging in again
    assert list(user.groups.values_list("name", flat=True)) == ["asesi"]
    assert rights_of(user) == set()


def test_giving_a_role_is_logged_with_who_and_which():
    admin, user = make_user(role="administrator"), make_user()

    services.assign_role(user=user, role="bnsp", by=admin)

    entry = ActivityEntry.objects.latest("pk")
    assert (entry.code, entry.actor, entry.data) == ("account.assign_role", admin, {"role": "bnsp"})
    assert entry.subject_label == f"#{user.pk}"  # no name in the log


def test_an_unknown_role_changes_nothing():
    user = make_user(role="bnsp")

    with refused("assign_role.unknown"):
        services.assign_role(user=user, role="superadmin", by=None)

    assert role_of(user) == "bnsp"


def test_an_account_without_a_role_may_nothing():
    assert role_of(make_user()) is None
    assert rights_of(make_user()) == set()


def test_after_an_update_everybody_gets_the_rights_of_the_table_again():
    clerk, reader, candidate = (make_user(role=role) for role in ("sekretariat", "bnsp", "asesi"))
    clerk.user_permissions.remove(clerk.user_permissions.get(codename="verify_application"))
    reader.user_permissions.add(*Permission.objects.filter(codename="delete_scheme"))

    changed = services.sync_role_permissions()

    assert changed == 2
    assert "core.verify_application" in rights_of(clerk)
    assert "core.delete_scheme" not in rights_of(reader)
    assert rights_of(candidate) == set()
    assert services.sync_role_permissions() == 0


def test_the_name_of_a_role_alone_gives_no_rights():
    user = make_user()

    user.groups.add(Group.objects.get_or_create(name="sekretariat")[0])

    assert rights_of(user) == set()
