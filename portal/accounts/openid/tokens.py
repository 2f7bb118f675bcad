"""What an ID token and a provider's own description are held against before they are believed.

Source: OpenID Connect Core 1.0, 3.1.3.7; OpenID Connect Discovery 1.0, 4.3.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

import jwt
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.utils.crypto import constant_time_compare

# a signature by a key that the provider alone holds: neither none, nor one by a shared secret
ALGORITHMS = (
    *("RS256", "RS384", "RS512"),
    *("PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512"),
)
CLAIMS = ["iss", "sub", "aud", "exp", "iat", "nonce"]
LEEWAY = 60  # seconds that the provider's clock and ours may be apart
LONGEST_SUBJECT, LONGEST_CLAIM = 255, 500  # signs
ADDRESSES = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")

Claims = Mapping[str, object]


class NotBelieved(OAuth2Error):  # type: ignore[misc]  # allauth has no types
    """Nobody signs in by this; `code` says to the log what did not hold."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Asked(NamedTuple):
    """Whom we asked, as whom, and by which try."""

    issuer: str
    client: str
    nonce: str


HOLDS: dict[str, Callable[[Claims, Asked], bool]] = {
    "issuer": lambda said, asked: said["iss"] == asked.issuer,
    # nobody but us: a token that is for others, too, could have been handed on by them
    "audience": lambda said, asked: said["aud"] in (asked.client, [asked.client]),
    "party": lambda said, asked: said.get("azp", asked.client) == asked.client,
    "nonce": lambda said, asked: (
        bool(asked.nonce) and constant_time_compare(str(said["nonce"]), asked.nonce)
    ),
}
CODES = {
    jwt.InvalidAlgorithmError: "algorithm",
    jwt.InvalidSignatureError: "signature",
    jwt.InvalidKeyError: "key",
    jwt.ExpiredSignatureError: "expired",
    jwt.ImmatureSignatureError: "early",
    jwt.MissingRequiredClaimError: "claim",
}


def describes(config: Claims, server_url: str) -> None:
    """Hold the provider's description of itself against the settings.

    Raises NotBelieved where it names another provider (a slash at the end is none), or leads to an
    address that is reached in a weaker way than the description was.
    """
    if str(config.get("issuer")).rstrip("/") != server_url.rstrip("/"):
        raise NotBelieved("issuer")
    schemes = {urlsplit(str(config.get(name))).scheme for name in ADDRESSES}
    if schemes != {urlsplit(server_url).scheme}:
        raise NotBelieved("address")


def verified(token: str, keys: Sequence[Claims], asked: Asked) -> Claims:
    """The claims of an ID token that one of these published keys has signed, for us, for this try.

    Raises NotBelieved for any other.
    """
    if not token:
        raise NotBelieved("missing")
    try:
        said: Claims = jwt.decode(
            token,
            _key(token, keys),
            algorithms=ALGORITHMS,
            leeway=LEEWAY,
            options={
                "require": CLAIMS,
                "enforce_minimum_key_length": True,
                "verify_iss": False,  # these two below, with what the library does not know
                "verify_aud": False,
            },
        )
    except jwt.PyJWTError as fault:
        raise NotBelieved(CODES.get(type(fault), "unreadable")) from fault
    for code, holds in HOLDS.items():
        if not holds(said, asked):
            raise NotBelieved(code)
    return said


def told(answer: object) -> Claims:
    """What the provider tells of a person, as texts, without what no plain value is, or is longer than
    any of ours: nothing reads lists, objects and signs that no column takes.

    Raises NotBelieved where it is no object, or names nobody (OpenID Connect Core 1.0, 2 and 5.3.2).
    """
    if not isinstance(answer, Mapping):
        raise NotBelieved("userinfo")
    sub = answer.get("sub")
    if not (isinstance(sub, str) and sub.isascii() and 0 < len(sub) <= LONGEST_SUBJECT):
        raise NotBelieved("subject")
    plain = {name: str(value) for name, value in answer.items() if _is_plain(value)}
    # of an address nothing but a plain yes is a proof: "true" as a text is none
    return plain | {"email_verified": answer.get("email_verified") is True}


def _is_plain(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return False
    return len(str(value)) <= LONGEST_CLAIM and "\0" not in str(value)


def _key(token: str, keys: Sequence[Claims]) -> jwt.PyJWK:
    """The one key that the token names; a provider with one key need not name it."""
    header = jwt.get_unverified_header(token)
    algorithm = header.get("alg")
    if algorithm not in ALGORITHMS:
        raise NotBelieved("algorithm")
    named = [
        key
        for key in keys
        if header.get("kid") in (None, key.get("kid"))
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
    ]
    if len(named) != 1:
        raise NotBelieved("key")
    return jwt.PyJWK(dict(named[0]), algorithm)
