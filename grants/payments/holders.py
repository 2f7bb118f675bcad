"""In whose name an account is: the firm's, its representative's, or somebody else's."""

from grants.payments import zengin
from portal import jptext
from portal.accounts.models import Organisation

FORMS = (
    "株式会社",
    "有限会社",
    "合同会社",
    "合名会社",
    "合資会社",
    "一般社団法人",
    "一般財団法人",
    "公益社団法人",
    "公益財団法人",
    "特定非営利活動法人",
    "社会福祉法人",
    "医療法人",
    "学校法人",
    "(株)",
    "(有)",
    "(同)",
)
_APART = str.maketrans("", "", " 　・.,-")


def core(kana: str) -> str:
    """A name without the form of the corporation and spaces, as the bank writes it; "" for none."""
    try:
        plain = zengin.holder(kana)
    except zengin.Unfit:
        return ""
    for _form, short in zengin.FORMS:
        plain = plain.removeprefix(f"{short})").removesuffix(f"({short}")
    return plain.replace(" ", "")


def bare(name: str) -> str:
    """A name as it is compared: in one writing, without spaces and the form of the corporation."""
    plain = jptext.found_key(name)
    for form in FORMS:
        plain = plain.replace(jptext.found_key(form), "")
    return plain.translate(_APART)


def is_of(firm: Organisation, holder: str, kana: str) -> bool:
    """Does the holder's name contain the firm's (in kana, too, where that is known), or that of its
    representative? Titles, branches and trade names stand beside it.
    """
    written = bare(holder)
    person = bare(firm.representative_name)
    if person and person in written:
        return True
    own, sound = bare(firm.name), core(firm.kana)
    return bool(own) and own in written and sound in core(kana)
