"""Step one, frames: what the portal knows, as DataFrames. Read in bulk, typed, days in Sapporo's time, no personal name.

The names of awarded corporations, which are public, are in `awards` alone.
"""

from dataclasses import dataclass
from typing import Any

import pandas as pd
from django.db.models import BigIntegerField, Count, IntegerField, Max, Min, Q, Sum, Value
from django.db.models import Case as When
from django.db.models import When as Then
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Extract, Substr, TruncDate

from grants.applications.models import Application
from grants.awards.changes import ChangeRequest
from grants.awards.models import Award
from grants.budget.models import BudgetEntry, BudgetLine
from grants.followup.models import Filing
from grants.payments.models import Payment
from grants.programmes.models import Call
from grants.recovery.models import MoneyIn, Recovery
from grants.reviews.models import Score
from grants.seats.models import Enrolment
from portal import clock
from portal.audit.models import Event
from portal.cases.models import Holding
from portal.registry.models import Area
from reports.statistics.models import Establishments, FirmFigures, OutsideAward
from reports.statistics.pipeline.columns import (
    BOOL,
    CATEGORY,
    DAY,
    FLOAT,
    INT,
    TEXT,
    frame,
    one_moment,
)
from startups.challenges.models import Challenge
from startups.concierge.models import Consultation
from startups.matching.models import Match
from startups.pilots.models import Pilot
from startups.rollouts.models import Rollout

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


@dataclass(frozen=True)
class Frames:
    """Everything a release is made of, as of one moment. Money in yen, days as dates of Sapporo."""

    applications: pd.DataFrame
    awards: pd.DataFrame
    payments: pd.DataFrame
    recoveries: pd.DataFrame
    received: pd.DataFrame
    changes: pd.DataFrame
    steps: pd.DataFrame
    holdings: pd.DataFrame
    scores: pd.DataFrame
    criteria: pd.DataFrame
    caps: pd.DataFrame
    filings: pd.DataFrame
    lines: pd.DataFrame
    entries: pd.DataFrame
    carries: pd.DataFrame
    consultations: pd.DataFrame
    challenges: pd.DataFrame
    matches: pd.DataFrame
    pilots: pd.DataFrame
    rollouts: pd.DataFrame
    enrolments: pd.DataFrame
    figures: pd.DataFrame
    establishments: pd.DataFrame
    outside: pd.DataFrame
    areas: pd.DataFrame


def read() -> Frames:
    """All frames, from one moment of the database."""
    with one_moment():
        return Frames(
            applications(),
            awards(),
            payments(),
            recoveries(),
            received(),
            changes(),
            steps(),
            holdings(),
            scores(),
            criteria(),
            caps(),
            filings(),
            lines(),
            entries(),
            carries(),
            consultations(),
            challenges(),
            matches(),
            pilots(),
            rollouts(),
            enrolments(),
            figures(),
            establishments(),
            outside(),
            areas(),
        )


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


def awards() -> pd.DataFrame:
    """A row per award, with what is public of the corporation that has it."""
    firm = "case__organisation__"
    return frame(
        Award.objects.all(),
        id=INT,
        application=("application_id", INT),
        case=("case_id", INT),
        call=("application__call_id", INT),
        frame=("frame", CATEGORY),
        state=("state", CATEGORY),
        awarded=("awarded_amount", INT),
        fixed=("fixed_amount", INT),
        awarded_on=DAY,
        fixed_on=DAY,
        ends_on=("project_ends_on", DAY),
        number=("case__receipt_number", TEXT),
        name=(f"{firm}name", TEXT),
        corporate_number=(f"{firm}corporate_number", TEXT),
        address=(f"{firm}address", TEXT),
    )


def payments() -> pd.DataFrame:
    """Money that reached a recipient."""
    return frame(
        Payment.objects.filter(state="paid"),
        award=("award_id", INT),
        case=("case_id", INT),
        amount=INT,
        paid_on=DAY,
    )


def recoveries() -> pd.DataFrame:
    """Principal that was called back, what came, and how much of it went back to a line of the budget."""
    rows = Recovery.objects.exclude(state="cancelled").annotate(
        came=Coalesce(Sum("receipts__amount"), 0)
    )
    return frame(
        rows,
        id=INT,
        award=("award_id", INT),
        case=("case_id", INT),
        ground=("ground", CATEGORY),
        principal=INT,
        came=INT,
        ordered_on=DAY,
    )


def received() -> pd.DataFrame:
    """Sums that came back, in the order in which they pay a recovery."""
    found = frame(
        MoneyIn.objects.all(),
        id=INT,
        recovery=("recovery_id", INT),
        amount=INT,
        paid_on=DAY,
        to_line=BOOL,
    )
    return found.sort_values(["paid_on", "id"], ignore_index=True)


def changes() -> pd.DataFrame:
    """Changes that were filed."""
    return frame(
        ChangeRequest.objects.exclude(state="draft"),
        case=("case_id", INT),
        kind=("kind", CATEGORY),
        filed_on=(_day("filed_at"), DAY),
    )


def steps() -> pd.DataFrame:
    """(case, step) → the moment (seconds since 1970) and day of the first, the day of the last, how often, and whether an adviser did it; from the audit record."""
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
        Score.objects.filter(review__state="scored"),
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


def caps() -> pd.DataFrame:
    """What one award of each call may be, yen: the least floor and the largest cap of its frames."""
    rows = Call.objects.values_list("code", "programme__code", "fiscal_year", "parameters__frames")
    found = [
        (code, programme, year, min(int(f.get("floor") or 0) for f in of), max(_cap(f) for f in of))
        for code, programme, year, of in rows
        if of
    ]
    table = pd.DataFrame(found, columns=["call", "programme", "fiscal_year", "floor", "cap"])
    return table.astype({"fiscal_year": "Int64", "floor": "Int64", "cap": "Int64"})


def _cap(frame: dict[str, Any]) -> int:
    """The largest cap of a frame, in any year of support."""
    return max(int(part["cap"]) for part in (frame, *frame.get("yearly", ())))


def filings() -> pd.DataFrame:
    """Accepted reports on use and on effects, with the figures that the officer read where there are some."""
    parts = {
        name: (
            Coalesce(_number(name, "checked"), _number(name, "content"))
            if name in ("profit", "personnel", "depreciation", "employees")
            else _number(name, "content"),
            INT,
        )
        for name in (*FIGURES, *BASE)
    }
    rows = Filing.objects.filter(state="accepted", kind__in=["use", "effect"])
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


def lines() -> pd.DataFrame:
    """Budget lines with the totals that the database keeps."""
    return frame(
        BudgetLine.objects.all(),
        id=INT,
        call=("call_id", INT),
        programme=("call__programme__code", CATEGORY),
        fiscal_year=INT,
        frame=("frame", CATEGORY),
        unit=("unit", CATEGORY),
        appropriated=INT,
        committed=INT,
        disbursed=INT,
        carried=INT,
    )


def entries() -> pd.DataFrame:
    """The book, summed by line, case and kind."""
    rows = BudgetEntry.objects.values("line_id", "case_id", "kind").annotate(sum=Sum("amount"))
    return frame(
        rows,
        line=("line_id", INT),
        case=("case_id", INT),
        kind=("kind", CATEGORY),
        amount=("sum", INT),
    )


def carries() -> pd.DataFrame:
    """The entries of the lines of which something was carried over, in the order in which they were booked."""
    carried = BudgetEntry.objects.filter(kind="carry_over").values("line")
    rows = BudgetEntry.objects.filter(line__in=carried)
    return frame(
        rows, id=INT, line=("line_id", INT), kind=("kind", CATEGORY), amount=INT
    ).sort_values("id", ignore_index=True)


def consultations() -> pd.DataFrame:
    return frame(
        Consultation.objects.all(),
        kind=("kind", CATEGORY),
        asked_on=(_day("asked_at"), DAY),
        person=("asked_by_id", INT),
    )


def challenges() -> pd.DataFrame:
    return frame(
        Challenge.objects.exclude(published_at=None),
        id=INT,
        fiscal_year=("call__fiscal_year", INT),
        municipalities=("municipality_codes", TEXT),
    )


def matches() -> pd.DataFrame:
    return frame(
        Match.objects.all(),
        id=INT,
        fiscal_year=("challenge__call__fiscal_year", INT),
        municipality=("municipality_id", CATEGORY),
        state=("state", CATEGORY),
        firm=("case__organisation_id", INT),
    )


def pilots() -> pd.DataFrame:
    return frame(
        Pilot.objects.exclude(agreed_on=None),
        id=INT,
        fiscal_year=("challenge__call__fiscal_year", INT),
        municipalities=("case__municipality_codes", TEXT),
        state=("state", CATEGORY),
        verdict=("verdict", CATEGORY),
    )


def rollouts() -> pd.DataFrame:
    return frame(
        Rollout.objects.all(),
        id=INT,
        fiscal_year=("pilot__challenge__call__fiscal_year", INT),
        municipality=("municipality_id", CATEGORY),
        state=("state", CATEGORY),
        contract=("contract_amount", INT),
        contracted_on=DAY,
    )


def enrolments() -> pd.DataFrame:
    """A row per seat of a course that was given."""
    return frame(
        Enrolment.objects.all(),
        fiscal_year=("application__call__fiscal_year", INT),
        firm=("case__organisation_id", INT),
        state=("state", CATEGORY),
    )


def figures() -> pd.DataFrame:
    """Imported accounts of firms, awarded or not, by fiscal year."""
    parts = {name: INT for name in ("sales", "profit", "personnel", "depreciation", "employees")}
    return frame(FirmFigures.objects.all(), firm=("organisation_id", INT), fiscal_year=INT, **parts)


def establishments() -> pd.DataFrame:
    return frame(
        Establishments.objects.all(), area=("area_id", CATEGORY), count=INT, as_of=DAY, source=TEXT
    )


def areas() -> pd.DataFrame:
    """The 21 areas in their order, with their municipality."""
    return pd.DataFrame(
        list(Area.objects.order_by("order").values_list("code", "municipality_id")),
        columns=["area", "municipality"],
    )


def outside() -> pd.DataFrame:
    """Awards of others to corporations of the area, by issuer and year."""
    rows = (
        OutsideAward.objects.exclude(area=None)
        .values("area_id", "issuer", "fiscal_year")
        .annotate(n=Count("pk"), yen=Sum("amount"))
    )
    return frame(
        rows,
        area=("area_id", CATEGORY),
        issuer=("issuer", CATEGORY),
        fiscal_year=INT,
        awards=("n", INT),
        awarded_yen=("yen", INT),
    )
