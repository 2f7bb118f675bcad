"""What of an application is read where the applicant is hidden (名前を伏せた審査).

The firm and its people are blanked in all answers. Files are in `access.py`, who reads so and until
when in `grants/reviews/access.py`.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import TypeVar, cast

from django.utils.translation import gettext as _

from grants.applications.content import Content
from grants.programmes.blinding import Blind
from portal.accounts.models import Organisation

T = TypeVar("T")
# what an application says of the firm and of people, beside its questions
OF_FIRM = ("name", "kana", "corporate_number", "address", "representative_name", "phone", "website")
OF_PEOPLE = ("name", "kana", "phone", "email")
LEGAL_FORM = re.compile(
    r"(株式|有限|合同|合資|合名)会社|[一般公益特定非営利活動]*(社団|財団)?法人|[(（㈱].{0,2}[)）]|㈱"
)


def names_in(organisation: Organisation, content: Content) -> list[str]:
    """Every name, number and address by which the applicant would be known."""
    firm, contact = content.get("organisation", {}), content.get("contact", {})
    found = [firm.get(name) for name in OF_FIRM] + [contact.get(name) for name in OF_PEOPLE]
    found += [organisation.name, organisation.kana, organisation.representative_name]
    texts = {str(text).strip() for text in found if text}
    bare = {LEGAL_FORM.sub("", text).strip() for text in texts}
    return sorted((text for text in texts | bare if len(text) > 1), key=len, reverse=True)


def _masked(value: T, pattern: re.Pattern[str]) -> T:
    if isinstance(value, str):
        shown = pattern.sub("〓〓", value)
        plain = pattern.sub("〓〓", unicodedata.normalize("NFKC", shown))
        return cast(T, plain if "〓〓" in plain else shown)
    if isinstance(value, dict):
        return cast(T, {key: _masked(inner, pattern) for key, inner in value.items()})
    if isinstance(value, list):
        return cast(T, [_masked(inner, pattern) for inner in value])
    return value


def pattern_of(names: Iterable[str]) -> re.Pattern[str]:
    """One of the names, however it is spaced and in whichever width."""
    forms = {form for name in names for form in (name, unicodedata.normalize("NFKC", name))}
    spaced = [r"\s*".join(map(re.escape, "".join(form.split()))) for form in forms]
    return re.compile("|".join(sorted(spaced, key=len, reverse=True)) or r"(?!)", re.IGNORECASE)


def veiled(content: Content, names: list[str], blind: Blind) -> Content:
    """The frozen answers without whose they are; `names` are masked wherever they stand."""
    gone = _("（審査のあいだは伏せています）")
    found = _masked(content, pattern_of(names))
    found.pop("contact", None)
    found["organisation"] = found["organisation"] | {
        "corporate_number": gone,
        "name": "",
        "area_name": gone,
        "address": "",
        "representative_title": gone,
        "representative_name": "",
    }
    found["eligibility"] = found["eligibility"] | {"partner_name": ""}
    found["plan"] = found["plan"] | {f"q_{key}": gone for key in blind.questions}
    return found
