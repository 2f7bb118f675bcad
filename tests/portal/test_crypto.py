"""What is sealed at rest, and what is signed."""

import time

import pytest
from cryptography.fernet import InvalidToken
from django.core import signing
from pytest_django import Settings

from portal import crypto
from portal.documents import direct
from portal.documents.kinds import Unfit
from tests.conftest import World


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


def test_a_ticket_is_believed_by_its_signature_for_its_purpose_and_an_hour(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    application, person = world.draft(complete=False)
    told = ["incoming/x", application.case.pk, person.pk]
    monkeypatch.setattr(direct, "_size_of", lambda _key: 10**12)  # as far as the storage: too large

    def refused(token: str) -> str:
        with pytest.raises(Unfit) as unfit:
            direct.take(token, application.case, by=person)
        return unfit.value.code

    right, other = (signing.dumps(told, salt=salt) for salt in (direct._SALT, "another"))
    changed = (
        signing.dumps([*told[:2], 0], salt=direct._SALT).split(":")[0] + right[right.index(":") :]
    )
    assert [refused(token) for token in (right, other, changed)] == [
        "too_large",
        "ticket",
        "ticket",
    ]
    later = time.time() + 3601
    monkeypatch.setattr("time.time", lambda: later)
    assert refused(right) == "ticket"
