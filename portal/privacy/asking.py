"""Requests about one's own data: made, prolonged, drafted, decided and withdrawn. Each write is an event in
the chain of the request.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import demand, holders
from portal.audit.record import record
from portal.cases.models import NumberSeries
from portal.closures import calendars
from portal.privacy import outgoing
from portal.privacy.models import DAYS, DataRequest
from portal.registry.codes import SAPPORO
from portal.workflow.door import door, write_to
from portal.workflow.errors import Changed, Forbidden, NotReady, Stale

DRAFTER, DECIDER = "programme_officer", "approver"


def make(*, kind: str, about: str, wanted: str, by: User) -> DataRequest:
    """Ask about one's own data, signed in; the day is today."""
    with door(by):
        row = _begin(kind, about, wanted, clock.today(), person=by, name=by.name, entered_by=by)
        _note(row, "make", gettext_noop("自分の情報についての請求を受け付けました"), by)
        write_to(by, row, outgoing.RECEIVED)
        _tell_office(row, DRAFTER, outgoing.ARRIVED)
    return row


def enter(
    *,
    kind: str,
    about: str,
    wanted: str,
    name: str,
    address: str,
    identified_by: str,
    received_on: date,
    by: User,
) -> DataRequest:
    """Enter what somebody asked on paper, whose identity the officer saw.

    Raises NotReady for a day to come.
    """
    if received_on > clock.today():
        raise NotReady(_("受け取った日は、今日までの日にしてください。"))
    with door(by):
        row = _begin(
            kind,
            about,
            wanted,
            received_on,
            person=None,
            name=name,
            entered_by=by,
            address=address,
            identified_by=identified_by,
        )
        demand(by, row, DRAFTER)
        _note(row, "enter", gettext_noop("書面の請求を登録しました"), by)
        _tell_office(row, DRAFTER, outgoing.ARRIVED, but=by)
    return row


def _begin(
    kind: str,
    about: str,
    wanted: str,
    received_on: date,
    *,
    person: User | None,
    name: str,
    entered_by: User,
    address: str = "",
    identified_by: str = "",
) -> DataRequest:
    year = clock.today().year
    return DataRequest.objects.create(
        number=f"J{year}-{NumberSeries.one(f'data-request-{year}'):04}",
        kind=kind,
        about=about,
        wanted=wanted,
        person=person,
        name=name,
        address=address,
        identified_by=identified_by,
        entered_by=entered_by,
        received_on=received_on,
        due_on=due(received_on, DAYS),
    )


def due(received_on: date, days: timedelta) -> date:
    """The last day of a time; on a closed day, the next open one (地方自治法 4条の2第4項)."""
    return calendars.office(SAPPORO).next_open(received_on + days)


def prolong(request: DataRequest, *, reason: str, by: User) -> DataRequest:
    """Thirty days more, once, with a notice that says why (83条2項).

    Raises NotReady the second time, or once the day is over.
    """
    with _held(request, by, DRAFTER) as fresh:
        if fresh.extended_for or fresh.is_late:
            raise NotReady(_("期限の延長は、期限までに1回だけできます。"))
        fresh.extended_for, fresh.due_on = reason, due(fresh.received_on, 2 * DAYS)
        fresh.save()
        _note(fresh, "prolong", gettext_noop("請求に決定する期限を延ばしました"), by)
        _tell(fresh, outgoing.PROLONGED)
    return fresh


def draft(request: DataRequest, *, outcome: str, reason: str, by: User) -> DataRequest:
    """Propose the answer; anything but the whole says why (行政手続法 8条).

    Raises NotReady without that reason.
    """
    if outcome != "whole" and not reason:
        raise NotReady(_("請求のとおり行わないときは、理由を書いてください。"))
    with _held(request, by, DRAFTER) as fresh:
        fresh.outcome, fresh.reason, fresh.drafted_by = outcome, reason, by
        fresh.save()
        _note(fresh, "draft", gettext_noop("請求への決定の案を作りました"), by)
        _tell_office(fresh, DECIDER, outgoing.DRAFTED, but=by)
    return fresh


def send_back(request: DataRequest, *, by: User, seen: str) -> DataRequest:
    """The draft is made anew. Raises Changed unless it is the one that was read (`draft_print`)."""
    with _held(request, by, DECIDER) as fresh:
        _demand_drafted(fresh, seen)
        fresh.outcome, fresh.reason, fresh.drafted_by = "", "", None
        fresh.save()
        _note(fresh, "send_back", gettext_noop("請求への決定の案を差し戻しました"), by)
        _tell_office(fresh, DRAFTER, outgoing.SENT_BACK, but=by)
    return fresh


def decide(request: DataRequest, *, by: User, seen: str) -> DataRequest:
    """Decide as drafted: who asked is written to, and the letter can be read and printed.

    Raises Forbidden for whoever drafted it, Changed unless the draft is the one that was read
    (`draft_print`).
    """
    with _held(request, by, DECIDER) as fresh:
        _demand_drafted(fresh, seen)
        if fresh.drafted_by_id == by.pk:
            raise Forbidden(_("案を作った方とは別の職員が決定します。"))
        fresh.decided_by, fresh.decided_at = by, clock.now()
        fresh.save()
        _note(fresh, "decide", gettext_noop("請求に決定しました"), by)
        _tell(fresh, outgoing.DECIDED)
    return fresh


def withdraw(request: DataRequest, *, by: User) -> DataRequest:
    if request.person_id != by.pk:
        raise Forbidden(_("請求した方が取り下げてください。"))
    with door(by, [request]):
        fresh = _open(request)
        fresh.withdrawn_at = clock.now()
        fresh.save()
        _note(fresh, "withdraw", gettext_noop("請求を取り下げました"), by)
    return fresh


def ask_disposal(request: DataRequest, *, by: User) -> DataRequest:
    """Propose that it is disposed of. Raises NotReady while it is still kept."""
    with door(by, [request]):
        fresh = _over(request, by, DRAFTER)
        fresh.disposal_asked_by = by
        fresh.save()
        _note(fresh, "ask_disposal", gettext_noop("請求の記録の廃棄を提案しました"), by)
    return fresh


def dispose(request: DataRequest, *, by: User) -> DataRequest:
    """What was typed and who asked is erased; number, kind, days and outcome stay as the line of the
    register. Raises Forbidden for whoever proposed it, NotReady where nobody did.
    """
    with door(by, [request]):
        fresh = _over(request, by, DECIDER)
        if fresh.disposal_asked_by is None:
            raise NotReady(_("廃棄の提案がまだありません。"))
        if fresh.disposal_asked_by == by:
            raise Forbidden(_("廃棄を提案した方とは別の職員が決定します。"))
        for name in DataRequest.ERASED:
            setattr(fresh, name, "")
        if fresh.person is not None and fresh.entered_by == fresh.person:
            fresh.entered_by = User.objects.system()
        fresh.person, fresh.disposed_by, fresh.disposed_on = None, by, clock.today()
        fresh.save()
        _note(fresh, "dispose", gettext_noop("請求の記録を廃棄しました"), by)
    return fresh


def _over(request: DataRequest, by: User, role: str) -> DataRequest:
    fresh = DataRequest.objects.get(pk=request.pk)
    demand(by, fresh, role)
    if fresh.person_id == by.pk:
        raise Forbidden(_("ご自分の請求は、ほかの職員が扱います。"))
    if not fresh.is_over:
        raise NotReady(_("この請求の記録は、まだ保存する期間のうちにあるか、廃棄されています。"))
    return fresh


@contextmanager
def _held(request: DataRequest, by: User, role: str) -> Iterator[DataRequest]:
    """The request as it is now, for an officer of the role whose own it is not."""
    with door(by, [request]):
        fresh = _open(request)
        demand(by, fresh, role)
        if fresh.person_id == by.pk:
            raise Forbidden(_("ご自分の請求は、ほかの職員が扱います。"))
        yield fresh


def _open(request: DataRequest) -> DataRequest:
    fresh = DataRequest.objects.get(pk=request.pk)
    if not fresh.is_open:
        raise Stale(_("この請求は、すでに決定されたか、取り下げられています。"))
    return fresh


def _demand_drafted(request: DataRequest, seen: str) -> None:
    if not request.is_drafted:
        raise NotReady(_("決定の案がまだありません。"))
    if seen != request.draft_print:
        raise Changed(_("画面を開いたあとに案が変わりました。もう一度お確かめください。"))


def _tell(request: DataRequest, words: outgoing.Wording) -> None:
    """Whoever asked on paper gets the letter on paper."""
    if request.person is not None:
        write_to(request.person, request, words)


def _tell_office(
    request: DataRequest, role: str, words: outgoing.Wording, *, but: User | None = None
) -> None:
    """Write to those of the whole office who answer next; nobody hears of their own request there."""
    for person in holders(role, request):
        if person != but and person.pk != request.person_id:
            write_to(person, request, words)


def _note(request: DataRequest, what: str, label: str, by: User) -> None:
    record(
        chain=f"datarequest:{request.pk}",
        action=f"datarequest.{what}",
        label=label,
        subject=f"datarequest:{request.pk}",
        by=by,
        kind=request.kind,
        outcome=request.outcome,
    )
