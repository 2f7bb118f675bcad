"""Which challenges a proposal answers, and which cases hang on a challenge."""

from django.db.models import QuerySet

from grants.applications.models import Application, ApplicationVersion
from grants.applications.sections import Section
from grants.applications.states import ApplicationState
from portal.cases.models import Case
from startups.challenges.models import Challenge


def challenges_of(application: Application) -> list[Challenge]:
    """The challenges that the proposal, as last submitted, answers."""
    version = application.last_version
    chosen = version.content.get("challenges", {}).get("challenges", []) if version else []
    return list(
        Challenge.objects.filter(number__in=[row["number"] for row in chosen]).order_by("number")
    )


def naming(challenge: Challenge) -> QuerySet[ApplicationVersion]:
    """The versions, as handed in, that answer a challenge."""
    number = [{"number": challenge.number}]
    return ApplicationVersion.objects.filter(
        application__call=challenge.call_id, content__challenges__challenges__contains=number
    )


def answering(challenge: Challenge) -> QuerySet[Case]:
    """The cases that hang on a challenge: the proposals that answer it, until they have ended."""
    return Case.objects.filter(
        closed_at=None, application__in=naming(challenge).values("application")
    )


def naming_cases(challenge: Challenge) -> QuerySet[Case]:
    """The same, and whoever is writing a proposal to it."""
    ticked = Section.objects.filter(key="challenges", data__has_key=f"c_{challenge.number}")
    drafts = Case.objects.filter(
        application__call=challenge.call_id,
        application__state=ApplicationState.DRAFT,
        application__in=ticked.values("application"),
    )
    return (answering(challenge) | drafts).distinct()
