"""What GビズID says about a person and a firm, in our words.

Source: デジタル庁「GビズID 接続システム向けガイドライン」2.9, 3.4.1.4 (scopes `profile` and `user`). The claim `name` is
the firm's name, not the person's. Everything is a proposal: the form shows it, the person confirms
it.
"""

from collections.abc import Mapping

from allauth.account.authentication import get_authentication_records

from portal import jptext
from portal.accounts.models import Organisation, User
from portal.registry.corporate_number import is_valid
from portal.types import SignedIn

PROVIDER = "gbizid"
SCOPES = ["openid", "profile", "user", "email"]
CORPORATION, SOLE_PROPRIETOR = "1", "2"  # claim `corp_type`
PRIME = "2"  # claim `account_type`: the representative, whose identity GビズID has checked

# our field of an organisation → the claims whose texts, one after the other, make it
FIRM = {
    "name": ("name",),
    "address": ("prefecture_name", "address1", "address2"),
    "phone": ("user_tel_no_contact",),
}
REPRESENTATIVE = ("rep_last_nm", "rep_first_nm")
PERSON = ("user_last_nm", "user_first_nm")

Claims = Mapping[str, object]


def told(data: Mapping[str, object]) -> Claims:
    """The claims in what is kept of a sign-in."""
    found = data.get("userinfo", data)
    return found if isinstance(found, Mapping) else {}


def claims_of(user: User) -> Claims:
    """What the person's GビズID said at the last sign-in; empty where they come in by password."""
    accounts = user.socialaccount_set  # type: ignore[attr-defined]  # allauth has no types
    account = accounts.filter(provider=PROVIDER).order_by("-last_login").first()
    return told(account.extra_data) if account else {}


def at_this_sign_in(request: SignedIn) -> Claims:
    """What GビズID said when this session began; empty where it began by password, since what was
    said at an earlier sign-in may have ended.
    """
    records = get_authentication_records(request, request.user)
    came = any(
        row.get("method") == "socialaccount" and row.get("provider") == PROVIDER for row in records
    )
    return claims_of(request.user) if came else {}


def proves(claims: Claims, organisation: Organisation) -> bool:
    """True where a プライム account says that its person is this firm's representative: by the number
    of a corporation, by the name of a sole proprietor, who has none.
    """
    if str(claims.get("account_type")) != PRIME:
        return False
    if organisation.is_sole_proprietor:
        own = jptext.search_key(_text(claims, REPRESENTATIVE, ""))
        named = jptext.search_key(organisation.representative_name)
        return is_sole(claims) and bool(own) and own == named
    number = corporate_number(claims)
    return bool(number) and number == organisation.corporate_number


def _text(claims: Claims, names: tuple[str, ...], between: str) -> str:
    return between.join(text for name in names if (text := str(claims.get(name) or "").strip()))


def person_name(claims: Claims) -> str:
    """The person's own name; that of a provider which knows no firms stands in `name`."""
    own = _text(claims, PERSON, " ")
    return own or ("" if claims.get("corp_type") else _text(claims, ("name",), ""))


def is_sole(claims: Claims) -> bool:
    return str(claims.get("corp_type")) == SOLE_PROPRIETOR


def corporate_number(claims: Claims) -> str:
    """The thirteen digits of a corporation; a sole proprietor's number there is another one, of
    GビズID's own.
    """
    number = str(claims.get("corporate_number") or "")
    return (
        number
        if str(claims.get("corp_type", CORPORATION)) == CORPORATION and is_valid(number)
        else ""
    )


def firm(claims: Claims) -> dict[str, str]:
    """Initial values of the organisation's form."""
    found = {field: _text(claims, names, "") for field, names in FIRM.items()}
    found["representative_name"] = _text(claims, REPRESENTATIVE, " ")
    return {field: text for field, text in found.items() if text}
