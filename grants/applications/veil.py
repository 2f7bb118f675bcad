"""What of an application is read where the applicant is hidden (名前を伏せた審査).

The firm and its people are blanked in all answers. Files are in `access.py`, who reads so and until
when in `grants/reviews/access.py`.
"""

import re
from collections.abc import Collection
from typing import TypeVar, cast

from django.utils.translation import gettext as _

from grants.applications.content import Content
from grants.applications.secrecy import unnamed
from portal.accounts.models import Organisation
from portal.jptext import names_of, occurrences

T = TypeVar("T")
# what an application says of the firm and of people, beside its questions
OF_FIRM = ("name", "kana", "corporate_number", "address", "representative_name", "phone", "website")
OF_PEOPLE = ("name", "kana", "phone", "email", "adviser_name")
KANA = re.compile("[ぁ-ヿ]+")
LEGAL_FORM = re.compile(
    r"(株式|有限|合同|合資|合名)会社|[一般公益特定非営利活動]*(社団|財団)?法人|[(（㈱].{0,2}[)）]|㈱"
)


def names_in(organisation: Organisation, content: Content) -> set[str]:
    """Every name, number and address by which the applicant would be known."""
    firm, contact = content.get("organisation", {}), content.get("contact", {})
    found = [firm.get(name) for name in OF_FIRM] + [contact.get(name) for name in OF_PEOPLE]
    found += [organisation.name, organisation.kana, organisation.representative_name]
    texts = {str(text).strip() for text in found if text}
    bare = {LEGAL_FORM.sub("", text).strip() for text in texts}
    people = (
        organisation.representative_name,
        str(firm.get("representative_name") or ""),
        str(contact.get("name") or ""),
    )
    # a family name alone; one of two kana would stand within many a word
    parts = {part for name in people for part in names_of(name) if not KANA.fullmatch(part)}
    hosts = {
        text.rpartition("@")[2].removeprefix("https://").removeprefix("http://").split("/")[0]
        for text in (str(firm.get("website") or ""), str(contact.get("email") or ""))
    }
    hosts |= {host.removeprefix("www.") for host in hosts}
    return {text for text in texts | bare | parts | hosts if len(text) > 1}


def _masked(value: T, names: Collection[str]) -> T:
    if isinstance(value, str):
        shown, upto = [], 0
        for start, end in occurrences(value, names):
            shown += [value[upto:start], "〓〓"]
            upto = end
        return cast(T, "".join([*shown, value[upto:]]))
    if isinstance(value, dict):
        return cast(T, {key: _masked(inner, names) for key, inner in value.items()})
    if isinstance(value, list):
        return cast(T, [_masked(inner, names) for inner in value])
    return value


def veiled(content: Content, names: Collection[str], closed: Collection[str]) -> Content:
    """The frozen answers without whose they are; `names` are masked wherever they stand, the `closed`
    questions (keys) are not read.
    """
    gone = _("（審査のあいだは伏せています）")
    found = _masked(content, names)
    found.pop("contact", None)
    found["instead"] = unnamed(content)
    found["organisation"] = found["organisation"] | {
        "corporate_number": gone,
        "name": "",
        "area_name": gone,
        "address": "",
        "representative_title": gone,
        "representative_name": "",
    }
    found["eligibility"] = found["eligibility"] | {"partner_name": "", "group_members": ""}
    found["plan"] = found["plan"] | {f"q_{key}": gone for key in closed}
    return found
