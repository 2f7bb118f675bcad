"""提出した内容を直す: whoever has handed in writes a version anew until the end of the intake. What was
handed in stands until the new one is.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Unpack

from django.db import models
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.check_ledger import OfficersAnew
from grants.applications.states import EDITABLE, ApplicationState
from grants.applications.versions import ApplicationVersion, Filing
from grants.programmes.models import Call
from grants.programmes.parameters import Programme
from grants.programmes.selecting import compared_with
from portal import clock
from portal.accounts.permissions import Applicant, Either, System, office
from portal.cases.models import Case
from portal.days import moment_said
from portal.documents.models import Document
from portal.workflow.errors import NotReady
from portal.workflow.graph import Requirement, transition

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from grants.applications.check_ledger import Check
    from grants.applications.sections import Section
    from grants.applications.versions import Defect


class Amendable(models.Model):
    """A submission that is written anew: `amending_since`, while somebody does; `amended_at`, when the
    last version came in this way; `queued_at`, from when it stands in the order of arrival, where
    that is not its first filing.
    """

    call: models.ForeignKey[Call, Call]
    case: models.OneToOneField[Case, Case]
    if TYPE_CHECKING:
        state: models.CharField[str, str]
        arrived_at: models.DateTimeField[datetime | None, datetime | None]
        corrected_at: models.DateTimeField[datetime | None, datetime | None]
        checks: RelatedManager[Check]
        defects: RelatedManager[Defect]
        sections: RelatedManager[Section]
        versions: RelatedManager[ApplicationVersion]

        @property
        def stated(self) -> Programme: ...
        def _take_over(self, **told: Unpack[Filing]) -> None: ...

    amending_since = models.DateTimeField(null=True)
    amended_at = models.DateTimeField(null=True)
    queued_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def is_amending(self) -> bool:
        return self.state == ApplicationState.SUBMITTED and self.amending_since is not None

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE or self.is_amending

    @property
    def place_at(self) -> datetime | None:
        """The moment that counts where arrival decides."""
        return self.queued_at or self.arrived_at

    @property
    def last_filed_at(self) -> datetime | None:
        """When the last version came."""
        return max(
            filter(None, (self.arrived_at, self.corrected_at, self.amended_at)), default=None
        )

    @property
    def amendable_until(self) -> datetime | None:
        """The end of the intake period in which it came."""
        period = self.call.period_at(self.arrived_at) if self.arrived_at else None
        return period.closes_at if period is not None else None

    @property
    def loses_place(self) -> bool:
        """Whether a version anew goes to the end of the order of arrival."""
        keeps = self.stated.amending.keeps
        is_by_arrival = compared_with(self.stated.selection) == "none"
        return is_by_arrival and keeps != "place"

    @transition(
        source=ApplicationState.SUBMITTED,
        target=ApplicationState.SUBMITTED,
        label=_lazy("提出した内容を直す"),
        done=_lazy("提出した内容を直し始めました"),
        internal=True,
        permission=Applicant(),
        requirements=(Requirement("amendable", lambda row: refusals(row)),),
    )
    def begin_amending(self, **_given: object) -> None:
        """The draft is open again, as it was typed."""
        if not self.is_amending:
            self.amending_since = clock.now()

    @transition(
        source=ApplicationState.SUBMITTED,
        target=ApplicationState.SUBMITTED,
        label=_lazy("直した内容を出し直す"),
        done=_lazy("内容を直して出し直しました"),
        internal=True,
        permission=Either((Applicant(submitting=True), office("programme_officer"))),
        duty="file_application",
    )
    def amend(self, *, arrived_at: datetime, is_honoured: bool, **given: Unpack[Filing]) -> None:
        """Performed by `submit.submit` alone. The first filing keeps its moment; what was checked of the
        version before is to be checked anew, but for what the police answered. Raises NotReady.
        """
        if not self.is_amending:
            raise NotReady(_("出し直す内容がありません。"))
        if reasons := closed(self) or ([] if is_honoured else too_late(self, arrived_at)):
            raise NotReady(*reasons)
        self.amending_since, self.amended_at = None, arrived_at
        if self.loses_place:
            self.queued_at = arrived_at
        self._take_over(**given)
        self.checks.exclude(result="").exclude(kind="antisocial").update(
            result="",
            checked_by=None,
            checked_at=None,
            go_on_reason="",
            go_on_by=None,
            go_on_at=None,
        )

    @transition(
        source=ApplicationState.SUBMITTED,
        target=ApplicationState.SUBMITTED,
        label=_lazy("直すのをやめる"),
        done=_lazy("直すのをやめ、提出した内容のままとしました"),
        internal=True,
        permission=Either((Applicant(), System())),
    )
    def stop_amending(self, **_given: object) -> None:
        """What was handed in is what is written again."""
        if self.amending_since is None:
            raise NotReady(_("直している内容はありません。"))
        self.put_back()
        self.sections.filter(handed_in__isnull=True).delete()  # first written meanwhile
        for section in self.sections.exclude(data=F("handed_in")):
            section.data, section.version = section.handed_in, section.version + 1
            section.save(update_fields=["data", "version"])

    def put_back(self) -> None:
        """Nobody writes it anew any more: the officers and the files that were handed in are its own
        again.
        """
        OfficersAnew.objects.filter(application=self.pk).delete()
        since, self.amending_since = self.amending_since, None
        if since is None:
            return
        files = Document.objects.filter(case=self.case)
        files.filter(frozen=True, removed_at__gte=since).update(removed_at=None, removed_by=None)
        new = files.filter(frozen=False, internal=False, removed_at=None, uploaded_at__gte=since)
        new.update(removed_at=clock.now(), removed_by=F("uploaded_by"))


def refusals(application: Amendable) -> list[str]:
    """Why its firm does not write it anew now."""
    return closed(application) or too_late(application, clock.arrived())


def closed(application: Amendable) -> list[str]:
    """Why it is not written anew, whatever the hour: the office is further, or the programme says so."""
    if application.state != ApplicationState.SUBMITTED:
        return [_("市の確認が進んだため、いまは直せません。")]
    if application.case.on_paper:
        return [_("窓口で受け付けた申請です。直すところは、担当にお知らせください。")]
    if application.corrected_at or any(row.sent_at for row in application.defects.all()):
        return [_("補正をお出しになったあとは、市からの連絡をお待ちください。")]
    begun = [row for row in application.checks.all() if row.result] or application.defects.all()
    if application.stated.amending.until_checks and begun:
        return [_("市が確認を始めたため、この制度では直せません。")]
    return []


def too_late(application: Amendable, at: datetime) -> list[str]:
    """Why a version anew that comes at this moment does not count."""
    until = application.amendable_until
    if until is None or at > until:
        said = {"until": moment_said(until) if until else "―"}
        return [_("締切（%(until)s）を過ぎたため、直せません。提出した内容のままです。") % said]
    if application.call.refuses_at(at):
        return [_("この公募は受付を止めているため、いまは直せません。")]
    return []
