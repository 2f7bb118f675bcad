"""What happened to cases: applications, the steps on record, who held them, scores, reports, enquiries."""

import pandas as pd
from django.db.models import BigIntegerField, Count, IntegerField, Max, Min, Q, Value
from django.db.models import Case as When
from django.db.models import When as Then
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Extract, Substr, TruncDate

from grants.applications.models import Application
from grants.awards.changes import ChangeRequest
from grants.awards.states import ChangeState
from grants.followup.models import Filing
from grants.followup.states import FilingState
from grants.programmes.models import Call
from grants.reviews.models import Score
from grants.reviews.states import ReviewState
from portal import clock
from portal.audit.models import Event
from portal.cases.models import Holding
from reports.statistics.pipeline.columns import (
    CATEGORY,
    DAY,
    FLOAT,
    INT,
    frame,
)
from startups.concierge.models import Consultation

# what is read of the record: the first and the last time it happened to a case, and how often
STEPS = {
    "application.submit": "submitted",
    "application.resubmit": "submitted",
    "application.return_for_correction": "returned",
    "application.accept": "accepted",
    "application.award": "awarded",
    "application.reject": "rejected",
    "completionreport.submit": "reported",
    "award.fix_amount": "fixed",
    "claim.begin": "claimed",
    "payment.settle": "paid",
    "payment.set_off": "paid",
    "award.revoke": "revoked",
}
FIGURES = (
    "sales",
    "profit",
    "personnel",
    "depreciation",
    "employees",
    "hours_saved",
    "teleworkers",
)
BASE = ("base_profit", "base_personnel", "base_depreciation", "base_employees")


def _day(field: str) -> TruncDate:
    return TruncDate(field, tzinfo=clock.JST)


def applications() -> pd.DataFrame:
    """A row per application that arrived."""
    firm = "case__organisation__"
    return frame(
        Application.objects.exclude(arrived_at=None),
        id=INT,
        case=("case_id", INT),
        firm=("case__organisation_id", INT),
        form=(f"{firm}kind", CATEGORY),
        call=("call__code", CATEGORY),
        programme=("call__programme__code", CATEGORY),
        kind=(KeyTextTransform("kind", "call__parameters"), CATEGORY),
        fiscal_year=("call__fiscal_year", INT),
        round=("call__round_no", INT),
        funder=("call__municipality_codes__0", CATEGORY),
        area=(f"{firm}area_id", CATEGORY),
        municipality=(f"{firm}area__municipality_id", CATEGORY),
        industry=(f"{firm}industry__major", CATEGORY),
        employees=(f"{firm}employees", INT),
        established_on=(f"{firm}established_on", DAY),
        arrived_on=(_day("arrived_at"), DAY),
        state=("state", CATEGORY),
        frame=("frame", CATEGORY),
        requested=("requested_amount", INT),
    )


def changes() -> pd.DataFrame:
    """Changes that were filed."""
    return frame(
        ChangeRequest.objects.exclude(state=ChangeState.DRAFT),
        case=("case_id", INT),
        kind=("kind", CATEGORY),
        filed_on=(_day("filed_at"), DAY),
    )


def steps() -> pd.DataFrame:
    """(case, step) → the moment (seconds since 1970) and day of the first, the day of the last, how
    often, and whether an adviser did it; from the audit record.
    """
    named = When(*[Then(action=action, then=Value(name)) for action, name in STEPS.items()])
    rows = (
        Event.objects.filter(action__in=STEPS, chain__startswith="case:")
        .annotate(of=Cast(Substr("chain", 6), IntegerField()), step=named)
        .values("of", "step")
        .annotate(
            moment=Extract(Min("at"), "epoch"),
            first=Min(_day("at")),
            last=Max(_day("at")),
            times=Count("pk"),
            advised=Count("pk", filter=Q(capacity="adviser")),
        )
    )
    return frame(
        rows,
        case=("of", INT),
        step=("step", CATEGORY),
        at=("moment", FLOAT),
        first=("first", DAY),
        last=("last", DAY),
        times=INT,
        advised=INT,
    )


def holdings() -> pd.DataFrame:
    """Spans in which one side held the case, in seconds since 1970."""
    end = Coalesce("to_at", Value(clock.now()))
    return frame(
        Holding.objects.all(),
        case=("case_id", INT),
        side=("side", CATEGORY),
        begin=(Extract("from_at", "epoch"), FLOAT),
        end=(Extract(end, "epoch"), FLOAT),
    )


def scores() -> pd.DataFrame:
    """Points of every criterion that a reviewer gave; what they count is stated by the call."""
    return frame(
        Score.objects.filter(review__state=ReviewState.SCORED),
        application=("review__application_id", INT),
        review=("review_id", INT),
        criterion=("criterion", CATEGORY),
        points=INT,
    )


def criteria() -> pd.DataFrame:
    """What each criterion counts in a call that is decided by score."""
    calls = Call.objects.filter(parameters__selection="competitive").values_list(
        "code", "parameters__criteria"
    )
    rows = [(code, c["key"], c["weight"], c["maximum"]) for code, found in calls for c in found]
    return pd.DataFrame(rows, columns=["call", "criterion", "weight", "maximum"]).astype(
        {"weight": "Int64", "maximum": "Int64"}
    )


def filings() -> pd.DataFrame:
    """Accepted reports on use and on effects, with the figures that the officer read where there
    are some.
    """
    parts = {
        name: (
            Coalesce(_number(name, "checked"), _number(name, "content"))
            if name in ("profit", "personnel", "depreciation", "employees")
            else _number(name, "content"),
            INT,
        )
        for name in (*FIGURES, *BASE)
    }
    rows = Filing.objects.filter(state=FilingState.ACCEPTED, kind__in=["use", "effect"])
    return frame(
        rows,
        award=("award_id", INT),
        case=("case_id", INT),
        kind=("kind", CATEGORY),
        period=INT,
        in_use=(KeyTextTransform("in_use", "content"), CATEGORY),
        **parts,
    )


def _number(name: str, column: str) -> Cast:
    return Cast(KeyTextTransform(name, column), BigIntegerField())


def consultations() -> pd.DataFrame:
    return frame(
        Consultation.objects.all(),
        kind=("kind", CATEGORY),
        asked_on=(_day("asked_at"), DAY),
        person=("asked_by_id", INT),
    )
