"""What anyone may see: on a pilot's page the road and each municipality's adoption;
for machines every stage as CSV and JSON.
"""

from typing import TypeAlias

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.registry.models import Municipality
from portal.sheets import csv_response
from portal.types import Context, Visitor
from portal.ui.limits import READS, limited
from portal.workflow.access import anyone
from startups.challenges.models import Challenge
from startups.challenges.states import ChallengeState
from startups.pilots.models import Pilot
from startups.pilots.states import PilotState
from startups.rollouts import calendar
from startups.rollouts.models import Rollout
from startups.rollouts.road import drawn
from startups.rollouts.starting import may_begin
from startups.rollouts.states import BEFORE_CONTRACT

# One row of the stages: its columns by name.
Value: TypeAlias = str | int | None
Stage: TypeAlias = dict[str, Value]

FIELDS = (
    "challenge_number",
    "challenge",
    "municipality_code",
    "municipality",
    "firm",
    "corporate_number",
    "stage",
    "pilot_number",
    "agreed_on",
    "agreement_value_yen",
    "result",
    "rollout_number",
    "contractor",
    "contract_value_yen",
    "contracted_on",
    "in_use_now",
)


def part(pilot: Pilot, user: Visitor) -> tuple[str, Context] | None:
    """The road to a contract as planned with the challenge,
    and what each municipality made of the result.
    """
    rows = list(
        Rollout.objects.filter(pilot=pilot)
        .select_related("municipality", "case__organisation", "pilot__case")
        .prefetch_related("answers", "pilot__partners")
    )
    live = next(
        (row for row in rows if row.state in BEFORE_CONTRACT),
        None,
    )
    road = live.road if live else None if rows else planned(pilot)
    if not rows and road is None and not may_begin(user, pilot):
        return None
    return "startups/rollouts/part.html", {
        "rows": rows,
        "may_begin": may_begin(user, pilot),
        "pilot": pilot,
        **drawn(road),
    }


def planned(pilot: Pilot) -> calendar.Road | None:
    """Counted back from the first day of the fiscal year that the challenge named;
    None for a pilot that ended.
    """
    asked = pilot.challenge.content
    if pilot.is_over or not asked.get("route") or not asked.get("adoption_year"):
        return None
    report = pilot.report_due
    used_on = calendar.first_day(int(asked["adoption_year"]))
    if used_on <= report:  # the pilot was extended, or began late: that year can no longer be met
        used_on = calendar.earliest(asked["route"], reports_on=report)
    return calendar.road(
        used_on,
        asked["route"],
        starts_on=pilot.starts_on,
        ends_on=pilot.ends_on,
        reports_on=report,
        gate_on=pilot.midterm_on,
    )


def stages() -> list[Stage]:
    """A row for each published challenge and municipality, and one for each adoption elsewhere.

    In Japanese, whoever asks.

    A firm is named from the agreement on; before it a proposal is confidential. Sole proprietors
    are never named.
    """
    towns = {row.code: row.name for row in Municipality.objects.all()}
    found = []
    with override("ja"):
        pilots: dict[int, list[Pilot]] = {}
        for pilot in (
            Pilot.objects.public()
            .prefetch_related("rollouts__case__organisation", "rollouts__answers")
            .order_by("pk")
        ):
            pilots.setdefault(pilot.challenge_id, []).append(pilot)
        for challenge in Challenge.objects.exclude(published_at=None).order_by("number"):
            base = dict.fromkeys(FIELDS) | {
                "challenge_number": challenge.number,
                "challenge": challenge.title,
            }
            seen: set[str] = set()
            for pilot in pilots.get(challenge.pk, []):
                rows = _of_pilot(pilot, base, towns)
                seen |= {str(row["municipality_code"]) for row in rows}
                found += rows
            stage = (
                _("募集中")
                if challenge.state == ChallengeState.PUBLISHED
                else str(challenge.info.label)
            )
            found += [
                base | {"municipality_code": code, "municipality": towns[code], "stage": stage}
                for code in challenge.municipality_codes
                if code not in seen
            ]
    return found


def _of_pilot(pilot: Pilot, base: Stage, towns: dict[str, str]) -> list[Stage]:
    firm = pilot.case.organisation
    shared = base | {
        "firm": firm.public_name,
        "corporate_number": firm.corporate_number,
        "pilot_number": pilot.case.number,
        "agreed_on": pilot.agreed_on.isoformat() if pilot.agreed_on else None,
        "result": pilot.get_verdict_display()
        or (str(pilot.info.label) if pilot.state == PilotState.STOPPED else None),
    }
    support = {partner.municipality_id: partner.support for partner in pilot.partners.all()}
    rollouts = {
        row.municipality_id: row for row in sorted(pilot.rollouts.all(), key=lambda row: row.pk)
    }  # the newest of each
    rows = []
    for code in [*support, *(code for code in rollouts if code not in support)]:
        row = shared | {
            "municipality_code": code,
            "municipality": towns[code],
            "agreement_value_yen": support.get(code),
            "stage": str(pilot.info.label),
        }
        if code in rollouts:
            row |= _of_rollout(rollouts[code])
        rows.append(row)
    return rows


def _of_rollout(rollout: Rollout) -> Stage:
    return {
        "stage": f"{_('本格導入')}：{rollout.info.label}",
        "rollout_number": rollout.case.number,
        "contractor": rollout.public_contractor or None,
        "contract_value_yen": rollout.contract_amount,
        "contracted_on": rollout.contracted_on.isoformat() if rollout.contracted_on else None,
        "in_use_now": rollout.is_in_use,
    }


@anyone
@limited(READS)
def stages_csv(request: HttpRequest) -> HttpResponse:
    rows = [[_plain(row[name]) for name in FIELDS] for row in stages()]
    return csv_response("pilots.csv", [FIELDS, *rows])


def _plain(value: Value) -> Value:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


@anyone
@limited(READS)
def stages_json(request: HttpRequest) -> HttpResponse:
    return JsonResponse(
        {"fields": list(FIELDS), "rows": stages()}, json_dumps_params={"ensure_ascii": False}
    )
