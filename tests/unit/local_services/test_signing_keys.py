"""The signing keys that a person states for this machine."""

import json

import pytest

from local.errors import LocalError
from local.services.values import signing_keys

OLD, NEW = "o" * 40, "n" * 40


def test_keys_that_a_person_states_are_one_secret() -> None:
    assert signing_keys({}) is None
    assert signing_keys({"JWT_SECRET": NEW}) == NEW
    both = signing_keys({"JWT_SECRET": NEW, "JWT_PREVIOUS_SECRETS": f"{OLD}, "})
    assert json.loads(both or "") == {"current": NEW, "previous": [OLD]}


def test_former_keys_alone_are_refused() -> None:
    with pytest.raises(LocalError, match="without JWT_SECRET"):
        signing_keys({"JWT_PREVIOUS_SECRETS": OLD})
