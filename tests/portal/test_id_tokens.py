"""An ID token is believed where everything about it holds, and otherwise nobody comes in by it."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.account.models import EmailAddress
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client
from django.urls import resolve
from pytest_django import Settings

from portal.accounts.models import User
from portal.accounts.openid import tokens, views
from portal.accounts.openid.tokens import Asked, NotBelieved
from portal.events import Event
from tests.architecture.test_house import routes
from tests.lines import Lines, of, only
from tests.markup import one_line
from tests.provider import KEY, PRIME, Key, Provider, come_back, sent_back

Claims = dict[str, object]
Token = Callable[[Claims], str | None]

OTHER = Key("other")


def changed(**claims: object) -> Token:
    """Signed by the provider, with other claims; None leaves one out."""

    def token(said: Claims) -> str:
        return KEY.sign(
            {name: value for name, value in (said | claims).items() if value is not None}
        )

    return token


def moved(**seconds: int) -> Token:
    """Signed by the provider, with moments so far from now."""
    return lambda said: KEY.sign(
        said | {name: int(time.time()) + far for name, far in seconds.items()}
    )


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _without_the_key(said: Claims, algorithm: str, sign: Callable[[bytes], bytes]) -> str:
    """By hand: the library of the tests makes nothing of the kind."""
    head = {"alg": algorithm, "kid": KEY.kid}
    body = ".".join(_base64(json.dumps(part).encode()) for part in (head, said))
    return f"{body}.{_base64(sign(body.encode()))}"


def by_the_public_key(said: Claims) -> str:
    """HS256 with the published key as the shared secret: what anybody can make."""
    public = KEY.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return _without_the_key(said, "HS256", lambda body: hmac.digest(public, body, hashlib.sha256))


def unsigned(said: Claims) -> str:
    return _without_the_key(said, "none", lambda _body: b"")


def with_another_body(said: Claims) -> str:
    head, _body, signature = KEY.sign(said).split(".")
    return f"{head}.{_base64(json.dumps(said | {'azp': 'portal'}).encode())}.{signature}"


# what is wrong with the token, and the code that the log then names
REFUSED: dict[str, tuple[Token, str]] = {
    "none at all": (lambda _said: None, "missing"),
    "no token": (lambda _said: "no-token", "unreadable"),
    "another's key under our kid": (lambda said: OTHER.sign(said, kid=KEY.kid), "signature"),
    "a key that is not published": (OTHER.sign, "key"),
    "another body under the signature": (with_another_body, "signature"),
    "no signature": (unsigned, "algorithm"),
    "a shared secret": (by_the_public_key, "algorithm"),
    "another algorithm than the key's": (
        lambda said: jwt.encode(said, KEY.private, "RS512", {"kid": KEY.kid}),
        "key",
    ),
    "another issuer": (changed(iss="https://other.example"), "issuer"),
    "another audience": (changed(aud="another"), "audience"),
    "an audience beside us": (changed(aud=["portal", "another"]), "audience"),
    "another party": (changed(azp="another"), "party"),
    "expired": (moved(exp=-3600), "expired"),
    "from tomorrow": (moved(iat=86400), "early"),
    "without an end": (changed(exp=None), "claim"),
    "without a beginning": (changed(iat=None), "claim"),
    "another nonce": (changed(nonce="another"), "nonce"),
    "without a nonce": (changed(nonce=None), "claim"),
    "another person": (changed(sub="g-other"), "subject"),
    "nobody": (changed(sub=None), "claim"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_token_of_which_anything_does_not_hold_lets_nobody_in(
    db: None,
    client: Client,
    provider: type[Provider],
    monkeypatch: pytest.MonkeyPatch,
    lines: Lines,
    what: str,
) -> None:
    token, code = REFUSED[what]
    monkeypatch.setattr(provider, "sign", lambda _self, said: token(said))
    answer = come_back(client, provider, **PRIME)
    assert answer.status_code == 401
    assert "GビズIDから届いた本人確認の内容を確かめられなかったため" in one_line(answer)
    assert only(lines, Event.PROOF_NOT_BELIEVED)["code"] == code
    assert not User.objects.filter(is_system=False).exists()
    assert client.get("/my/").status_code == 302


@pytest.mark.parametrize(
    "token",
    [KEY.sign, changed(aud=["portal"]), changed(azp="portal"), moved(exp=-30)],
    ids=["as it comes", "one audience in a list", "party", "a clock half a minute apart"],
)
def test_a_token_that_holds_lets_its_person_in(
    db: None,
    client: Client,
    provider: type[Provider],
    monkeypatch: pytest.MonkeyPatch,
    lines: Lines,
    token: Token,
) -> None:
    monkeypatch.setattr(provider, "sign", lambda _self, said: token(said))
    come_back(client, provider, **PRIME)
    assert User.objects.filter(socialaccount__uid=PRIME["sub"]).count() == 1
    assert client.get("/my/").status_code == 200
    assert of(lines, Event.PROOF_NOT_BELIEVED) == []


@pytest.mark.parametrize(
    "sub", ["", "g" * 500, "髙田"], ids=["nobody", "a long name", "signs of no name"]
)
def test_a_provider_that_names_nobody_is_answered_by_a_page(
    db: None, client: Client, provider: type[Provider], lines: Lines, sub: str
) -> None:
    answer = come_back(client, provider, **PRIME | {"sub": sub})
    assert answer.status_code == 401
    assert only(lines, Event.PROOF_NOT_BELIEVED)["code"] == "subject"


@pytest.mark.parametrize("answer", [["g-prime-1"], "g-prime-1", None, {"sub": ["g-prime-1"]}])
def test_what_is_no_description_of_a_person_is_not_believed(answer: object) -> None:
    with pytest.raises(NotBelieved):
        tokens.told(answer)


def test_of_a_description_nothing_but_plain_values_is_read(
    db: None, client: Client, provider: type[Provider]
) -> None:
    """Where it gives no address that can be read, the person is asked for one, as where it gives none."""
    odd = {"email": ["takada@firms.example"], "name": {"ja": "時計台"}, "address1": "あ" * 501}
    answer = come_back(client, provider, **PRIME | odd)
    assert answer.status_code == 200
    assert 'name="email"' in one_line(answer)
    assert set(tokens.told(PRIME | odd)) == set(PRIME) - set(odd)


@pytest.mark.parametrize("said", ["true", "1", 1, None, ["true"]])
@pytest.mark.parametrize("email", ["takada@firms.example", 5])
def test_an_address_of_which_it_says_no_plain_yes_is_confirmed_by_mail(
    db: None, client: Client, provider: type[Provider], said: object, email: object
) -> None:
    answer = come_back(client, provider, **PRIME | {"email": email, "email_verified": said})
    assert answer.status_code == 200
    assert not EmailAddress.objects.filter(verified=True).exists()
    assert client.get("/my/").status_code == 302


@pytest.mark.parametrize("name", PRIME)
@pytest.mark.parametrize("value", [5, True, None, ""])
def test_a_value_of_another_kind_is_no_fault(
    db: None, client: Client, provider: type[Provider], name: str, value: object
) -> None:
    assert come_back(client, provider, **PRIME | {name: value}).status_code in (200, 401)


def test_each_try_has_a_nonce_of_its_own_whatever_the_address_says(
    db: None, client: Client, provider: type[Provider]
) -> None:
    found = []
    for asked in ("", "?auth_params=nonce%3Dchosen&scope=admin"):
        sent = client.post(f"/accounts/oidc/gbizid/login/{asked}")
        query = parse_qs(urlsplit(sent.url).query)  # type: ignore[attr-defined]
        assert sorted(query["scope"][0].split()) == ["email", "openid", "profile", "user"]
        found += query["nonce"]
    assert len(set(found)) == 2
    assert min(map(len, found)) == 43  # 32 bytes


def test_a_token_of_an_earlier_try_is_refused_at_the_next(
    db: None,
    client: Client,
    provider: type[Provider],
    monkeypatch: pytest.MonkeyPatch,
    lines: Lines,
) -> None:
    kept: list[str] = []

    def sign(_self: Provider, said: Claims) -> str:
        kept.append(KEY.sign(said))
        return kept[0]

    monkeypatch.setattr(provider, "sign", sign)
    come_back(client, provider, **PRIME)
    assert client.get("/my/").status_code == 200
    thief = Client()
    come_back(thief, provider, **PRIME)
    assert len(kept) == 2
    assert thief.get("/my/").status_code == 302
    assert only(lines, Event.PROOF_NOT_BELIEVED)["code"] == "nonce"


def test_a_try_comes_back_once(
    db: None, client: Client, provider: type[Provider], lines: Lines
) -> None:
    """The second finds nothing in the session; one that read it at the same moment, the nonce used."""
    provider.claims = PRIME
    back = sent_back(client, provider)
    before = dict(client.session)
    assert client.get(back).status_code == 302
    assert client.get(back).status_code == 401
    assert only(lines, Event.PROVIDER_FAILED)
    at_once = Client()
    session = at_once.session
    session.update(before)
    session.save()
    assert at_once.get(back).status_code == 401
    assert only(lines, Event.PROOF_NOT_BELIEVED)["code"] == "used"


@pytest.mark.parametrize("page", ["login", "login/callback"])
def test_a_provider_that_calls_itself_otherwise_is_not_believed(
    db: None,
    client: Client,
    provider: type[Provider],
    monkeypatch: pytest.MonkeyPatch,
    lines: Lines,
    page: str,
) -> None:
    if page == "login/callback":
        back = sent_back(client, provider)
        provider.claims = PRIME
    monkeypatch.setattr(provider, "issuer", "https://other.example")
    answer = (
        client.get(back)
        if page == "login/callback"
        else client.post("/accounts/oidc/gbizid/login/")
    )
    assert answer.status_code == 401
    assert only(lines, Event.PROOF_NOT_BELIEVED)["code"] == "issuer"
    assert not User.objects.filter(is_system=False).exists()


HERE = {name: f"https://id.example/{name}" for name in tokens.ADDRESSES}


@pytest.mark.parametrize(
    ("config", "code"),
    [
        ({"issuer": "https://id.example", **HERE}, ""),
        ({"issuer": "https://id.example/", **HERE}, ""),
        ({"issuer": "https://id.example.evil.example", **HERE}, "issuer"),
        ({"issuer": "http://id.example", **HERE}, "issuer"),
        (HERE, "issuer"),
        ({"issuer": "https://id.example", **HERE, "jwks_uri": "http://id.example/k"}, "address"),
        ({"issuer": "https://id.example", **HERE, "token_endpoint": None}, "address"),
    ],
)
def test_a_description_names_the_provider_of_the_settings_and_leads_nowhere_by_a_weaker_way(
    config: Mapping[str, object], code: str
) -> None:
    if code:
        with pytest.raises(NotBelieved, match=code):
            tokens.describes(config, "https://id.example")
    else:
        tokens.describes(config, "https://id.example")


def test_a_new_key_of_the_provider_is_known_at_once_and_one_taken_back_no_more(
    db: None,
    client: Client,
    provider: type[Provider],
    monkeypatch: pytest.MonkeyPatch,
    lines: Lines,
) -> None:
    come_back(client, provider, **PRIME)
    monkeypatch.setattr(provider, "keys", (OTHER,))
    monkeypatch.setattr(provider, "sign", lambda _self, said: OTHER.sign(said))
    later = Client()
    come_back(later, provider, **PRIME)
    assert later.get("/my/").status_code == 200
    monkeypatch.setattr(provider, "sign", lambda _self, said: KEY.sign(said))
    thief = Client()
    assert come_back(thief, provider, **PRIME).status_code == 401
    assert only(lines, Event.PROOF_NOT_BELIEVED)["code"] == "key"


def test_a_key_need_not_be_named_where_there_is_one_and_must_be_strong() -> None:
    asked = Asked("https://id.example", "portal", "n")
    now = int(time.time())
    said: Claims = {"iss": asked.issuer, "aud": "portal", "sub": "s", "nonce": "n"}
    said |= {"iat": now, "exp": now + 60}
    bare = jwt.encode(said, KEY.private, "RS256")
    assert tokens.verified(bare, [KEY.published], asked)["sub"] == "s"
    with pytest.raises(NotBelieved, match="key"):
        tokens.verified(bare, [KEY.published, OTHER.published], asked)
    weak = Key("weak")
    weak.private = generate_private_key(65537, 1024)  # noqa: S505  as a bad provider might
    with pytest.warns(jwt.InsecureKeyLengthWarning):
        token = weak.sign(said)
    with pytest.raises(NotBelieved, match="key"):
        tokens.verified(token, [weak.published], asked)
    with pytest.raises(NotBelieved, match="nonce"):  # a try that sent none believes none
        tokens.verified(KEY.sign(said | {"nonce": ""}), [KEY.published], asked._replace(nonce=""))


def test_a_provider_that_is_away_is_a_page_and_no_fault(
    db: None, client: Client, provider: type[Provider], settings: Settings, lines: Lines
) -> None:
    app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
    app["settings"]["server_url"] = "http://127.0.0.1:1"
    answer = client.post("/accounts/oidc/gbizid/login/")
    assert answer.status_code == 401
    assert "数分後にもう一度お試しください" in one_line(answer)
    assert only(lines, Event.PROVIDER_FAILED)["kind"] == "ConnectionError"


def test_no_address_goes_by_the_librarys_own_adapter() -> None:
    assert resolve("/accounts/oidc/gbizid/login/").func is views.login
    assert resolve("/accounts/oidc/gbizid/login/callback/").func is views.callback
    theirs = "allauth.socialaccount.providers."
    assert [
        route for route, entry in routes() if entry.callback.__module__.startswith(theirs)
    ] == []
