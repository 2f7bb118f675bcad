"""What the portal itself knows about a check of the ledger before somebody makes it."""

from collections.abc import Iterable, Sequence

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications import formal
from grants.applications.check_ledger import Inquiry, of_inquiry
from grants.applications.models import Application, ApplicationVersion
from portal.accounts.models import Organisation
from portal.cases.models import Case
from portal.registry.models import Corporation


def look_first(application: Application, kind: str) -> list[str]:
    """What somebody has to look at before a check is noted as clear; empty where nothing is known
    against it.
    """
    case = application.case
    match kind:
        case "antisocial":
            sent = getattr(application, "officer_list", None)
            if text := of_inquiry(
                sent is not None and sent.sent_at is not None,
                application.inquiries.filter(result="").exists(),
            ):
                return [_("暴力団の排除：%(text)s") % {"text": text}]
        case "repeat":
            if others := formal.repeats(application):
                names = "、".join(str(row.case) for row in others)
                return [
                    _("過去の受給：同じ制度への申請がほかにあります（%(names)s）。")
                    % {"names": names}
                ]
            numbers = namesakes_of(case.organisation).values_list("corporate_number", flat=True)
            if numbers:
                return [of_namesakes(numbers)]
        case "registration":
            found = _corporation(application)
            if found is not None and (found.closed_on or found.name != case.organisation.name):
                return [_("登記・法人番号：国税庁の公表情報では、閉鎖か、別の名称です。")]
        case "double_funding":
            if _states_others(application.last_version):
                return [_("重複する補助：ほかの補助金の記載があります。")]
    return []


def asks_police() -> dict[str, Exists | Q | F]:
    """For `of_inquiry`, and with which version the list of officers came, in the query that reads the
    application.
    """
    open_ones = Inquiry.objects.filter(application=OuterRef("pk"), result="")
    return {
        "is_list_sent": Q(officer_list__sent_at__isnull=False),
        "is_inquiry_open": Exists(open_ones),
        "officers_came_with": F("officer_list__came_with"),
    }


def namesakes_of(firm: Organisation) -> QuerySet[Organisation]:
    """Other firms of the same name, spelling and legal form aside, that have handed something in."""
    return _namesakes(firm.name_key, firm.pk)


def namesakes() -> ArraySubquery:
    """Their corporate numbers, in the query that reads the application."""
    firm = "case__organisation"
    found = _namesakes(OuterRef(f"{firm}__name_key"), OuterRef(firm))
    return ArraySubquery(found.values("corporate_number"))


def _namesakes(key: str | OuterRef, firm: int | OuterRef) -> QuerySet[Organisation]:
    cases = Case.objects.filter(organisation=OuterRef("pk"), is_draft=False)
    found = Organisation.objects.filter(Exists(cases), name_key=key)
    return found.exclude(name_key="").exclude(pk=firm).order_by("pk")[:10]


def of_namesakes(numbers: Iterable[str | None]) -> str:
    """What to look at, before it is said that nobody applied before."""
    text = _(
        "申請者と同じ名称の事業者が、ほかにあります（%(numbers)s）。取り違えや、1つの事業者が複数に分かれた申請でないかを確かめてください。"
    )
    return text % {"numbers": "、".join(sorted(number or _("法人番号なし") for number in numbers))}


def registered_as() -> Subquery:
    """The name of an application's firm in the register of the tax agency, None where it is closed
    or not there: for `evidence`, in the query that reads the application.
    """
    number = OuterRef("case__organisation__corporate_number")
    return Subquery(Corporation.objects.filter(pk=number, closed_on=None).values("name")[:1])


# what the portal says where it has looked and found nothing
FOUND_NOTHING = {
    "repeat": _lazy("このポータルに、同じ制度へのほかの申請なし"),
    "double_funding": _lazy("申請書に、ほかの補助金の記載なし"),
    "registration": _lazy("国税庁の公表情報と一致"),
}


def is_proposed(kind: str, words: str) -> bool:
    """Are these the portal's own words, to which nobody has said anything yet?"""
    return kind in FOUND_NOTHING and words == str(FOUND_NOTHING[kind])


def evidence(
    application: Application,
    version: ApplicationVersion | None,
    repeats: Sequence[Application],
    registered: str | None,
    warned: str = "",
) -> dict[str, str]:
    """Kind of check → the words that its evidence begins with, where the portal has looked already
    and found nothing: whoever notes it reads and confirms them. No query.
    """
    kinds = []
    if not repeats and not warned:
        kinds.append("repeat")
    if version is not None and not _states_others(version):
        kinds.append("double_funding")
    if registered == application.case.organisation.name:
        kinds.append("registration")
    return {kind: str(FOUND_NOTHING[kind]) for kind in kinds}


def _corporation(application: Application) -> Corporation | None:
    number = application.case.organisation.corporate_number
    return Corporation.objects.filter(pk=number).first() if number else None


def _states_others(version: ApplicationVersion | None) -> bool:
    content = version.content if version is not None else None
    return bool(content and content["eligibility"].get("other_subsidies"))
