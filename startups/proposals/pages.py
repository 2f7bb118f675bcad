"""How both sides read the sections of a proposal, and what the case shows of its challenges."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from grants.applications.models import Application, ApplicationVersion
from grants.applications.states import ApplicationState
from grants.applications.turns import application_of
from grants.programmes.models import Call
from portal.accounts.models import StaffRole, User
from portal.cases.models import Case
from portal.types import Context, Given, Text
from portal.workflow.access import may_enter
from startups.challenges.models import Challenge


def proposed(_role: StaffRole) -> Q:
    """The cases that are proposals."""
    calls = Call.objects.filter(parameters__kind="proposal")
    return Q(pk__in=Application.objects.filter(call__in=calls).values("case"))


def challenge_rows(answers: Given) -> list[tuple[str, Text, str]]:
    return [
        (
            "challenges",
            _("提案する課題"),
            "\n".join(f"{row['number']}　{row['title']}" for row in answers["challenges"]),
        )
    ]


def secrecy_rows(answers: Given) -> list[tuple[str, Text, str]]:
    count = len(answers["secret"])
    return [("secret", _("秘密の指定"), _("%(n)s項目") % {"n": count} if count else _("なし"))]


def challenges_of(application: Application) -> list[Challenge]:
    """The challenges that the proposal, as last submitted, answers."""
    version = application.last_version
    chosen = version.content.get("challenges", {}).get("challenges", []) if version else []
    return list(
        Challenge.objects.filter(number__in=[row["number"] for row in chosen]).order_by("number")
    )


def _naming(challenge: Challenge) -> QuerySet[ApplicationVersion]:
    """The versions, as handed in, that answer a challenge."""
    number = [{"number": challenge.number}]
    return ApplicationVersion.objects.filter(
        application__call=challenge.call_id, content__challenges__challenges__contains=number
    )


def answering(challenge: Challenge) -> QuerySet[Case]:
    """The cases that hang on a challenge: the proposals that answer it, until they have ended."""
    return Case.objects.filter(
        closed_at=None, application__in=_naming(challenge).values("application")
    )


def not_by_award(application: Application) -> list[str]:
    """A proposal is decided by matches; its money runs through the pilot's own support,
    so that none is paid twice.
    """
    if application.call.stated.kind != "proposal":
        return []
    return [
        _(
            "提案は、市町村ごとのマッチングで決めます。実証の支援金は、協定のあとに実証の案件から申請してもらい、そこで交付を決定します。"
        )
    ]


def counts(challenge: Challenge) -> list[tuple[Text, int]]:
    """How many proposals answered it: those submitted, whatever became of them."""
    return [(_("寄せられた提案"), _naming(challenge).values("application").distinct().count())]


def panel(case: Case, user: User) -> Context | None:
    """The challenges a proposal answers; for the office with the way to each."""
    application = application_of.first(case)
    if (
        application is None
        or application.call.stated.kind != "proposal"
        or application.state == ApplicationState.DRAFT
    ):
        return None
    rows = challenges_of(application)
    staff = may_enter(user, "challenge_staff")
    return {
        "challenges": [(row, row.get_absolute_url() if staff else row.public_url) for row in rows]
    }
