"""The one door: the only code that runs a transition or brings a life-cycle row into being.

The outermost call opens one transaction, takes every lock in the one order, and at its end rewrites
turns, issues notices and defers jobs. Inner calls (a transition that performs another) lock nothing
new and act as the same person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar, cast

from django.db import models, transaction
from django.utils.translation import gettext as _

from portal import clock
from portal.audit.record import gathered
from portal.types import Given, Json
from portal.workflow import counter, duties, sent_twice, trace
from portal.workflow.bulk import ask_before, done_before, loaded, row_by_row, store
from portal.workflow.errors import Forbidden, NotReady, Refused, Stale, WrongState
from portal.workflow.gathering import Addressed, Letter, Run, Told
from portal.workflow.graph import UNBORN, LifeCycle, Spec, _inside
from portal.workflow.jobs import enqueue
from portal.workflow.outgoing import Outgoing, Wording
from portal.workflow.ports import (
    issue_notices,
    rewrite_turns,
    write_letters,
    write_mails,
)
from portal.workflow.requirements import touches, unmet

if TYPE_CHECKING:
    from portal.types import Case, User

L = TypeVar("L", bound=LifeCycle)
R = TypeVar("R")

_run: ContextVar[Run | None] = ContextVar("run", default=None)


def lock(rows: Iterable[models.Model]) -> None:
    """Lock rows in the one order: by the rank of their model, then by primary key; never blocking
    mere references.
    """
    wanted: dict[type[models.Model], set[int]] = {}
    for row in rows:
        if row.pk:
            wanted.setdefault(type(row), set()).add(row.pk)
    for model in sorted(wanted, key=lambda m: (getattr(m, "lock_rank", 500), m._meta.label)):
        locked = model._default_manager.select_for_update(no_key=True, of=("self",)).filter(
            pk__in=wanted[model]
        )
        list(locked.order_by("pk").values_list("pk", flat=True))


@contextmanager
def door(by: User, locks: Iterable[models.Model] = ()) -> Iterator[Run]:
    """The outermost frame of one or several performs; all or nothing."""
    outer = _run.get()
    if outer is not None:
        if by != outer.by:
            raise Refused("an inner perform acts as the person of the outer one")
        yield outer
        return
    with transaction.atomic(), gathered() as events:
        run = Run(by, events)
        lock(locks)
        token = _run.set(run)
        try:
            yield run
            _finish(run)
        finally:
            _run.reset(token)


def _finish(run: Run) -> None:
    """Notices first: issuing them tells people and defers their drawing.

    Turns before mails: they say who is written to.
    """
    run.write_down()
    if run.notices:
        issue_notices.value(run.notices, by=run.by)
    if run.cases:
        rewrite_turns.value(run.cases.values())
    if run.told:
        write_mails.value(run.told)
    if run.letters:
        write_letters.value(run.letters)
    enqueue(run.jobs)


def _inside_door(name: str) -> Run:
    run = _run.get()
    if run is None:
        raise RuntimeError(f"{name}() is used inside a door")
    return run


@contextmanager
def apart() -> Iterator[None]:
    """One row of many inside a door: where it is refused, its writes and what it gathered are
    undone, and the others stand.
    """
    run = _inside_door("apart")
    mark = run.mark()
    try:
        with transaction.atomic():
            yield
    except Refused:
        run.forget(mark)
        raise


def at_end(write: Callable[[list[R]], None], item: R) -> None:
    """Give `item` to `write` with all others of the outermost perform, at its end; else now."""
    run = _run.get()
    if run is None:
        write([item])
    else:
        run.writes.append((cast("Callable[[list[object]], None]", write), item))


def tell(
    case: Case,
    side: str,
    outgoing: Outgoing,
    *,
    by: User | None = None,
    obj: LifeCycle | None = None,
    **given: object,
) -> None:
    """Write to the people of one side what `outgoing` has for it (`given`: the values that it names;
    `obj`: the row it is about) at the end of the outermost perform, or now.
    """
    run = _run.get()
    told = Told(case, side, dict(outgoing.mails)[side], given, obj=obj, by=by)
    if run is None:
        write_mails.value([told])
    else:
        run.told.append(told)


def send_out(obj: LifeCycle, outgoing: Outgoing, **given: object) -> None:
    """Send out paper and mails of what happens to a row beside its transitions, as they would."""
    trace.send_out(_inside_door("send_out"), obj, outgoing, given)


def write_to(person: User, obj: Addressed, words: Wording, **given: object) -> None:
    """Write to one person about a row, once however often it is asked (`Letter`)."""
    run = _inside_door("write_to")
    if not any(letter.person == person and letter.obj == obj for letter in run.letters):
        run.letters.append(Letter(person, obj, words, given))


def defer(name: str, **arguments: Json) -> None:
    """Defer a job by name at the end of the outermost perform; else in the caller's transaction."""
    run = _run.get()
    if run is None:
        enqueue([(name, arguments)])
    else:
        run.jobs.append((name, arguments))


def touch(case: Case) -> None:
    """Rewrite this case's turns at the end of the outermost perform, or now."""
    run = _run.get()
    if run is None:
        rewrite_turns.value([case])
    else:
        run.cases[case.pk] = case


def perform(
    obj: L,
    name: str,
    *,
    by: User,
    seen: int | None = None,
    key: str = "",
    reason: str = "",
    **given: object,
) -> L:
    """Run transition `name` on a fresh, locked copy of `obj` as `by`, and return it.

    `seen`: the version the person looked at (Stale when it moved on); `key`: idempotency key of the
    form; `given`: what the transition's form brought. Raises a `Refused` with sentences; then
    nothing has changed.
    """
    model = type(obj)
    spec = model.specs()[name]
    touched = [] if _run.get() else obj.touched_cases()
    locks = [] if _run.get() else [*touched, *touches(obj, name, given)]
    with trace.refusals(by, obj, name), door(by, locks) as run:
        key = sent_twice.bound(key, model, name, obj.pk)
        if key and (known := sent_twice.answered(by, key)):
            return model._default_manager.get(pk=known)
        fresh = model._default_manager.get(pk=obj.pk)
        if seen is not None and seen != fresh.version:
            raise Stale(trace.who_was_first(by, fresh, fresh.version - seen))
        before = fresh.state
        _advance(by, fresh, spec, reason, given)
        fresh.save()
        run.touch(touched)  # also those that it leaves
        trace.note(run, [(fresh, before, given)], spec, reason)
        if key:
            sent_twice.remember(by, key, fresh.pk)
        return fresh


def perform_all(
    rows: Sequence[tuple[L, Given]], name: str, *, by: User, reason: str = ""
) -> list[L]:
    """Run one transition on many rows, all or none, inside a door that locked them before they were
    read; each with what is given for it, its own "reason" where they differ.

    The number of queries does not grow with the rows' as long as their requirements and their
    method ask nothing that was not prefetched. Raises NotReady with every refusal, each named by
    its case.
    """
    if not rows:
        return []
    _inside_door("perform_all")  # after the rows were locked and read
    spec = type(rows[0][0]).specs()[name]
    with trace.refusals(by, rows[0][0], name), door(by) as run:
        ask_before(by, [obj for obj, _given in rows])
        done = done_before(by, [obj for obj, _given in rows], spec)
        was = [loaded(obj) for obj, _given in rows]
        with row_by_row(by, name) as each:
            for obj, given in rows:
                with each(obj):
                    _advance(by, obj, spec, reason, given, done)
        at = clock.now()
        for obj, old in zip((obj for obj, _given in rows), was, strict=True):
            if obj.state_since != old["state_since"]:
                obj.state_since = at  # one and the same instant, since they are one act
        store([obj for obj, _given in rows], was)
        trace.note(
            run,
            [(obj, str(old["state"]), given) for (obj, given), old in zip(rows, was, strict=True)],
            spec,
            reason,
        )
        return [obj for obj, _given in rows]


def begin(model: type[L], *, by: User, key: str = "", reason: str = "", **given: object) -> L:
    """Bring a row into being by its transition `begin`, with the same locks, checks, event, duty,
    turns and jobs.
    """
    spec = model.specs()["begin"]
    locks: Iterable[models.Model] = () if _run.get() else spec.locks(None, given)
    with trace.refusals(by, model._meta.model_name or "", "begin"), door(by, locks) as run:
        key = sent_twice.bound(key, model, "begin", None)
        if key and (known := sent_twice.answered(by, key)):
            return model._default_manager.get(pk=known)
        obj = model()
        _be_born(by, obj, spec, reason, given)
        obj.save()
        obj.born(by, given)
        trace.note(run, [(obj, UNBORN, given)], spec, reason)
        if key:
            sent_twice.remember(by, key, obj.pk)
        return obj


def begin_all(model: type[L], rows: Sequence[Given], *, by: User) -> list[L]:
    """Bring many rows into being, inside a door: `begin` for each of what is given, stored at once.

    Rights and requirements are asked of each, as far as they can be found for all at once.
    """
    spec = model.specs()["begin"]
    with trace.refusals(by, model._meta.model_name or "", "begin"), door(by) as run:
        found = [model() for _given in rows]
        for obj, given in zip(found, rows, strict=True):
            _run_method(obj, spec, {"by": by, "reason": "", **given})
        ask_before(by, found)
        done = done_before(by, found, spec)
        with row_by_row(by, "begin") as each:
            for obj in found:
                with each(obj):
                    may(by, obj, spec, done)
                    ready(obj, spec)
        model._default_manager.bulk_create(found, batch_size=500)
        for obj, given in zip(found, rows, strict=True):
            obj.born(by, given)
        trace.note(
            run, [(obj, UNBORN, given) for obj, given in zip(found, rows, strict=True)], spec, ""
        )
        return found


def may(user: User, obj: LifeCycle, spec: Spec, done: dict[str, set[str]] | None = None) -> None:
    """Raise Forbidden with reasons unless `user` has the right and no duty forbids it (`done`:
    duties already looked up).
    """
    reasons = spec.permission.reasons(user, obj)
    if (
        not reasons and spec.asked_duty and (obj.pk or getattr(obj, "case_id", None))
    ):  # a new row counts by its case
        reasons = trace.kept_apart(user, obj, spec.asked_duty, done)
    if reasons:
        raise Forbidden(*reasons)


def ready(obj: LifeCycle, spec: Spec) -> None:
    if reasons := unmet(obj, spec):
        raise NotReady(*reasons)


def _advance(
    by: User,
    obj: LifeCycle,
    spec: Spec,
    reason: str,
    given: Given,
    done: dict[str, set[str]] | None = None,
) -> None:
    """Check state, right, duties and requirements of an existing row, then run its transition."""
    if obj.state not in spec.sources:
        raise WrongState(
            _("「%(state)s」の状態では「%(what)s」はできません。")
            % {"state": obj.info.label, "what": spec.label}
        )
    may(by, obj, spec, done)
    ready(obj, spec)
    told = {"reason": reason} | given
    if reasons := counter.missing(by, obj, spec, told):
        raise NotReady(*reasons)
    _run_method(obj, spec, told | {"by": by})


def _be_born(by: User, obj: LifeCycle, spec: Spec, reason: str, given: Given) -> None:
    """A new row is filled first: rights and requirements are asked of what it says."""
    _run_method(obj, spec, given | {"by": by, "reason": reason})
    may(by, obj, spec)
    ready(obj, spec)


def _run_method(obj: LifeCycle, spec: Spec, given: Given) -> None:
    token = _inside.set(True)
    try:
        getattr(obj, spec.name)(**given)
    finally:
        _inside.reset(token)
    obj.version += 1
    if spec.target not in spec.sources or obj.state_since is None:
        obj.state_since = clock.now()


@dataclass(frozen=True)
class Action:
    """A transition as a button: what it says and, where it cannot be pressed now, why."""

    spec: Spec
    obj: LifeCycle
    reasons: tuple[str, ...]

    @property
    def key(self) -> str:
        """By which a page tells its reasons from those of others."""
        return f"{self.spec.name}-{self.obj.pk}"


def actions(user: User, obj: LifeCycle, done: dict[str, set[str]] | None = None) -> list[Action]:
    """The transitions this person has the right to from the row's state, each with the reasons that
    block it now (`done`: duties already looked up, of this row and others).
    """
    found = []
    refusals: dict[int, list[str]] = {}  # several transitions share one permission: ask it once
    subjects: list[str] = []  # and what the person did, where a duty is asked at all
    for spec in obj.specs().values():
        if spec.internal or obj.state not in spec.sources:
            continue
        if id(spec.permission) not in refusals:
            refusals[id(spec.permission)] = spec.permission.reasons(user, obj)
        if refusals[id(spec.permission)]:
            continue
        asked = spec.asked_duty
        if asked and not subjects:
            subjects = obj.duty_subjects()
            done = duties.done(user, subjects) if done is None else done
        blocked = duties.conflicts(user, subjects, asked, done) if asked else []
        found.append(Action(spec, obj, tuple(blocked or unmet(obj, spec))))
    return found
