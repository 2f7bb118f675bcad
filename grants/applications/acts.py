"""Acts on an application that touch no later room: declare inadmissible, let lapse."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from django import forms
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.models import Application
from grants.applications.states import ApplicationState
from portal.accounts.models import User
from portal.approvals.models import Approval
from portal.approvals.ports import Act, Change, Effect, EffectOnAll
from portal.types import Given, Text
from portal.ui.forms import LongText
from portal.workflow.door import perform, perform_all
from portal.workflow.requirements import unmet

Preview: TypeAlias = Callable[[Application, Given], list[Change]]


class ReasonForm(forms.Form):
    """The reason that goes into the notice."""

    reason = LongText(label=_lazy("理由（通知書に載ります）"), rows=3, max_length=600)


class NothingToFillIn(forms.Form):
    """The form of an act that follows wholly from its case."""


def obstacles_to(name: str) -> Callable[[Application], list[str]]:
    """Why the act's transition cannot run now: the state, then its requirements."""

    def reasons(application: Application) -> list[str]:
        spec = application.specs()[name]
        if application.state not in spec.sources:
            return [_("「%(state)s」の状態ではできません。") % {"state": application.info.label}]
        return unmet(application, spec)

    return reasons


def outcome(name: str) -> Preview:
    """The preview of an act that changes only the state."""

    def preview(application: Application, given: Given) -> list[Change]:
        target = ApplicationState.of(application.specs()[name].target).label
        rows = [(_("状態"), str(application.info.label), str(target))]
        return rows + ([(_("理由"), "", str(given["reason"]))] if given.get("reason") else [])

    return preview


def run(name: str) -> Effect[Application]:
    def effect(application: Application, *, by: User, given: Given, approval: Approval) -> None:
        perform(application, name, by=by, **given)

    return effect


def run_all(name: str) -> EffectOnAll[Application]:
    """The same on all rows at once."""

    def effect(rows: Sequence[tuple[Application, Given]], *, by: User, approval: Approval) -> None:
        with_versions([application for application, _given in rows])
        perform_all(rows, name, by=by)

    return effect


def with_versions(applications: Sequence[Application]) -> None:
    """What was filed and asked for, read for all that are decided at once: letters say the one, and
    the decision ends the other.
    """
    prefetch_related_objects(applications, "versions", "extension_requests")


FINDS = ("application__call",)
READS = ("case__organisation", "call__periods", "filed_under", "checks")


def simple(name: str, label: Text, form: type[forms.Form], notice: str) -> Act[Application]:
    return Act(
        label=label,
        subject_model="grants_applications.Application",
        form=form,
        effect=run(name),
        effect_all=run_all(name),
        finds=FINDS,
        reads=READS,
        preview=outcome(name),
        obstacles=obstacles_to(name),
        locks=lambda application: [application.call],
        notice=notice,
    )


DECLARE_INADMISSIBLE = simple("declare_inadmissible", _lazy("却下"), ReasonForm, "inadmissible")
LAPSE = simple("lapse", _lazy("期限切れ"), ReasonForm, "lapse")
