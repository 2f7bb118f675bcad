"""Under which rules an application was filed, where its call states others by now, and what it says
by its call and its case.
"""

from datetime import date, datetime

from django.db import models

from grants.applications import words_by_kind
from grants.applications.ports import waiting_for
from grants.programmes.models import Call, Programme
from grants.programmes.parameters import Programme as Stated
from portal.cases.models import Case
from portal.types import Given


class Filed(models.Model):
    """The rules that hold for an application: those of its filing; of a draft, those of its call."""

    call: models.ForeignKey[Call, Call]
    case: models.OneToOneField[Case, Case]

    # the revision that held when it was filed, where its call has another by now
    filed_under = models.ForeignKey(Programme, models.PROTECT, null=True, related_name="+")

    # while it is handed in: the day of the press, by which it is looked at however late that is
    pressed_on: date | None = None

    class Meta:
        abstract = True

    def touched_cases(self) -> list[Case]:
        """Its own case, and those of later rooms whose turns hang on what becomes of it."""
        return [self.case, *(case for room in waiting_for.values() for case in room(self))]

    @property
    def parameters(self) -> Given:
        parameters: Given = (self.filed_under or self.call).parameters
        return parameters

    @property
    def guideline_url(self) -> str:
        """The text that was pledged to: of the revision that holds for this application."""
        return self.call.guideline_url(self.filed_under)

    @property
    def stated(self) -> Stated:
        return (self.filed_under or self.call).stated

    @property
    def words(self) -> words_by_kind.Words:
        """What this kind of application is called."""
        return words_by_kind.OF_KIND[self.stated.kind]

    @property
    def title(self) -> str:
        return self.case.title

    @property
    def on_paper(self) -> bool:
        """True where the office entered it at the counter."""
        return self.case.on_paper


def rules_at(call: Call, moment: datetime | None) -> Programme | None:
    """The revision that the call stated at a moment, where it states another by now."""
    if moment is None:
        return None
    later = call.changes.filter(made_at__gt=moment).exclude(instead_of=None)
    change = later.select_related("instead_of").order_by("made_at").first()
    return change.instead_of if change is not None else None


def keep_rules(call: Call) -> None:
    """Whoever has filed keeps the revision that the call states until now."""
    filed = call.applications.exclude(arrived_at=None).filter(filed_under=None)
    filed.update(filed_under=call.programme)
