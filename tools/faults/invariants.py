"""What must be so after every fault: each question by its name, and who answers it with what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from grants.applications.models import Application
from grants.applications.versions import ApplicationVersion
from grants.awards.models import Award
from grants.budget.models import BudgetLine
from grants.payments import verifying as payments
from grants.payments.models import Payment, PaymentBatch
from grants.payments.states import LIVE_PAYMENTS, SENT_BATCHES
from portal import clock
from portal.audit import verifying
from portal.audit.models import Event
from portal.cases import tallies, turns
from portal.correspondence.models import Mail
from portal.documents import store
from portal.notices.models import Notice
from tools.faults.jobs import POISON
from tools.faults.ledger import Ledger, sha256

WAITS = timedelta(minutes=3)  # a job that could be done is done by then
SHOWN = 5


@dataclass
class Known:
    """What lies outside the portal: what people were told, and what the mail server took."""

    ledger: Ledger = field(default_factory=Ledger)
    taken: Counter[str] = field(default_factory=Counter)
    unanswered: Counter[str] = field(default_factory=Counter)
    gave_up: list[str] = field(default_factory=list)
    dead: Callable[[], list[str]] = list  # names of processes that ended by themselves


def accepted_files(_known: Known) -> Iterator[str]:
    """Each file of each version that was handed in, read back."""
    prints: dict[str, str] = {}
    for version in ApplicationVersion.objects.select_related("application__case"):
        number = version.application.case.number
        frozen = {row["sha256"] for row in version.content["documents"]}
        kept = dict(
            version.application.case.documents.filter(file__sha256__in=frozen).values_list(
                "file__sha256", "file__key"
            )
        )
        for wanted in frozen:
            key = kept.get(wanted, "")
            if key and key not in prints:
                prints[key] = store.sha256_of(key)
            if not key or prints[key] != wanted:
                yield f"{number}: {key or wanted}"


def acknowledged(known: Known) -> Iterator[str]:
    yield from known.ledger.missing()


def paid_once(_known: Known) -> Iterator[str]:
    """One payment of a claim at most is on its way or made; none of an award's exceeds what is fixed;
    none stands in two files for the bank.
    """
    live = Payment.objects.filter(state__in=LIVE_PAYMENTS)
    for row in live.values("claim").annotate(n=Count("pk")).filter(n__gt=1):
        yield f"claim {row['claim']}: {row['n']} payments"
    made = Sum("payments__amount", filter=Q(payments__state__in=LIVE_PAYMENTS))
    most = Coalesce(F("fixed_amount"), F("awarded_amount"))
    for award in Award.objects.annotate(made=made).filter(made__gt=most):
        yield f"{award.case.number}: more is paid than is fixed"
    lines: Counter[tuple[str, ...]] = Counter()
    sent = Payment.objects.filter(batch__state__in=SENT_BATCHES).exclude(state="bounced")
    for claim, amount in sent.values_list("claim", "amount"):
        lines[str(claim), str(amount)] += 1
    yield from (f"sent to the bank {n} times: {line}" for line, n in lines.items() if n > 1)
    for batch in PaymentBatch.objects.filter(state__in=SENT_BATCHES):
        if batch.content is not None and batch.sha256 != sha256(bytes(batch.content)):
            yield f"{batch.number}: other bytes than were frozen"


def within_lines(_known: Known) -> Iterator[str]:
    """Of each line no more is promised than there is, no more paid than promised, and as much as its
    payments come to; what awards carry is what their sources say.
    """
    paid = Payment.objects.filter(state="paid")
    for line in BudgetLine.objects.filter(unit="yen"):
        if not 0 <= line.disbursed <= line.committed <= line.appropriated:
            yield f"{line}: {line.disbursed} of {line.committed} of {line.appropriated}"
        ours = paid.filter(award__application__call=line.call_id, award__frame=line.frame)
        if (made := ours.aggregate(yen=Sum("amount", default=0))["yen"]) != line.disbursed:
            yield f"{line}: {made} was paid, {line.disbursed} is booked"
    if fault := payments.first_fault():
        yield fault


def record(_known: Known) -> Iterator[str]:
    if fault := verifying.first_fault():
        yield fault


def turns_agree(_known: Known) -> Iterator[str]:
    yield from turns.differing()
    if not tallies.is_exact():
        yield "turns or open cases are counted wrongly"


def documents_agree(_known: Known) -> Iterator[str]:
    """Every row has its object. An object without a row is left over, and harms nobody."""
    yield from (fault for fault in store.faults() if not fault.endswith("no row"))


def handed_in_whole(_known: Known) -> Iterator[str]:
    """What was handed in has a version, a line of the record and a receipt, and each as often."""
    acts = Event.objects.filter(action__in=["application.submit", "application.resubmit"])
    handed_in = Counter(acts.values_list("subject", flat=True))
    receipts = Counter(Notice.objects.filter(kind="receipt").values_list("case", flat=True))
    found = Application.objects.annotate(n=Count("versions")).select_related("case")
    for one in found:
        events, number = handed_in[one.subject_key], one.case.number
        if (one.state != "draft") != bool(one.n) or one.n != events:
            yield f"{number} is {one.state}: {one.n} versions, {events} lines of the record"
        if bool(one.n) != bool(receipts[one.case_id]):
            yield f"{number}: {receipts[one.case_id]} receipts"


def mails(known: Known) -> Iterator[str]:
    """What is said to be sent was taken; under one number no oftener than an answer was lost; and no
    two say the same to the same person.
    """
    for mail in Mail.objects.filter(state="sent").exclude(envelope=None):
        number = next((n for n in known.taken if n.startswith(f"{mail.envelope}@")), "")
        if not number:
            yield f"mail {mail.pk} was lost"
        elif known.taken[number] > 1 + known.unanswered[number]:
            yield f"mail {mail.pk} was sent {known.taken[number]} times"
    same = Mail.objects.exclude(body="").values("case", "to", "address", "subject", "body")
    for row in same.annotate(n=Count("pk")).filter(n__gt=1):
        yield f"{row['n']} mails say the same: {row['subject']}"


def jobs(_known: Known) -> Iterator[str]:
    """None waits that could be done, none is held by a dead worker, none has ended for good but the
    poison.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STUCK, [WAITS.total_seconds(), WAITS.total_seconds(), POISON])
        for pk, task, status, attempts in cursor.fetchall():
            yield f"job {pk} {task}: {status}, {attempts} tries"


_STUCK = """
SELECT job.id, job.task_name, job.status::text, job.attempts FROM procrastinate_jobs job
LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
WHERE (job.status = 'todo' AND coalesce(job.scheduled_at, (
    SELECT max(at) FROM procrastinate_events WHERE job_id = job.id
  )) < now() - %s * interval '1 second')
  OR (job.status = 'doing' AND coalesce(worker.last_heartbeat, '-infinity') < now() - %s * interval '1 second')
  OR (job.status = 'failed' AND job.task_name <> %s)
ORDER BY job.id LIMIT 20
"""


def processes_run(known: Known) -> Iterator[str]:
    yield from known.dead()


def nobody_is_kept_out(known: Known) -> Iterator[str]:
    yield from known.gave_up


INVARIANTS: dict[str, Callable[[Known], Iterator[str]]] = {
    "what was handed in has its files": accepted_files,
    "what was acknowledged is there": acknowledged,
    "what was handed in is whole": handed_in_whole,
    "nobody is paid twice": paid_once,
    "sums are within their lines": within_lines,
    "the record is whole": record,
    "turns agree with their cases": turns_agree,
    "documents agree with the storage": documents_agree,
    "no mail is lost or doubled": mails,
    "no job is stuck": jobs,
    "processes run": processes_run,
    "nobody is kept out": nobody_is_kept_out,
}


def ask(name: str, known: Known) -> list[str]:
    """What is wrong, of one moment; nothing where all is well."""
    with transaction.atomic():
        return list(INVARIANTS[name](known))[:SHOWN]


def unsent() -> int:
    """Mails that wait."""
    return Mail.objects.filter(state__in=["queued", "failed"], queued_at__lt=clock.now()).count()
