"""Words that the tests of certificates share."""

from collections.abc import Callable
from typing import Any

import pytest

from core.common.exceptions import DomainError


def refused(act: Callable[..., Any], **arguments: Any) -> DomainError:
    """The refusal of a service, with its sentence, its code and its field."""
    with pytest.raises(DomainError) as caught:
        act(**arguments)
    assert len(caught.value.message) > 15  # a sentence, not a code
    return caught.value
