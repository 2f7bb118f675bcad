"""What the registry says of a firm that applies or has an award: renamed, moved, closed or merged.

It is a task before any decision or payment. Source: the change codes of the National Tax Agency's
file. What follows from a merger stands in `succession.py`.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.models import Application
from grants.applications.states import UNDECIDED, ApplicationState
from grants.awards.models import Award, award_of
from portal import jptext
from portal.accounts import people
from portal.accounts import registered as registered_firms
from portal.accounts.models import Organisation, User
from portal.cases.lookups import OfCase
from portal.cases.models import Case
from portal.firms import records
from portal.firms.outgoing import RECORD_AS_REGISTERED
from portal.registry.models import Corporation
from portal.types import Given
from portal.ui.templatetags.ui import day
from portal.workflow.door import touch
from portal.workflow.errors import NotReady


@dataclass(frozen=True)
class Change:
    """How the registry differs from what the portal has.

    `kind`: renamed, moved, deleted, closed or merged.

    `successor`: where merged, and where the registry of the portal holds it (it may lie outside the
    imported area).
    """

    kind: str
    corporation: Corporation
    successor: Corporation | None = None

    @property
    def is_gone(self) -> bool:
        return self.kind in ("deleted", "closed", "merged")

    @property
    def heir(self) -> str:
        """The successor as it can be named: by its name, else by its number."""
        return (
            self.successor.name if self.successor else _("法人番号 %s") % self.corporation.successor
        )


def change_of(organisation: Organisation) -> Change | None:
    """The change to look at, or None.

    A close with a successor is a merger; the legal form may be written either way.
    """
    return change_between(
        organisation, Corporation.objects.filter(pk=organisation.corporate_number).first()
    )


registered = OfCase(Corporation.objects.all, "number", "organisation.corporate_number")


def change_about(case: Case) -> Change | None:
    """The change to look at of the firm of a case."""
    return change_between(case.organisation, registered.first(case))


def change_between(organisation: Organisation, found: Corporation | None) -> Change | None:
    if found is None:
        return None
    if found.is_deleted:
        return Change("deleted", found)
    if found.is_closed:
        heir = Corporation.objects.filter(pk=found.successor).first() if found.successor else None
        return Change("merged" if found.successor else "closed", found, heir)
    if jptext.search_key(found.name) != organisation.name_key:
        return Change("renamed", found)
    return Change("moved", found) if _has_moved(organisation, found) else None


def _has_moved(organisation: Organisation, found: Corporation) -> bool:
    """True where the registered head office is elsewhere;
    what the portal was never told says nothing.

    The city is often chosen and not typed again, so the address may begin with the prefecture, the
    city or the street.
    """
    if organisation.area_id and found.area_code and organisation.area_id[:5] != found.area_code:
        return True
    if organisation.prefecture and found.prefecture and organisation.prefecture != found.prefecture:
        return True
    written = (found.address, found.city + found.street, found.street)
    typed = organisation.address
    return bool(typed) and not any(jptext.same_address(typed, each) for each in written if each)


SAID = {  # (kind of change, is the award decided)
    ("renamed", False): _lazy("登記の名称は「%(name)s」です（%(day)s）。"),
    ("renamed", True): _lazy("登記の名称は「%(name)s」です（%(day)s）。"),
    ("moved", False): _lazy(
        "登記の本店の所在地は「%(place)s」で、登録されている所在地と違います（%(day)s）。申請の要件に関わらないか確かめてください。"
    ),
    ("moved", True): _lazy(
        "登記の本店の所在地は「%(place)s」で、登録されている所在地と違います（%(day)s）。交付の条件に関わらないか確かめてください。"
    ),
    ("deleted", False): _lazy(
        "法人番号の指定が取り消されています（%(day)s）。交付の決定はできません。申請者に事情を確かめてください。"
    ),
    ("deleted", True): _lazy(
        "法人番号の指定が取り消されています（%(day)s）。支払いの前に確かめてください。"
    ),
    ("closed", False): _lazy(
        "登記が閉鎖されています（%(day)s）。交付の決定はできません。申請者に事情を確かめてください。"
    ),
    ("closed", True): _lazy("登記が閉鎖されています（%(day)s）。支払いの前に確かめてください。"),
    ("merged", False): _lazy(
        "合併により登記が閉鎖され、「%(heir)s」が引き継いでいます（%(day)s）。この法人への交付の決定はできません。引き継いだ法人から申請してもらってください。"
    ),
    ("merged", True): _lazy(
        "合併により登記が閉鎖され、「%(heir)s」が引き継いでいます（%(day)s）。承継の承認を起案してください。"
    ),
    ("merged outside", True): _lazy(
        "合併により登記が閉鎖され、「%(heir)s」が引き継いでいます（%(day)s）。引き継いだ法人は取り込んだ登記の情報にありません。その法人を含むファイルを取り込んでから、承継の承認を起案してください。"
    ),
}


def said(change: Change, *, decided: bool) -> str:
    """What the registry says, and what follows for an application (not decided) or an award."""
    found = change.corporation
    outside = decided and change.kind == "merged" and change.successor is None
    words = SAID["merged outside" if outside else change.kind, decided]
    on = day(found.closed_on or found.changed_on)
    return str(words) % {"name": found.name, "place": found.address, "day": on, "heir": change.heir}


def matters(case: Case) -> bool:
    """True while it matters what became of the firm:
    an application waits for its decision, or an award lives.
    """
    if case.state == ApplicationState.AWARDED:
        award = award_of(case)
        return award is not None and award.state in Award.OPEN
    return case.kind == "application" and case.state in UNDECIDED


def changed(numbers: Iterable[str]) -> None:
    """Rewrite the turns of open applications and live awards whose firm an import has just changed."""
    undecided = Q(kind="application", state__in=UNDECIDED)
    awarded = Exists(Award.objects.filter(case=OuterRef("pk"), state__in=Award.OPEN))
    for case in Case.objects.filter(
        undecided | Q(awarded), organisation__corporate_number__in=list(numbers)
    ):
        touch(case)


def organisation_changed(organisation: Organisation) -> None:
    """Its cases are found by the new name, and what the registry says of it is asked again."""
    for case in organisation.cases.filter(disposed_on=None):
        touch(case)


ADOPTED = {  # kind of change → (what the button says, what is said afterwards)
    "renamed": (_lazy("登記のとおりに名称を改める"), _lazy("登記のとおりに名称を改めました。")),
    "moved": (_lazy("登記のとおりに所在地を改める"), _lazy("登記のとおりに所在地を改めました。")),
}


def adopt(organisation: Organisation, *, by: User) -> str:
    """Write the name or the head office as registered;
    papers already issued keep the old one. Returns the kind.

    Raises NotReady where there is nothing to adopt.
    """
    change = change_of(organisation)
    if change is None or change.kind not in ADOPTED:
        raise NotReady(_("登録されている名称と所在地は、登記と同じです。"))
    people.update_organisation(organisation, by=by, **_registered_as(change))
    records.tell_of_change(organisation, by=by, words=RECORD_AS_REGISTERED)
    return change.kind


def _registered_as(change: Change) -> Given:
    known = registered_firms.columns(change.corporation)
    name = known.pop("name")
    return {"name": name} if change.kind == "renamed" else known


def gone(application: Application) -> list[str]:
    """A firm that no longer exists is not awarded."""
    change = change_about(application.case)
    if change is None or not change.is_gone:
        return []
    return [said(change, decided=False)]


def know_registered(cases: Collection[Case]) -> None:
    """Keep with each case what the registry has of its firm, found for all at once."""
    for case in cases:
        case.memo = case.memo or {}
    registered.fill(cases)
