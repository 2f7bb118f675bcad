"""What was said of a pilot's result, before it is written over or taken away."""

from django.utils.translation import gettext_lazy as _lazy

from portal.accounts.models import User
from portal.workflow.earlier import keep_earlier
from startups.pilots.entries import Evaluation
from startups.pilots.record import PilotRecord


def keep_report(pilot: PilotRecord, by: User) -> None:
    keep_earlier(pilot, _lazy("結果の報告"), pilot.report.values(), by=by)


def keep_evaluations(pilot: PilotRecord, by: User, *sides: str) -> None:
    """With whose they are: in a joint pilot another town may write the same side's anew."""
    for row in Evaluation.objects.filter(pilot=pilot.pk, side__in=sides).select_related("by"):
        words = [row.by.name, row.get_mark_display(), row.text]
        keep_earlier(pilot, row.get_side_display(), words, by=by)


def take_evaluations_away(pilot: PilotRecord, by: User) -> None:
    keep_evaluations(pilot, by, *dict(Evaluation.SIDES))
    Evaluation.objects.filter(pilot=pilot.pk).delete()
