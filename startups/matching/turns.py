"""Whose turn a match makes it."""

from django.utils.translation import gettext_noop

from grants.applications.turns import application_of
from portal.cases.lookups import OfCase
from portal.cases.models import Case
from portal.cases.ports import TurnSource, TurnWanted
from startups.matching.models import Match
from startups.matching.states import MatchState

matches_of = OfCase(
    lambda: Match.objects.select_related(
        "municipality", "challenge__written_by", "application__call"
    )
)


def of_case(case: Case) -> list[TurnWanted]:
    application = application_of.first(case)
    if application is None or application.stated.kind != "proposal":
        return []
    return [turn for match in matches_of.all(case) if match.is_live for turn in _turn(match)]


def _owner(match: Match, what: str) -> TurnWanted:
    return TurnWanted("office", what, role="challenge_owner", due_on=match.respond_by, obj=match)


def _turn(match: Match) -> list[TurnWanted]:
    if match.state == MatchState.PROPOSED:
        return [_owner(match, gettext_noop("面談するか決める"))]
    if match.opinion:
        return [
            TurnWanted(
                "office",
                gettext_noop("マッチングを決定する"),
                role="approver",
                due_on=match.respond_by,
                obj=match,
            )
        ]
    if match.slot is None:
        return [TurnWanted("applicant", gettext_noop("面談の日時を選ぶ"), obj=match)]
    return [_owner(match, gettext_noop("面談の記録と意見を書く"))]


SOURCE = TurnSource(turns=of_case, reads=(application_of, matches_of))
