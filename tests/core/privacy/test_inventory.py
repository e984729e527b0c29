"""Every column of every table is decided: personal, with all that the law wants to know of it, or none."""

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import models

from core.common.fields import EncryptedTextField
from core.privacy import inventory_page
from core.privacy.inventory import HOLDINGS, IMPERSONAL, PLAIN, Treatment, holding_of, undecided


def columns_of(label: str) -> set[str]:
    return {column.name for column in apps.get_model(label)._meta.concrete_fields}


def test_every_column_is_personal_or_said_to_be_none():
    assert undecided() == [], "say in core/privacy/inventory.py whether these hold something about a person"


@pytest.mark.parametrize(
    "column", [models.CharField(max_length=9), models.DateField(), models.IntegerField(), models.JSONField()]
)
def test_a_new_column_must_be_decided(column, monkeypatch):
    """Also a date or a number: a birthday is a date, a religion may be a choice."""
    from core.accounts.models import CandidateProfile

    column.set_attributes_from_name("mothers_name")
    column.model = CandidateProfile
    every = [*CandidateProfile._meta.concrete_fields, column]
    monkeypatch.setitem(CandidateProfile._meta.__dict__, "concrete_fields", every)

    assert undecided() == ["core.CandidateProfile.mothers_name"]


def test_nothing_in_the_lists_is_stale_or_said_twice():
    labels = [holding.model for holding in HOLDINGS]
    assert len(labels) == len(set(labels))
    for holding in HOLDINGS:
        assert set(holding.fields) <= columns_of(holding.model), holding.model
        assert set(holding.masked) <= set(holding.fields), holding.model
        assert holding.model not in IMPERSONAL
    for label, names in PLAIN.items():
        assert set(names.split()) <= columns_of(label), label
        assert not set(names.split()) & set(getattr(holding_of(apps.get_model(label)), "fields", {})), label
        assert label not in IMPERSONAL
    assert all(apps.get_model(label) for label in IMPERSONAL)


def test_what_is_encrypted_is_personal():
    for model in apps.get_models():
        for column in model._meta.concrete_fields:
            if isinstance(column, EncryptedTextField):
                assert column.name in holding_of(model).fields, column


def test_what_stays_in_an_anonymised_copy_is_little_and_chosen():
    """Adding to it must be a decision: with enough such columns together a person is known again."""
    kept = {f"{h.model}.{name}" for h in HOLDINGS for name, how in h.fields.items() if how == Treatment.KEPT}

    assert kept == {
        "core.User.last_login",
        "core.CandidateProfile.sex",
        "core.CandidateProfile.nationality",
        "core.Application.sex",
        "core.Application.age_band",
        "core.SelfAssessmentAnswer.outcome",
        "core.Placement.attendance",
        "core.PreAssessment.advice",
        "core.AssessmentRecord.recommendation",
        "core.AssessmentResult.outcome",
        "core.AssessmentResult.score",
        "core.PlenaryMember.role",
        "core.Decision.outcome",
        "core.Surveillance.outcome",
    }


def test_the_page_is_as_the_code_says():
    call_command("personal_data_inventory", "--check")


def test_a_stale_page_is_noticed(monkeypatch):
    monkeypatch.setattr(inventory_page, "HOLDINGS", HOLDINGS[1:])

    with pytest.raises(CommandError, match="tidak sesuai"):
        call_command("personal_data_inventory", "--check")
