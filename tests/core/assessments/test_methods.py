"""The registry of assessment methods: BNSP's own, and the door for those that come later."""

import pytest

from core.assessments import methods
from core.assessments.methods import Evidence, Method, registry
from core.assessments.methods.bnsp import BNSP_METHODS
from core.common.exceptions import DomainError


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch):
    """What a test registers is forgotten after it."""
    monkeypatch.setattr(registry, "_methods", dict(registry._methods))


def test_every_column_of_fr_ak_02_has_a_method_that_a_person_judges():
    assert {method.evidence for method in methods.manual_methods()} == set(Evidence)
    assert not any(method.is_automatic for method in BNSP_METHODS)


def test_one_call_makes_a_method_known():
    quiz = methods.register(Method("uji-coba", "Kuis daring", Evidence.WRITTEN, is_automatic=True))
    assert methods.find_method("uji-coba") is quiz
    assert quiz in methods.all_methods()
    assert quiz not in methods.manual_methods()
    methods.register(quiz)  # the same once more is no quarrel
    with pytest.raises(ValueError, match="taken"):
        methods.register(Method("uji-coba", "Kuis lain", Evidence.ORAL))


@pytest.mark.parametrize("key", ["", "Kuis", "kuis daring", "kuis_daring", "-kuis", "k" * 41])
def test_a_key_that_does_not_fit_its_column_is_refused(key):
    with pytest.raises(ValueError, match="hyphens"):
        methods.register(Method(key, "Kuis", Evidence.WRITTEN))


def test_an_unknown_key_is_refused_with_a_sentence():
    with pytest.raises(DomainError) as refusal:
        methods.find_method("ramalan")
    assert (refusal.value.code, refusal.value.field) == ("method.unknown", "method")
    assert "“ramalan” tidak dikenal" in refusal.value.message
