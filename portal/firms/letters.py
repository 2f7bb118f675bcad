"""The letter with a code to a firm's address: asked for, printed with a new code, posted by somebody
else than who printed it, and entered within thirty days with five tries.

What it shows is that it came to the address: nobody alone prints it, reads its code and says that it
left (docs/decisions/0043-a-number-belongs-to-nobody-until-proved.md).
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from portal import clock, parsing
from portal.accounts import proving, registered
from portal.accounts.keeping import keeps_firms, of_kept
from portal.accounts.models import Organisation, User
from portal.audit.record import record
from portal.firms import outgoing
from portal.firms.models import TRIES, FirmClaim, Passing, ProofLetter
from portal.firms.ports import PrintedLetter
from portal.workflow.door import door, lock, write_to
from portal.workflow.errors import Forbidden, NotReady

T = TypeVar("T")

DAYS = 30  # from its printing, for entering the code
MOST, WITHIN = 3, timedelta(days=90)  # letters to one firm that one person asks for
MOST_OF_ALL = 12  # that all ask for: strangers shall not use up what its own people need
MOST_TOLD = 12  # that claims of strangers bring about
SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that is read as another
LENGTH = 8  # forty bits, with five tries


@dataclass(frozen=True)
class Addressee:
    name: str
    postal_code: str
    address: str


def addressee(organisation: Organisation) -> Addressee | None:
    """To whom a letter goes: a corporation's registered head office, else the address that a sole
    proprietor gave, who takes nobody's number by it. None where there is no such address.
    """
    if organisation.is_sole_proprietor:
        whole = organisation.seat.whole(organisation.address)
        own = Addressee(organisation.name, organisation.postal_code, whole)
        return own if whole and not organisation.country else None
    found = registered.of(organisation.corporate_number)
    if found is None or found.is_closed or not found.prefecture:
        return None
    return Addressee(found.name, found.postal_code, found.address)


def lacks_address(organisation: Organisation) -> bool:
    """Could a letter go to a sole proprietor, had they said where?"""
    is_here = organisation.is_sole_proprietor and not organisation.country
    return is_here and addressee(organisation) is None


def is_shut(organisation: Organisation) -> bool:
    """Does no letter show whose this firm is, since there is no address to which one may go?"""
    return addressee(organisation) is None and not lacks_address(organisation)


def advice(organisation: Organisation) -> str:
    """What is said to whoever has proved nothing yet: which way to take in good time."""
    if is_shut(organisation):
        return _("この事業者には確認の手紙を送れないので、窓口で確認を受けてください。")
    return _("手紙での確認は1週間ほどかかるので、早めに始めてください。")


def live_of(organisation: Organisation, person: User) -> ProofLetter | None:
    """The letter whose code the person may enter, or that is on its way."""
    found = _own(organisation).filter(person=person, ended_at=None).first()
    return None if found is None or found.is_over else found


def _own(organisation: Organisation) -> QuerySet[ProofLetter]:
    """Those that its people asked for, to show whose the firm is."""
    return organisation.proof_letters.filter(asked_by=None, claim=None)


def may_ask(organisation: Organisation, person: User) -> list[str]:
    """Why no letter can be asked for now."""
    if lacks_address(organisation):
        return [_("所在地がまだ登録されていません。所在地を入力すると、そこに手紙を送れます。")]
    if organisation.is_sole_proprietor and organisation.country:
        return [_("国外の所在地には、手紙を送れません。ほかの方法で確認を受けてください。")]
    if addressee(organisation) is None:
        return [
            _(
                "手紙は、法人番号の公表サイトにある本店の所在地だけに送ります。この窓口はその所在地を知らないので、送れません（入力された所在地には送りません）。ほかの方法で確認を受けてください。"
            )
        ]
    if live_of(organisation, person) is not None:
        return [_("手紙は頼んであります。届くまでお待ちください。")]
    if reasons := too_many(_own(organisation).filter(person=person)):
        return reasons
    if _sent(_own(organisation)) >= MOST_OF_ALL:
        return [_("この事業者あての手紙が続いています。ほかの方法で確認を受けてください。")]
    return []


def too_many(rows: QuerySet[ProofLetter]) -> list[str]:
    """Why no further one of these letters is sent for now."""
    if _sent(rows) < MOST:
        return []
    return [_("90日のあいだに送れる手紙は3通までです。ほかの方法で確認を受けてください。")]


def _sent(rows: QuerySet[ProofLetter]) -> int:
    """How many were sent of late; those that never left do not count."""
    return rows.filter(asked_at__gt=clock.now() - WITHIN, dropped_by=None).count()


def ask(organisation: Organisation, *, by: User) -> ProofLetter:
    """Ask for a letter. Raises NotReady with the reasons of `may_ask`."""
    with door(by, [organisation]):
        if reasons := may_ask(organisation, by):
            raise NotReady(*reasons)
        _own(organisation).filter(person=by, ended_at=None).update(ended_at=clock.now())
        return begin(organisation, by, by=by)


def take_back(organisation: Organisation, *, by: User) -> None:
    """Whoever asked for a letter wants none, or another address on it: until it is printed. Raises
    NotReady.
    """
    with door(by, [organisation]):
        rows = _own(organisation).filter(person=by, ended_at=None, printed_at=None)
        lock(rows)
        letter = rows.first()
        if letter is None:
            raise NotReady(_("手紙はもう印刷されたか、頼まれていません。"))
        letter.dropped_by, letter.dropped_reason = by, _("頼んだ方が取りやめました")
        letter.ended_at = clock.now()
        letter.save()
        _note(letter, "letter.take_back", by)


def begin(
    organisation: Organisation, person: User, *, by: User, asked_by: User | None = None
) -> ProofLetter:
    """A new letter in the list to print; that there is an address was asked before."""
    to = addressee(organisation)
    assert to is not None  # noqa: S101  so it was
    letter = ProofLetter.objects.create(
        organisation=organisation,
        person=person,
        name=to.name,
        postal_code=to.postal_code,
        address=to.address,
        asked_at=clock.now(),
        asked_by=asked_by,
    )
    _note(letter, "letter.ask", by)
    return letter


def tell(claim: FirmClaim, what: str, *, by: User, until: date | None = None) -> None:
    """Put a letter about a claim on a firm that nobody signs in for into the list to print: `what` it
    tells, as `outgoing.TO_HOLDERS` names it, and until when the firm may answer.

    Nothing where its address is not known, and beyond some letters to one firm.
    """
    firm = claim.organisation
    to = addressee(firm)
    if to is None or _sent(firm.proof_letters.exclude(claim=None)) >= MOST_TOLD:
        return
    letter = ProofLetter.objects.create(
        organisation=firm,
        claim=claim,
        tells=what,
        name=to.name,
        postal_code=to.postal_code,
        address=to.address,
        asked_at=clock.now(),
        last_day=until,
    )
    _note(letter, "letter.tell", by)


def to_print() -> QuerySet[ProofLetter]:
    """Asked for, and not posted yet: a letter may be printed again until then, with a new code."""
    return ProofLetter.objects.filter(ended_at=None, posted_at=None)


def waiting(by: User) -> list[QuerySet[Model]]:
    """The letters, the claims, and the claims whose proposal by an officer waits for its days or for
    another, that wait for a person of the office.
    """
    if not keeps_firms(by):
        return []
    kept = of_kept(by, "organisation")
    claims = FirmClaim.objects.filter(kept, outcome="")
    proposed = Q(pk__in=Passing.objects.filter(outcome="").values("claim"))
    return [
        to_print().filter(kept),
        claims.exclude(proposed),
        claims.filter(proposed),
    ]


@transaction.atomic
def print_out(wanted: Sequence[int], *, by: User) -> list[PrintedLetter]:
    """Give each of these letters a new code, of which the hash is kept, and return what is printed.

    Raises Forbidden for who may not decide about one of the firms.
    """
    rows = list(to_print().filter(pk__in=wanted))
    lock(rows)
    printed = []
    here = to_print().filter(pk__in=[row.pk for row in rows])
    for letter in here.select_related("organisation", "person"):
        proving.demand_officer(by, letter.organisation)
        code = "" if letter.tells else _new_code(letter)
        letter.printed_at, letter.printed_by = clock.now(), by
        letter.save()
        _note(letter, "letter.print", by)
        printed.append(
            PrintedLetter(
                number=letter.pk,
                name=letter.name,
                postal_code=letter.postal_code,
                address=letter.address,
                person=letter.person.name if letter.person and letter.is_of_factor else "",
                code=code,
                tells=letter.tells,
                printed_on=clock.today(),
                last_day=letter.last_day,
            )
        )
    return printed


def _new_code(letter: ProofLetter) -> str:
    """As it is printed; the letter keeps its hash, and the day until which it is taken."""
    code = "".join(secrets.choice(SIGNS) for _n in range(LENGTH))
    letter.code_hash, letter.tries = make_password(code), 0
    letter.last_day = clock.today() + timedelta(days=DAYS)
    return f"{code[:4]}-{code[4:]}"


def posted(wanted: Sequence[int], *, by: User) -> int:
    """These letters have left the house; whoever asked is told. How many there were.

    Raises Forbidden for who may not decide about one of the firms, or printed a code that is among
    them.
    """
    with door(by):
        rows = to_print().filter(pk__in=wanted).exclude(printed_at=None)
        lock(rows)
        found = list(rows.select_related("organisation", "person"))
        for letter in found:
            proving.demand_officer(by, letter.organisation)
            if letter.code_hash and letter.printed_by_id == by.pk:
                raise Forbidden(
                    _(
                        "番号の入った手紙の発送は、印刷した人とは別の職員が記録します（%(name)sあて）。"
                    )
                    % {"name": letter.name}
                )
            letter.posted_at, letter.posted_by = clock.now(), by
            letter.ended_at = None if letter.person else clock.now()  # it waits for no code
            letter.save()
            _note(letter, "letter.post", by)
            words = outgoing.FACTOR_LETTER_POSTED if letter.is_of_factor else outgoing.LETTER_POSTED
            if letter.person:
                write_to(letter.person, letter, words, day=letter.last_day)
    return len(found)


def drop(wanted: Sequence[int], reason: str, *, by: User) -> int:
    """Take letters that are not needed any more out of the list to print, with the reason; whoever
    asked for one is told that none comes. How many there were.

    Raises Forbidden for who may not decide about one of the firms.
    """
    with door(by):
        rows = to_print().filter(pk__in=wanted)
        lock(rows)
        found = list(rows.select_related("organisation", "person"))
        for letter in found:
            proving.demand_officer(by, letter.organisation)
            letter.dropped_by, letter.dropped_reason = by, reason
            letter.ended_at = clock.now()
            letter.save()
            _note(letter, "letter.drop", by, reason=reason)
            if letter.person and not letter.is_of_factor:
                write_to(letter.person, letter, outgoing.LETTER_DROPPED)
    return len(found)


def plain(typed: str) -> str:
    """A code as it is hashed, in whatever width, case and grouping it was typed."""
    return parsing.folded(typed).upper().replace("-", "").replace(" ", "")


def enter(letter: ProofLetter, typed: str, *, by: User, then: Callable[[], T]) -> T:
    """Enter the code of a letter: from then on it is used up, and what it proves is done by `then`,
    which says what came of it.

    A wrong one is counted, whatever else becomes of the request. Raises NotReady; Forbidden for
    anybody but who asked for it, of a firm or of the office (then whoever may hear the code, and has
    not printed it).
    """
    if letter.person_id != by.pk and not letter.is_of_factor:
        raise Forbidden(_("この手紙を頼んだ方が入力してください。"))
    with transaction.atomic():
        lock([letter])
        fresh = ProofLetter.objects.get(pk=letter.pk)
        if fresh.is_over or not fresh.code_hash:
            raise NotReady(_("この手紙の番号は、もう使えません。手紙をもう一度頼んでください。"))
        if fresh.printed_by_id == by.pk:
            raise Forbidden(_("この手紙の番号は、印刷した人とは別の職員が聞き取ります。"))
        if fresh.posted_at is None:
            raise NotReady(
                _(
                    "この手紙の発送が、まだ記録されていません。手紙がお手元に届いているときは、市の担当にお知らせください。"
                )
            )
        is_right = check_password(plain(typed), fresh.code_hash)
        if is_right:
            fresh.used_at = fresh.ended_at = clock.now()
        else:
            fresh.tries += 1
            fresh.ended_at = clock.now() if fresh.tries == TRIES else None
        fresh.save()
        _note(fresh, "letter.enter" if is_right else "letter.miss", by)
        if is_right:
            return then()
    if fresh.ended_at is not None:
        raise NotReady(
            _("番号が5回違ったので、この手紙は使えなくなりました。もう一度頼んでください。")
        )
    raise NotReady(_("番号が違います。あと%(n)s回入力できます。") % {"n": fresh.tries_left})


def _note(letter: ProofLetter, action: str, by: User, **content: str) -> None:
    subject = f"organisation:{letter.organisation_id}"
    capacity = "office" if by.is_office else by.capacity_for(letter)
    record(chain=subject, action=action, subject=subject, by=by, capacity=capacity, **content)
