"""What a case shows of its matches, whose turn they make it, their letters,
and how matching begins.
"""

from datetime import date

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from grants.applications.models import Application
from grants.applications.papers import frame, issuer
from grants.applications.states import READY
from grants.applications.turns import application_of
from portal import clock, fiscal
from portal.accounts.models import StaffRole, User
from portal.accounts.permissions import office
from portal.cases.found import OfCase
from portal.cases.models import Case
from portal.cases.ports import TurnSource, TurnWanted
from portal.registry.models import Municipality
from portal.types import Context, Text
from portal.workflow.door import actions, begin, door
from startups.challenges.models import Challenge
from startups.matching.models import Match, not_yet
from startups.matching.states import MatchState
from startups.proposals.pages import challenges_of

RESPOND_DAYS = 20  # business days in which a municipality answers
STARTERS = ("programme_officer", "concierge")

matches_of = OfCase(
    lambda: Match.objects.select_related(
        "municipality", "challenge__written_by", "application__call"
    )
)


def start(application: Application, *, by: User) -> list[Match]:
    """One match for each challenge that the proposal answers and each municipality that asks it."""
    until = fiscal.add_business_days(clock.today(), RESPOND_DAYS)
    known = {row.code: row for row in Municipality.objects.all()}
    with door(by, [application.call, application.case, application]):
        return [
            begin(
                Match,
                by=by,
                application=application,
                challenge=challenge,
                municipality=known[code],
                respond_by=until,
            )
            for challenge in challenges_of(application)
            for code in challenge.municipality_codes
        ]


def matched(role: StaffRole) -> Q:
    """The proposals that are or were before the department's municipality;
    before any, where the role names none.
    """
    rows = (
        Match.objects.filter(municipality=role.municipality_id)
        if role.municipality_id
        else Match.objects.all()
    )
    return Q(pk__in=rows.values("case"))


def turns_of(case: Case) -> list[TurnWanted]:
    application = application_of.first(case)
    if application is None or application.call.stated.kind != "proposal":
        return []
    return [
        turn for match in matches_of.all(case) if match.state in Match.LIVE for turn in _turn(match)
    ]


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


SOURCE = TurnSource(turns=turns_of, reads=(application_of, matches_of))


def panel(case: Case, user: User) -> Context | None:
    """Each match with its buttons; the record of the interview for the office of its municipality
    alone.
    """
    application = application_of.first(case)
    if application is None or application.call.stated.kind != "proposal":
        return None
    rows = matches_of.all(case)
    may_start = (
        not rows and application.state in READY and not office(*STARTERS).reasons(user, application)
    )
    if not rows and not may_start:
        return None
    for row in rows:
        row.case = case
    return {
        "case": case,
        "may_start": may_start,
        "not_yet": not_yet(application) if may_start else [],
        "rows": [
            {
                "match": row,
                "actions": actions(user, row),
                "inside": user.is_office
                and not office(
                    "challenge_owner", "approver", "concierge", "programme_officer", "auditor"
                ).reasons(user, row),
            }
            for row in rows
        ],
    }


def later(case: Case) -> tuple[int, Text] | None:
    """How far along a proposal in matching is."""
    live = [row for row in matches_of.all(case) if row.state in Match.LIVE]
    return (3, live[0].info.applicant) if live else None


def counts(challenge: Challenge) -> list[tuple[Text, int]]:
    """How far the proposals to a challenge came: interviews held, pilots agreed.

    Numbers alone, so nobody learns of a refusal.
    """
    rows = list(challenge.matches.all())
    return [
        (_("面談した提案"), sum(row.slot is not None for row in rows)),
        (_("実証に進む提案"), sum(row.state == MatchState.AGREED for row in rows)),
    ]


def live_matches(row: Challenge | Application) -> list[str]:
    """Why a challenge or a proposal cannot end now: a municipality is still deciding."""
    if row.call.stated.kind != "proposal":
        return []
    n = row.matches.filter(state__in=Match.LIVE).count()
    return (
        [
            _(
                "市町村が検討しているマッチングが%(n)s件あります。先に、それぞれを決めるか辞退します。"
            )
            % {"n": n}
        ]
        if n
        else []
    )


def keep_until(case: Case) -> date | None:
    return date.max if any(row.state in Match.LIVE for row in matches_of.all(case)) else None


def load(user: User, pk: int) -> Match:
    """A match of a case the person may see; staff of another municipality's case get 404."""
    found = get_object_or_404(
        Match.objects.select_related(
            "case__organisation", "application__call", "challenge", "municipality"
        ),
        pk=pk,
        case__in=Case.objects.visible_to(user),
    )
    if user.is_office and not any(role.covers(*found.own_scope) for role in user.roles()):
        raise Http404
    return found


# -- letters ---------------------------------------------------------------------------------------
def _letter(match: Match, title: str, body: str, body_en: str, small: str) -> Context:
    items = [
        ["受付番号", match.case.receipt_number],
        ["課題", f"{match.challenge.number}　{match.challenge.title}"],
        ["理由", match.reason],
    ]
    own = issuer([match.municipality_id])
    return frame(
        match.application, title=title, body=body, body_en=body_en, items=items, small=small, **own
    )


def agreed_facts(match: Match, **_given: object) -> Context:
    return _letter(
        match,
        "実証決定通知書",
        f"提案について、{match.municipality.name}で実証を行うことに決定しましたので、通知します。",
        "We have decided to run a pilot of your proposal.",
        "実証の条件は、協定で定めます。この通知は、本格導入の契約を約束するものではありません。",
    )


def declined_facts(match: Match, **_given: object) -> Context:
    return _letter(
        match,
        "提案見送り通知書",
        f"提案について、{match.municipality.name}では、次の理由により今回は見送ることにしましたので、通知します。",
        "We have decided not to go on with your proposal this time, for the reason below.",
        "ほかの市町村での検討が続いているときは、その結果を別にお知らせします。",
    )
