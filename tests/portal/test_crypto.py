"""What is sealed at rest."""

import pytest
from cryptography.fernet import InvalidToken
from pytest_django import Settings

from portal import crypto


def test_what_is_sealed_opens_neither_changed_nor_under_another_key(settings: Settings) -> None:
    sealed = crypto.seal({"name": "三上 遥"})
    assert crypto.unseal(sealed) == {"name": "三上 遥"}
    assert "三上".encode() not in sealed
    middle = len(sealed) // 2
    other = b"A" if sealed[middle : middle + 1] != b"A" else b"B"
    with pytest.raises(InvalidToken):
        crypto.unseal(sealed[:middle] + other + sealed[middle + 1 :])
    settings.FIELD_KEY = "another"
    with pytest.raises(InvalidToken):
        crypto.unseal(sealed)
