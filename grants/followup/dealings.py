"""In which cases a vendor or an IT partner stands: bought from, as the completion report says, or named
in the application. Names are compared as search keys, whole.
"""

from collections.abc import Collection

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.models import Application, ApplicationVersion
from grants.completion.models import Purchase
from portal import jptext
from portal.accounts.models import Organisation
from portal.cases import visibility
from portal.cases.lookups import OfCase
from portal.cases.ports import CaseFilterPart
from portal.types import Row
from portal.ui.forms import Text


def elsewhere(
    keys: Collection[str] | OuterRef, firm: Organisation | OuterRef
) -> tuple[QuerySet[Purchase, tuple[str, int]], QuerySet[Application, tuple[str, int]]]:
    """(key, another applicant) of the reports and of the applications in which it appears."""
    how = "" if isinstance(keys, OuterRef) else "__in"
    bought = Purchase.objects.filter(**{f"vendor_key{how}": keys})
    named = Application.objects.filter(**{f"partner_key{how}": keys})
    return (
        bought.exclude(report__case__organisation=firm)
        .values_list("vendor_key", "report__case__organisation")
        .distinct(),
        named.exclude(case__organisation=firm)
        .values_list("partner_key", "case__organisation")
        .distinct(),
    )


def _partners() -> QuerySet[Application]:
    """Applications that name an IT partner: its name, and in how many others' cases it stands."""
    bought, named = elsewhere(OuterRef("partner_key"), OuterRef("case__organisation"))
    newest = ApplicationVersion.objects.filter(application=OuterRef("pk")).order_by("-n")
    return Application.objects.exclude(partner_key="").annotate(
        it_partner=Subquery(newest.values("content__eligibility__partner_name")[:1]),
        bought_by=ArraySubquery(bought.values("report__case__organisation")),
        named_by=ArraySubquery(named.values("case__organisation")),
    )


partners_of = OfCase(_partners)


def told(row: Application) -> tuple[str, int]:
    """The name of the IT partner, and in how many other applicants' cases it stands."""
    read = vars(row)
    return read["it_partner"], len({*read["bought_by"], *read["named_by"]})


def _cases_with(name: Row) -> Q:
    key = jptext.search_key(str(name))[:200]
    bought = Purchase.objects.filter(vendor_key=key).values("report__case")
    named = Application.objects.filter(partner_key=key).values("case")
    return Q(pk__in=bought.union(named))


VENDOR = CaseFilterPart(
    field=lambda: Text(
        label=_lazy("発注先・IT企業（名称のとおり）"), required=False, max_length=200
    ),
    cases=_cases_with,
    readers=visibility.WATCHERS,
)
