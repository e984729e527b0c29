"""Every class of forms that the product writes out is sent something, with the suite as in `make fuzz`.

The addresses are fuzzed by turns (test_pages.py), and with few inputs a form behind the second button of a page is
missed by chance. Here each is filled in as a person would, with each button, and then as nobody would.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz import addresses, forms, hostile
from tests.fuzz.conftest import ASKED, share
from tests.fuzz.test_pages import KEEPS, doors, once
from tests.fuzz.watching import all_forms

pytestmark = pytest.mark.django_db

#: How an address is asked what it takes: with the suite by what it shows alone.
METHODS = ("get", "post") if ASKED else ("get",)
#: Where each form is: address and who fills it in → the classes that must have been reached there.
REACHED_AT = {
    ("admin:core_activityentry_changelist", "administrator"): {"backoffice.log_filters.ActorForm"},
    ("admin:core_assessmentsession_add", "sekretariat"): {"backoffice.admin.sessions.SessionForm"},
    ("admin:core_candidateprofile_change", "administrator"): {"backoffice.admin.accounts.CandidateForm"},
    ("admin:core_competencyunit_change", "administrator"): {
        "backoffice.formsets.NumberedForm",
        "backoffice.formsets.PositionedForm",
    },
    ("admin:core_competencyunit_text", "administrator"): {"backoffice.scheme_forms.UnitTextForm"},
    ("admin:core_download_add", "administrator"): {"backoffice.admin.entries.DownloadForm"},
    ("admin:core_formdefinition_add", "administrator"): {"backoffice.definition_forms.NewFormForm"},
    ("admin:core_formdefinition_lines", "administrator"): {"backoffice.definition_forms.LineForm"},
    ("admin:core_formdefinition_save", "administrator"): {"backoffice.definition_forms.FormHeadForm"},
    ("admin:core_handover_act", "sekretariat"): {
        "backoffice.forms_handover.HandOverForm",
        "backoffice.forms_handover.ReasonForm",
    },
    ("admin:core_handover_add", "sekretariat"): {"backoffice.forms_handover.NarrowingForm"},
    ("admin:core_handover_changelist", "administrator"): {"backoffice.filters.base.PickForm"},
    ("admin:core_handover_session", "sekretariat"): {"backoffice.forms_handover.SessionCodesForm"},
    ("admin:core_numberingrule_change", "administrator"): {"backoffice.admin.content.NumberingRuleForm"},
    ("admin:core_officedata_change", "administrator"): {"backoffice.admin.content.OfficeDataForm"},
    ("admin:core_page_publish", "administrator"): {"backoffice.admin.pages.PublishForm"},
    ("admin:core_pastcertificate_link", "sekretariat"): {"backoffice.admin.past_certificates.LinkForm"},
    ("admin:core_plenary_add", "sekretariat"): {"backoffice.forms_plenary.PlenaryForm"},
    ("admin:core_plenary_members", "sekretariat"): {"backoffice.forms_plenary.SeatForm"},
    ("admin:core_scheme_add", "administrator"): {"backoffice.scheme_forms.NewSchemeForm"},
    ("admin:core_scheme_requirements", "administrator"): {"backoffice.scheme_forms.RequirementForm"},
    ("admin:core_scheme_save", "administrator"): {"backoffice.scheme_forms.HeadForm"},
    ("admin:core_user_change", "administrator"): {"backoffice.admin.accounts.UserForm"},
    ("admin:core_user_reset_second_factor", "administrator"): {"backoffice.admin.accounts.ResetForm"},
    ("admin:password_change", "administrator"): {"backoffice.views.security.OwnPasswordForm"},
    ("admin:recovery_codes", "administrator"): {"backoffice.views.security.PasswordAgainForm"},
    ("admin:second_factor", "asesor"): {"backoffice.views.security.CodeForm", "backoffice.views.security.RecoveryForm"},
    ("admin:second_factor_enrol", "administrator"): {"backoffice.views.security.EnrolForm"},
    ("public_site:appeal", "owner"): {"public_site.forms.appeal.AppealForm"},
    ("public_site:check_answers", "owner"): {"public_site.forms.application.SubmitForm"},
    ("public_site:contact", "anonymous"): {"public_site.forms.inquiries.TicketForm"},
    ("public_site:conversation", "anonymous"): {"public_site.forms.inquiries.ReplyForm"},
    ("public_site:forgot_password", "anonymous"): {"public_site.forms.account.EmailForm"},
    ("public_site:institution_colleague", "officer"): {"public_site.forms.institution.ColleagueForm"},
    ("public_site:institution_data", "officer"): {"public_site.forms.institution.InstitutionForm"},
    ("public_site:institution_file", "officer"): {"public_site.forms.institution.SendForm"},
    ("public_site:institution_invitation", "officer"): {"public_site.forms.institution.EmailAddressForm"},
    ("public_site:institution_register", "anonymous"): {"public_site.forms.institution.OfficerRegistrationForm"},
    ("public_site:institution_upload", "officer"): {"public_site.forms.institution.PeopleFileForm"},
    ("public_site:invited", "anonymous"): {"public_site.forms.institution.AcceptForm"},
    ("public_site:invited", "owner"): {"public_site.forms.institution.ShareForm"},
    ("public_site:login", "anonymous"): {"public_site.forms.account.LoginForm"},
    ("public_site:new_password", "anonymous"): {"public_site.forms.account.PasswordForm"},
    ("public_site:own_name", "officer"): {"public_site.forms.privacy.NameForm"},
    ("public_site:own_profile", "owner"): {
        "public_site.forms.profile.AddressForm",
        "public_site.forms.profile.EmploymentForm",
        "public_site.forms.profile.PersonalForm",
    },
    ("public_site:privacy_request", "owner"): {"public_site.forms.privacy.ReplyForm"},
    ("public_site:privacy_request_new", "owner"): {"public_site.forms.privacy.RequestForm"},
    ("public_site:purpose", "owner"): {"public_site.forms.application.PurposeForm"},
    ("public_site:recovery_codes", "owner"): {"public_site.forms.account.PasswordAgainForm"},
    ("public_site:register", "anonymous"): {"public_site.forms.account.RegistrationForm"},
    ("public_site:second_factor", "owner"): {"public_site.forms.account.EnrolForm"},
    ("public_site:verify_code", "owner"): {
        "public_site.forms.account.CodeForm",
        "public_site.forms.account.RecoveryForm",
    },
}


def test_no_form_is_left_out():
    """A new class of forms fails here until its address is named above, and then there until it is really reached."""
    named = set().union(*REACHED_AT.values())

    assert sorted(all_forms() - named) == [], "say where it is filled in, and by whom"
    assert sorted(named - all_forms()) == [], "there is no such form any more"


@pytest.mark.parametrize(("name", "role"), REACHED_AT)
def test_each_form_is_reached_and_breaks_nothing(name, role, world, undone, findings):
    target = addresses.target_of(name, world)
    client = addresses.client_of(target, role, world)
    kept, keeps = dict(client.cookies), KEEPS.get(name, frozenset())
    ways = []

    def send(door, data, *, htmx):
        findings.forms.clear()
        with undone():
            once(client, door, data, htmx=htmx, keeps=keeps, findings=findings)
        client.cookies.clear()
        client.cookies.update(kept)
        return set(findings.forms)

    expected, reached = REACHED_AT[name, role], set()
    found = doors(target, world, undone, people=(role,), methods=METHODS)
    for door in sorted(found, key=lambda door: not door.data):  # first those that a page shows
        for meant in door.as_meant():
            if not ASKED and expected <= reached:
                break  # with the suite, once is enough
            if bound := send(door, meant, htmx=False) & expected:
                ways.append((door, meant))
                reached |= bound

    @share(0.1, small=1, among=len(REACHED_AT))
    @given(st.data())
    def send_what_nobody_would(data):
        door, meant = data.draw(st.sampled_from(ways))
        deviations = data.draw(hostile.changes(door.names))
        reached.update(send(door, forms.sent(meant, deviations), htmx=data.draw(st.booleans())))

    assert sorted(expected - reached) == []
    send_what_nobody_would()
    findings.forms.update(reached)
    findings.close()
