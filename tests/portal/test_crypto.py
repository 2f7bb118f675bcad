"""What is sealed at rest, and what is signed."""

import time
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.fernet import InvalidToken
from django.core import signing
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from grants.applications import officer_list
from grants.applications.check_ledger import OfficersAnew
from grants.programmes.models import Call
from portal import crypto
from portal.correspondence import own_calendar
from portal.documents import direct
from portal.documents.kinds import Unfit
from portal.workflow.ports import sealed_columns
from portal.workflow.resealing import reseal
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


def test_seeds_of_second_factors_lie_sealed(world: World) -> None:
    person, secret = world.people["representative"], "JBSWY3DPEHPK3PXP"
    TOTP.activate(person, secret)
    codes = RecoveryCodes.activate(person).get_unused_codes()
    rows = Authenticator.objects.filter(user=person)
    for data in [row.data for row in rows.all()]:
        (sealed,) = (data[name] for name in ("secret", "seed") if name in data)
        assert sealed.startswith("gAAAA")
    assert RecoveryCodes(rows.get(type="recovery_codes")).get_unused_codes() == codes
    assert crypto.unseal(rows.get(type="totp").data["secret"].encode()) == secret


def test_a_field_key_is_changed_and_nothing_is_lost(world: World, settings: Settings) -> None:
    """Every kind of sealed row opens under the new key alone once `reseal` ran, however often."""
    application, person = world.draft()
    officer_list.save(application, [])
    OfficersAnew.objects.create(application=application, sealed=crypto.seal([]))
    Call.objects.filter(pk=application.call_id).update(seed_sealed=crypto.seal("雪"))
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    own_calendar.renew(person)
    calendar = own_calendar.address_of(person)
    old, settings.FIELD_KEY = settings.FIELD_KEY, "a new one"
    settings.FIELD_KEY_FALLBACKS = [old]
    said = [reseal(label, write=False) for label in sealed_columns]
    assert all(count.older > 0 and not count.current + count.unreadable for count in said)
    for _again in range(2):
        call_command("reseal", stdout=StringIO())
    settings.FIELD_KEY_FALLBACKS = []
    done = [reseal(label, write=False) for label in sealed_columns]
    assert [count.current for count in done] == [count.older for count in said]
    seed = Call.objects.get(pk=application.call_id).seed_sealed or b""
    assert crypto.unseal(bytes(seed)) == "雪"
    assert own_calendar.address_of(person) == calendar
    found = Authenticator.objects.get(user=person)
    assert crypto.unseal(found.data["secret"].encode()) == "JBSWY3DPEHPK3PXP"


def test_resealing_says_what_opens_under_no_key(world: World, settings: Settings) -> None:
    officer_list.save(world.draft()[0], [])
    settings.FIELD_KEY = "lost"
    with pytest.raises(CommandError, match="open under no key"):
        call_command("reseal", "--count", stdout=StringIO())


def test_a_session_goes_on_under_an_earlier_secret_key(world: World, settings: Settings) -> None:
    person, client = world.people["representative"], Client()
    person.sign_outs = 1
    person.save()
    client.force_login(person)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "x" * 60
    settings.SECRET_KEY_FALLBACKS = [old]
    assert client.get("/my/").status_code == 200
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "y" * 60, []
    assert client.get("/my/").status_code == 302


@pytest.mark.parametrize("algorithm", ["sha1", "sha512", "md5", ""])
def test_a_ticket_is_signed_by_one_algorithm_whatever_it_says(
    world: World, monkeypatch: pytest.MonkeyPatch, algorithm: str
) -> None:
    application, person = world.draft(complete=False)
    monkeypatch.setattr(
        direct, "_known", lambda key: direct.Arrived(key, 10**12, "")
    )  # as far as the storage: too large

    def refused(algorithm: str) -> str:
        told = ["incoming/x", application.case.pk, person.pk, 10**12]
        signer = signing.TimestampSigner(salt=direct._SALT, algorithm=algorithm or "sha256")
        token = signer.sign_object(told)
        token = token if algorithm else token[: token.rindex(":") + 1]
        with pytest.raises(Unfit) as unfit:
            direct.arrived(token, application.case, by=person)
        return unfit.value.code

    assert refused(algorithm) == "ticket"
    assert refused("sha256") == "too_large"


def test_a_ticket_is_believed_by_its_signature_for_its_purpose_and_an_hour(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    application, person = world.draft(complete=False)
    told = ["incoming/x", application.case.pk, person.pk, 10**12]
    monkeypatch.setattr(
        direct, "_known", lambda key: direct.Arrived(key, 10**12, "")
    )  # as far as the storage: too large

    def refused(token: str) -> str:
        with pytest.raises(Unfit) as unfit:
            direct.arrived(token, application.case, by=person)
        return unfit.value.code

    right, other = (signing.dumps(told, salt=salt) for salt in (direct._SALT, "another"))
    changed = (
        signing.dumps([*told[:2], 0, told[3]], salt=direct._SALT).split(":")[0]
        + right[right.index(":") :]
    )
    assert [refused(token) for token in (right, other, changed)] == [
        "too_large",
        "ticket",
        "ticket",
    ]
    later = time.time() + 3601
    monkeypatch.setattr("time.time", lambda: later)
    assert refused(right) == "ticket"


@pytest.mark.parametrize(("tokens", "code"), [(1, ""), (3, "too_large_together")])
def test_what_tickets_bring_is_weighed_before_it_is_read_and_each_counts_once(
    world: World,
    client: Client,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tokens: int,
    code: str,
) -> None:
    application, person = world.draft(complete=False)
    case = application.case
    read: list[str] = []
    settings.UPLOAD_MAX_BYTES = 100
    monkeypatch.setattr(direct, "_known", lambda key: direct.Arrived(key, 40, ""))

    def fetched(found: direct.Arrived) -> bytes:
        read.append(found.key)
        return b"x" * found.size

    monkeypatch.setattr(direct, "read", fetched)
    monkeypatch.setattr(direct, "forget", lambda _token: None)
    several = [
        signing.dumps([f"incoming/{n}", case.pk, person.pk, 40], salt=direct._SALT)
        for n in range(tokens)
    ]
    client.force_login(person)
    key = application.call.stated.documents[0].key
    sent = {"key": key, "token": several * 5, "name": ["1.pdf"] * 5 * tokens}
    client.post(f"/apply/{case.number}/documents/", sent)
    assert read == ([] if code else ["incoming/0"])
