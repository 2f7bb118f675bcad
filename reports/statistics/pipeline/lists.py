"""The public tables that are lists: awards to corporations, programmes, challenges, pilots.

In Japanese with English beside it, whoever asks.
"""

import pandas as pd
from django.utils.translation import override

from grants.awards.states import AwardState
from grants.programmes.models import Call, Programme
from grants.programmes.states import CALL_UNANNOUNCED, ProgrammeState
from grants.programmes.values import planned
from portal import clock
from reports.statistics.pipeline.frames import Frames
from reports.statistics.pipeline.names import SUBSIDIES
from startups.challenges.models import Challenge
from startups.rollouts import public

# a corporation's award, as it stands: what a state of the award is called where anyone reads it
STATUS = {
    AwardState.ACTIVE: "in_progress",
    AwardState.SUSPENDED: "in_progress",
    AwardState.AMOUNT_FIXED: "amount_fixed",
    AwardState.CLOSED: "closed",
    AwardState.ABANDONED: "ended",
    AwardState.REVOKED: "revoked",
    AwardState.CANCELLED: "ended",
}


def awards(frames: Frames, cases: pd.DataFrame, calls: pd.DataFrame) -> pd.DataFrame:
    """One row per award to a corporation that was not withdrawn.

    Yen; days as ISO text. Nothing of sole proprietors, nothing the firm wrote.
    """
    won = cases.loc[cases["is_awarded"] & ~cases["is_person"] & cases["kind"].isin(SUBSIDIES)]
    rows = won.drop(columns="id").merge(
        frames.awards[
            ["id", "number", "name", "corporate_number", "address", "ends_on", "state"]
        ].rename(columns={"id": "award", "state": "status"}),
        on="award",
    )
    rows = rows.astype({"call": str, "programme": str}).merge(
        calls[["call", "programme_name", "programme_name_en", "call_label"]], on="call"
    )
    rows["status"] = rows["status"].astype(str).map(STATUS)
    found = rows.rename(
        columns={
            "number": "id",
            **{
                name: f"{name}_yen"
                for name in ("awarded", "fixed", "paid", "called_back", "returned")
            },
        }
    )
    found["fixed_yen"] = found["fixed_yen"].astype("Int64").mask(found["fixed_on"].isna())
    names = [
        "id",
        "fiscal_year",
        "programme",
        "programme_name",
        "programme_name_en",
        "call",
        "call_label",
        "funder",
        "corporate_number",
        "name",
        "address",
        "area",
        "municipality",
        "awarded_on",
        "ends_on",
        "fixed_on",
        "status",
        "awarded_yen",
        "fixed_yen",
        "paid_yen",
        "called_back_yen",
        "returned_yen",
    ]
    return found[names].sort_values(["awarded_on", "id"], ignore_index=True)


def calls() -> pd.DataFrame:
    """Every call that was ever announced, with its programme in both languages."""
    found = []
    for call in (
        Call.objects.exclude(state__in=CALL_UNANNOUNCED)
        .select_related("programme")
        .prefetch_related("periods")
        .order_by("code")
    ):
        stated, periods = call.stated, list(call.periods.all())
        found.append(
            {
                "call": call.code,
                "programme": call.programme_code,
                "programme_name": stated.name.ja,
                "programme_name_en": stated.name.en,
                "kind": stated.kind,
                "fiscal_year": call.fiscal_year,
                "call_label": call.label_in("ja"),
                "opens_at": clock.stamp(min(p.opens_at for p in periods)) if periods else None,
                "closes_at": clock.stamp(max(p.closes_at for p in periods)) if periods else None,
                "selection": stated.selection,
                "largest_cap": max(frame.cap for frame in stated.frames),
                "unit": stated.unit,
                "state": call.state,
            }
        )
    return pd.DataFrame(
        found,
        columns=[
            "call",
            "programme",
            "programme_name",
            "programme_name_en",
            "kind",
            "fiscal_year",
            "call_label",
            "opens_at",
            "closes_at",
            "selection",
            "largest_cap",
            "unit",
            "state",
        ],
    )


def programmes() -> pd.DataFrame:
    """The standing schemes in force: names, aims, frames in words of numbers, whose they are."""
    found = []
    for row in Programme.objects.filter(state=ProgrammeState.APPROVED).order_by("order"):
        stated = row.stated
        frames = "; ".join(
            f"{f.name.ja}: {f.rate.numerator}/{f.rate.denominator}, {f.cap}" for f in stated.frames
        )
        found.append(
            {
                "code": row.code,
                "name": stated.name.ja,
                "name_en": stated.name.en,
                "family": stated.family.ja,
                "summary": stated.summary.ja,
                "summary_en": stated.summary.en,
                "unit": stated.unit,
                "frames": frames,
                "guideline": stated.guideline,
                "office": stated.office.ja,
                "source": "; ".join(source.name.ja for source in stated.sources),
                "to_be_confirmed": "; ".join(planned(stated)),
                "municipalities": " ".join(row.municipality_codes),
            }
        )
    return pd.DataFrame(found)


def challenges() -> pd.DataFrame:
    """Every challenge that was published, with its road to adoption."""
    found: list[dict[str, object]] = []
    with override("ja"):
        for row in (
            Challenge.objects.exclude(published_at=None).select_related("call").order_by("number")
        ):
            asked = row.content
            found.append(
                {
                    "number": row.number,
                    "title": row.title,
                    "title_en": row.title_en,
                    "fiscal_year": row.call.fiscal_year,
                    "municipalities": " ".join(row.municipality_codes),
                    "department": asked.get("department", ""),
                    "route": asked.get("route", ""),
                    "adoption_year": str(asked.get("adoption_year") or ""),
                    "published_on": clock.day_of(row.published_at).isoformat()
                    if row.published_at
                    else "",
                    "state": row.state,
                }
            )
    return pd.DataFrame(
        found,
        columns=[
            "number",
            "title",
            "title_en",
            "fiscal_year",
            "municipalities",
            "department",
            "route",
            "adoption_year",
            "published_on",
            "state",
        ],
    )


def pilots() -> pd.DataFrame:
    """From challenge to contract, a row for each challenge and municipality."""
    rows = pd.DataFrame(public.stages(), columns=list(public.FIELDS))
    return rows.astype({"agreement_value_yen": "Int64", "contract_value_yen": "Int64"})
