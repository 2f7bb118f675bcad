"""Whose turn an application makes it, from its graph."""

from collections.abc import Callable, Collection
from datetime import date, datetime, time, timedelta
from functools import partial

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from grants.applications import amending, formal, inquiring
from grants.applications.check_ledger import Check, Inquiry
from grants.applications.deciding import decidable_from
from grants.applications.extensions import extensions_of
from grants.applications.late_papers import late_of
from grants.applications.models import Application, Defect
from grants.applications.states import TO_DECIDE, ApplicationState
from grants.applications.versions import LatePaper
from grants.programmes.models import Call, CallChange
from portal import clock
from portal.accounts.models import User
from portal.approvals.turns import is_live, live_items
from portal.cases import came_back as put_right
from portal.cases.lookups import OfCase
from portal.cases.models import Case
from portal.cases.ports import TurnSource, TurnWanted
from portal.closures import calendars
from portal.days import day_said
from portal.together import Ask

LATE_DAYS = 3  # working days until a paper that followed, or did not, should have been seen to
HIT_DAYS = 3  # working days until an approver should have decided about an answer of the police


def due_on(application: Application, late: Collection[LatePaper] = ()) -> date | None:
    """The day by which the present state should end: the correction's own day, or business days
    from its start, or from the day until which the office waited for what is `late`.

    A draft that nobody finishes has its last one, once its people were told. Else it has no day while its
    call pauses, or once it is called off: nobody is reminded of a door that is shut. What is compared
    with others counts from the end of their common intake.
    """
    if application.state == ApplicationState.RETURNED:
        return application.correct_by
    if application.state == ApplicationState.DRAFT:
        if application.ends_on is not None:
            return application.ends_on
        closes_at = application.call.closes_at
        return clock.day_of(closes_at) if closes_at and not application.call.is_halted else None
    days = application.info.days
    if days is None or application.state_since is None:
        return None
    start = application.state_since
    if application.state in TO_DECIDE:
        start = max(start, decidable_from(application) or start)
    waited = [row.waited_until for row in late if row.waited_until is not None]
    begun = max([clock.day_of(start), *waited])
    return calendars.of_case(application.call).add(begun, days)


application_of = OfCase(
    lambda: Application.objects.select_related("call").prefetch_related("call__periods")
)


def until(application: Application) -> datetime | None:
    """A draft's day is that of another intake period once the present one has closed."""
    if (
        application.state != ApplicationState.DRAFT
        or application.ends_on is not None
        or (closes_at := application.call.closes_at) is None
    ):
        return None
    later = any(period.opens_at > closes_at for period in application.call.periods.all())
    return closes_at + timedelta(microseconds=1) if later and closes_at >= clock.now() else None


def opens_at(application: Application) -> datetime | None:
    """What is compared with others can be gone on with once their common intake is over."""
    return decidable_from(application) if application.state in TO_DECIDE else None


def touched_by_call(rows: list[tuple[Call, str]]) -> list[Case]:
    """A draft is due when its call closes; what is compared with others, some days after."""
    calls = [call for call, _before in rows]
    return list(
        Case.objects.filter(
            application__call__in=calls, application__state__in=[ApplicationState.DRAFT, *TO_DECIDE]
        )
    )


def touched_by_change(rows: list[tuple[CallChange, str]]) -> list[Case]:
    return touched_by_call([(change.call, before) for change, before in rows])


# checks that an answer of the police stops, until an approver decides
hits_of = OfCase(
    lambda: Check.objects.filter(
        application__in=Inquiry.objects.filter(result="hit").values("application"),
        application__state__in=(*formal.CHECKED_IN, *formal.HALTED_IN),
        kind=inquiring.KIND,
        result="concern",
        go_on_by=None,
    ),
    "application__case",
)


def of_hit(case: Case) -> list[TurnWanted]:
    """Beside the case, and a turn of the check: whoever does not read of checks reads neither that there
    is one, which is what was answered, nor that the office holds the case.
    """
    check = hits_of.first(case)
    if check is None or check.checked_at is None:
        return []
    due = calendars.of_case(case).add(clock.day_of(check.checked_at), HIT_DAYS)
    what = gettext_noop("確認の結果を読み、進めるかを決める")
    return [TurnWanted("office", what, role="approver", due_on=due, obj=check, is_apart=True)]


def of_extension(case: Case) -> list[TurnWanted]:
    """Beside the case: the correction is the firm's as before, and asking moves no day."""
    request = next((row for row in extensions_of.all(case) if row.is_live), None)
    if request is None:
        return []
    info = request.info
    return [
        TurnWanted(
            info.side,
            str(info.todo),
            role=info.role,
            person=case.assigned_to,
            due_on=calendars.of_case(case).add(request.state_day, info.days or 0),
            obj=request,
            is_apart=True,
        )
    ]


ENDING = gettext_noop("下書きが消える前に、要る内容を控える")
LEFT = gettext_noop("下書きを残すときは、書き足して保存する")
AMENDED = gettext_noop("直した内容を提出するか、直すのをやめる")


def of_amending(case: Case) -> list[TurnWanted]:
    """Beside the case: what was handed in is with the office, and what is written anew is not."""
    application = application_of.first(case)
    if application is None or not application.is_amending or amending.refusals(application):
        return []
    until = application.amendable_until
    return [
        TurnWanted(
            "applicant",
            AMENDED,
            due_on=clock.day_of(until) if until else None,
            obj=application,
            until=until + timedelta(microseconds=1) if until else None,
            is_apart=True,
        )
    ]


def closes(case: Case) -> datetime | None:
    """When the intake closes in which the case's draft can be handed in."""
    return case.application.call.closes_at


def amendable_until(case: Case) -> datetime | None:
    return case.application.amendable_until


LATE = gettext_noop("あとから出すとした書類を提出する")


def _waits_until(application: Application, rows: Collection[LatePaper]) -> datetime | None:
    """The moment from which no paper is awaited whose day is to come; None where none is. Until then the
    case is with its firm, though the office may go on with the other checks.
    """
    days = [row.until for row in rows if row.is_awaited and not row.is_over]
    if not days or application.state != ApplicationState.SUBMITTED:
        return None
    return datetime.combine(max(days) + timedelta(days=1), time(), clock.JST)


def of_late_papers(case: Case) -> list[TurnWanted]:
    """The firm until each day, and the case is with it meanwhile; the office once one has passed without its
    paper, and when one came.
    """
    rows = [row for row in late_of.all(case) if not row.is_set_aside]
    if not rows or rows[0].application.state != ApplicationState.SUBMITTED:
        return []  # a correction asks for what is missing by its own day
    application, workdays = rows[0].application, calendars.of_case(case)
    awaited = [row.until for row in rows if row.is_awaited]
    passes_at = _waits_until(application, rows)
    office = partial(
        TurnWanted,
        "office",
        role="programme_officer",
        person=case.assigned_to,
        obj=application,
        is_apart=True,
    )
    found = []
    if awaited:
        found.append(
            TurnWanted(
                "applicant",
                LATE,
                due_on=min(awaited),
                obj=application,
                is_apart=passes_at is None,
                until=passes_at,
            )
        )
        opens_at = datetime.combine(min(awaited) + timedelta(days=1), time(), clock.JST)
        what = gettext_noop("届いていない書類をどうするか決める")
        due = workdays.add(min(awaited), LATE_DAYS)
        found.append(office(what=what, due_on=due, opens_at=opens_at))
    if came := [row.came_at for row in rows if row.came_at is not None]:
        due = workdays.add(clock.day_of(max(came)), LATE_DAYS)
        found.append(office(what=gettext_noop("あとから届いた書類を確かめる"), due_on=due))
    return found


def of_case(case: Case) -> list[TurnWanted]:
    return [
        *_of_application(case),
        *of_hit(case),
        *of_extension(case),
        *of_amending(case),
        *of_late_papers(case),
    ]


def _asked(application: Application) -> str:
    """What is to be done, by its state; of a draft that ends, what is still possible."""
    if application.ends_on is None:
        return str(application.info.todo)
    return ENDING if application.call.ended_at else LEFT


def _of_application(case: Case) -> list[TurnWanted]:
    application = application_of.first(case)
    if application is None:
        return []
    info = application.info
    if not info.side or not info.todo or (info.side == "office" and is_live(case)):
        return []
    late = late_of.all(case) if application.state == ApplicationState.SUBMITTED else []
    waits_until = _waits_until(application, late)
    return [
        TurnWanted(
            info.side,
            _asked(application),
            role=info.role,
            person=case.assigned_to if info.side == "office" else None,
            due_on=due_on(application, late),
            obj=application,
            until=waits_until or until(application),
            opens_at=opens_at(application),
            is_apart=waits_until is not None,
        )
    ]


def came_back(ask: Ask, keys: Collection[int], _reader: User) -> Callable[[], dict[int, str]]:
    """Of applications that are checked again: when the correction came, and which remarks it answers.
    Also of what its firm amended of its own accord.
    """
    rows = ask(
        Application.objects.filter(pk__in=keys, state=ApplicationState.SUBMITTED)
        .filter(Q(corrected_at__isnull=False) | Q(amended_at__isnull=False))
        .order_by()
        .values_list("pk", "corrected_at", "amended_at")
    )
    remarks = ask(
        Defect.objects.filter(application__in=keys, answered_at__isnull=False, resolved_at=None)
        .order_by("application_id", "n")
        .values_list("application_id", "n", "part_label")
    )

    def fill() -> dict[int, str]:
        parts: dict[int, list[str]] = {}
        for pk, n, label in remarks:
            words = _("指摘%(n)s（%(part)s）") % {"n": n, "part": _(label)}
            parts.setdefault(pk, []).append(words)
        return {
            pk: _("申請者が直して出し直し（%(day)s）") % {"day": day_said(amended)}
            if amended and (corrected is None or amended > corrected)
            else put_right.said(corrected, "、".join(parts.get(pk, [])))
            for pk, corrected, amended in rows
        }

    return fill


SOURCE = TurnSource(
    turns=of_case, reads=(application_of, hits_of, extensions_of, live_items, late_of)
)
