"""What stays of a transition: duties and the record at once, and what the outermost perform does at
its end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from portal import events
from portal.audit.models import Event as Recorded
from portal.audit.record import record
from portal.events import Event
from portal.types import Given
from portal.workflow import counter, duties
from portal.workflow.errors import Refused
from portal.workflow.gathering import Letter, Run, Told
from portal.workflow.graph import LifeCycle, Spec
from portal.workflow.outgoing import NOTHING, Outgoing
from portal.workflow.ports import joined_touches

if TYPE_CHECKING:
    from portal.types import User


@contextmanager
def refusals(by: User, row: LifeCycle | str, name: str) -> Iterator[None]:
    """A refusal leaves one line in the log, of the transition that says no, and not of those around
    it.
    """
    try:
        yield
    except Refused as refused:
        if not refused.is_noted:
            refused.is_noted = True
            code = type(refused).__name__
            events.log(Event.TRANSITION_REFUSED, user=by.pk, of=row, transition=name, code=code)
        raise


def kept_apart(
    by: User, obj: LifeCycle, duty: str, done: dict[str, set[str]] | None = None
) -> list[str]:
    """Why the person may not do the duty on the row. Where an exception lets one person do both of a
    pair, that is recorded.
    """
    found = duties.clashes(by, obj.duty_subjects(), duty, done)
    allowed = duties.excepted(found)
    if reasons := duties.said(clash for clash in found if clash not in allowed):
        return reasons
    for pair, exception in sorted({(clash.pair, allowed[clash]) for clash in found}):
        record(
            chain=obj.audit_chain,
            action="duty.excepted",
            subject=obj.subject_key if obj.pk else obj.audit_chain,
            by=by,
            capacity="office",
            label=gettext_noop("職務の分離の例外により、兼ねられない職務を同じ職員が行いました"),
            pair=pair,
            exception=exception,
        )
    return []


def note(run: Run, rows: Sequence[tuple[LifeCycle, str, Given]], spec: Spec, reason: str) -> None:
    """Note duties, record, and gather what the end of the run does, for each (row as stored, state
    before, given).
    """
    if spec.duty:
        duties.note(
            run.by,
            [subject for obj, _before, _given in rows for subject in obj.duty_subjects()],
            spec.duty,
        )
    with override("ja"):  # stored as the message id, shown in the reader's language
        label = str(spec.done)
    for touched in joined_touches.of(type(rows[0][0])):
        run.touch(touched([(obj, before) for obj, before, _given in rows]))
    type(rows[0][0]).mirror_all([obj for obj, _before, _given in rows])
    for obj, before, given in rows:
        said = {"reason": reason, **given}
        record(
            chain=obj.audit_chain,
            action=f"{obj._meta.model_name}.{spec.name}",
            subject=obj.subject_key,
            by=run.by,
            before=before,
            after=obj.state,
            capacity=_capacity(run.by, obj, spec),
            reason=said["reason"],
            label=label,
            given=_plain({k: v for k, v in given.items() if k not in ("reason", *spec.unsaid)}),
        )
        run.touch(obj.touched_cases())
        send_out(run, obj, obj.OUTGOING.get(spec.name, NOTHING), said)
        if (taken_in := counter.letter(run.by, obj, spec)) is not None:
            with override("ja"):  # on paper
                send_out(run, obj, taken_in, {**said, "what": str(spec.label)})


def who_was_first(user: User, obj: LifeCycle, steps: int) -> str:
    """Why a page is too old by that many steps of its row: people work in several windows. A step
    without an event, as the keeping of words, counts as somebody else's.
    """
    done = Recorded.objects.filter(subject=obj.subject_key).order_by("-pk")
    people = list(done.values_list("actor", flat=True)[: max(steps, 0)])
    if set(people) == {user.pk}:
        return _(
            "この画面を開いたあとに、ご自身が別の画面で先に進めています。いまの内容を確かめてから、もう一度押してください。"
        )
    return _("ほかの人が先に更新しました。いまの内容を確かめてから、もう一度押してください。")


def send_out(run: Run, obj: LifeCycle, outgoing: Outgoing, given: Given) -> None:
    """Gather the paper (its facts may ask for `given`) and the mails about a row."""
    if outgoing.paper:
        run.notices.append((outgoing.paper, obj, given))
    case = getattr(obj, "case", None)
    if case is not None:
        run.told += [
            Told(case, side, words, obj.told_values, obj=obj, by=run.by)
            for side, words in outgoing.mails
        ]
    else:
        run.letters += [
            Letter(person, obj, words)
            for side, words in outgoing.mails
            for person in obj.hearers(side)
        ]


def _capacity(user: User, obj: LifeCycle, spec: Spec) -> str:
    """`counter` where the office does for the applicant what came on paper."""
    found = getattr(user, "capacity_for", None)
    capacity = str(found(obj)) if found else ""
    is_counter = capacity == "office" and counter.is_taken_in(user, obj, spec)
    return "counter" if is_counter else capacity


def _plain(given: Given) -> Given:
    return {
        k: v for k, v in given.items() if isinstance(v, str | int | bool) or hasattr(v, "isoformat")
    }
