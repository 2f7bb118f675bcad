"""Who hears of which call: once per person and call, by one mail for all that is new to them.

What was missed while the portal was down is made up for. A mail holds names of calls, purposes and
conditions: nothing of a person or firm, nor what somebody typed.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime, time, timedelta
from functools import partial
from itertools import islice
from typing import TypeAlias

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from grants.fitting import firms, keeping, outgoing
from grants.fitting.fit import Firm, Offer, Verdict, fit
from grants.fitting.models import Mark, SavedSearch, Told
from grants.fitting.words import joined
from grants.programmes import catalogue
from grants.programmes.finding.results import Results
from grants.programmes.models import Call, CallQuerySet
from portal import clock, sentences
from portal.accounts.models import Delegation, Membership, Organisation, User, in_force
from portal.correspondence import news
from portal.correspondence.digests import own_choices
from portal.correspondence.kinds import NEVER

NEW_FOR = timedelta(days=60)  # since its intake began: longer than any outage
AT_ONCE = 500  # firms looked at together

# says why, in the language of whoever asks
Reason: TypeAlias = Callable[[], str]
# person → call → why it is told
Wanted: TypeAlias = defaultdict[int, dict[int, list[Reason]]]


def tell() -> int:
    """Tell everybody what is new to them and what they asked to be reminded of. Returns how many
    mails; a second run finds nothing.
    """
    calls = {call.pk: call for call in _new()}
    wanted: Wanted = defaultdict(lambda: defaultdict(list))
    if calls:
        _by_firms(calls, wanted)
        _by_searches(calls, wanted)
        _leave_out(wanted, calls)
    reminders = _to_remind()
    return sum(
        _tell(person, wanted.get(person, {}), calls, reminders.get(person, []))
        for person in sorted({*wanted, *reminders})
    )


def _open() -> CallQuerySet:
    rows = catalogue.public().filter(pk__in=Call.objects.open().values("pk"))
    return rows.select_related("programme").prefetch_related("periods")


def _new() -> list[Call]:
    rows = _open().filter(periods__opens_at__range=(clock.now() - NEW_FOR, clock.now()))
    return list(rows.distinct())


def began(call: Call) -> datetime:
    """When the intake that runs now began."""
    period = call.period_at(clock.now())
    if period is None:
        raise ValueError(f"call {call.pk} is not open")
    return period.opens_at


# -- by whom ---------------------------------------------------------------------------------------
def _by_firms(calls: dict[int, Call], wanted: Wanted) -> None:
    """Whoever belonged to a firm, or advised it, before the intake began, where the call fits it."""
    begun = {pk: began(call) for pk, call in calls.items()}
    offers = {pk: Offer.of(call) for pk, call in calls.items()}
    rows = Organisation.objects.select_related("area").order_by("pk").iterator(AT_ONCE)
    while some := {firm.pk: firm for firm in islice(rows, AT_ONCE)}:
        known = firms.known(some.values())
        for firm, person, since in _people(some):
            for pk, offer in offers.items():
                if since <= begun[pk] and fit(offer, known[firm]).verdict == Verdict.FITS:
                    wanted[person][pk].append(partial(_of_firm, offer, known[firm]))


def _people(some: Collection[int]) -> Iterator[tuple[int, int, datetime]]:
    """(firm, person, since when) of those who are told for these firms."""
    members = Membership.objects.filter(organisation__in=some, left_at=None, user__is_active=True)
    yield from members.values_list("organisation", "user", "joined_at")
    advisers = Delegation.objects.filter(
        in_force(), organisation__in=some, programme_code="", adviser__is_active=True
    )
    for firm, person, day in advisers.values_list("organisation", "adviser", "starts_on"):
        yield firm, person, datetime.combine(day, time(), clock.JST)


def _of_firm(offer: Offer, firm: Firm) -> str:
    return sentences.joined(fit(offer, firm).why)


def _by_searches(calls: dict[int, Call], wanted: Wanted) -> None:
    """Each search once, by however many it is kept."""
    rows: defaultdict[str, list[SavedSearch]] = defaultdict(list)
    last = max(began(call) for call in calls.values())
    for row in SavedSearch.objects.filter(kept_at__lte=last, person__is_active=True):
        rows[row.key].append(row)
    for same in rows.values():
        found = keeping.found(same[0].asked)
        if found is None or found.is_near:
            continue
        for call in found.calls.filter(pk__in=calls):
            for row in same:
                if row.kept_at <= began(calls[call.pk]):
                    wanted[row.person_id][call.pk].append(partial(_of_search, found, call))


def _of_search(found: Results, call: Call) -> str:
    meant = dict.fromkeys(row.meant for row in found.because(call))
    if not meant:
        return _("保存した検索に当てはまります。")
    return _("保存した検索に当てはまります（%(why)s）。") % {"why": joined(meant)}


def _leave_out(wanted: Wanted, calls: Collection[int]) -> None:
    """What a person heard of or has hidden; and all of those who wish for no news."""
    heard = Told.objects.filter(person__in=wanted, call__in=calls)
    hidden = Mark.objects.filter(person__in=wanted, call__in=calls, is_hidden=True)
    for rows in (heard, hidden):
        for person, call in rows.values_list("person", "call"):
            wanted[person].pop(call, None)
    chosen = own_choices(User.objects.filter(pk__in=wanted).only("pk"))
    unwished = {person for person, choice in chosen.items() if choice.news == NEVER}
    for person in list(wanted):
        if not wanted[person] or person in unwished:
            del wanted[person]


def _to_remind() -> dict[int, list[Call]]:
    """Person → calls of which the day has come, as long as they take applications."""
    due = Mark.objects.filter(
        remind_on__lte=clock.today(), reminded_at=None, person__is_active=True
    )
    found: defaultdict[int, list[Call]] = defaultdict(list)
    calls = {call.pk: call for call in _open().filter(pk__in=due.values("call"))}
    for person, call in due.values_list("person", "call"):
        if call in calls:
            found[person].append(calls[call])
    return found


# -- the mail --------------------------------------------------------------------------------------
@transaction.atomic
def _tell(
    pk: int, wanted: dict[int, list[Reason]], calls: dict[int, Call], asked: list[Call]
) -> int:
    """One mail, or none where another worker was first: it waits here until that one is done."""
    person = User.objects.select_for_update(no_key=True).get(pk=pk)
    heard = set(Told.objects.filter(person=person, call__in=wanted).values_list("call", flat=True))
    marks = Mark.objects.filter(person=person)
    left = heard | set(marks.filter(is_hidden=True).values_list("call", flat=True))
    fresh = {call: why for call, why in wanted.items() if call not in left}
    due = marks.filter(call__in=asked, reminded_at=None, remind_on__lte=clock.today())
    again = set(due.values_list("call", flat=True))
    reminded = [call for call in asked if call.pk in again]
    due.update(reminded_at=clock.now())
    Told.objects.bulk_create([Told(person=person, call=calls[call]) for call in fresh])
    if not fresh and not reminded:
        return 0
    with override(person.language):
        lines = [_item(call, [_("お知らせを頼まれていた日になりました。")]) for call in reminded]
        lines += [
            _item(calls[call], dict.fromkeys(reason() for reason in why))
            for call, why in fresh.items()
            if call not in again
        ]
        news.send(person, outgoing.NEWS, lines)
    return 1


def _item(call: Call, why: Iterable[str]) -> str:
    return _("■ %(name)s\n締切：%(until)s\n%(why)s\n%(link)s") % {
        "name": f"{call.name}（{call.label}）",
        "until": call.intake_until(call.closes_at),
        "why": "\n".join(why),
        "link": f"{settings.SITE_URL}{call.public_url}",
    }
