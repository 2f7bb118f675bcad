"""The one door: the only code that runs a transition or brings a life-cycle row into being.

The outermost call opens one transaction, takes every lock in the one order, and at its end rewrites turns, issues
notices and defers jobs. Inner calls (a transition that performs another) lock nothing new and act as the same person.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal import clock, ports
from portal.audit.record import record
from portal.workflow import duties
from portal.workflow.errors import Forbidden, NotReady, Refused, Stale, WrongState
from portal.workflow.graph import UNBORN, LifeCycle, Spec, _inside
from portal.workflow.jobs import enqueue
from portal.workflow.models import AnsweredKey

L = TypeVar("L", bound=LifeCycle)


@dataclass
class Run:
    """What the outermost call has gathered for its end."""

    by: Any
    cases: dict[int, Any] = field(default_factory=dict)
    notices: list[tuple[str, Any, dict[str, Any]]] = field(default_factory=list)
    jobs: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    told: list[tuple[Any, str, str]] = field(default_factory=list)


_run: ContextVar[Run | None] = ContextVar("run", default=None)


def lock(rows: Iterable[models.Model]) -> None:
    """Lock rows in the one order: by the rank of their model, then by primary key; never blocking mere references."""
    wanted: dict[type[models.Model], set[int]] = {}
    for row in rows:
        if row.pk:
            wanted.setdefault(type(row), set()).add(row.pk)
    for model in sorted(wanted, key=lambda m: (getattr(m, "lock_rank", 500), m._meta.label)):
        locked = model._default_manager.select_for_update(no_key=True, of=("self",)).filter(pk__in=wanted[model])
        list(locked.order_by("pk").values_list("pk", flat=True))


@contextmanager
def door(by: Any, locks: Iterable[models.Model] = ()) -> Iterator[Run]:
    """The outermost frame of one or several performs; all or nothing."""
    outer = _run.get()
    if outer is not None:
        if by != outer.by:
            raise Refused("an inner perform acts as the person of the outer one")
        yield outer
        return
    run = Run(by)
    with transaction.atomic():
        lock(locks)
        token = _run.set(run)
        try:
            yield run
            _finish(run)
        finally:
            _run.reset(token)


def _finish(run: Run) -> None:
    for kind, subject, given in run.notices:
        ports.issue_notice["notice"](kind, subject, by=run.by, **given)
    for case, side, text in run.told:
        ports.issue_notice["tell"](case, side, text)
    for case in run.cases.values():
        ports.rewrite_turns["turns"](case)
    for name, arguments in run.jobs:
        enqueue(name, **arguments)


def defer(name: str, **arguments: Any) -> None:
    """Defer a job by name at the end of the outermost perform (or, outside one, in the caller's transaction)."""
    run = _run.get()
    if run is None:
        enqueue(name, **arguments)
    else:
        run.jobs.append((name, arguments))


def touch(case: Any) -> None:
    """Rewrite this case's turns at the end of the outermost perform, or now."""
    run = _run.get()
    if run is None:
        ports.rewrite_turns["turns"](case)
    else:
        run.cases[case.pk] = case


def perform(obj: L, name: str, *, by: Any, seen: int | None = None, key: str = "", reason: str = "", **given: Any) -> L:
    """Run transition `name` on a fresh, locked copy of `obj` as `by`, and return it.

    `seen`: the version the person looked at (Stale when it moved on); `key`: idempotency key of the form; `given`:
    what the transition's form brought. Raises a `Refused` with sentences; then nothing has changed.
    """
    model = type(obj)
    spec = model.specs()[name]
    with door(by, [*_case_of(obj), obj, *spec.locks(obj, given)]) as run:
        if key and (known := _answered(by, key)):
            return model._default_manager.get(pk=known)
        fresh = model._default_manager.get(pk=obj.pk)
        if seen is not None and seen != fresh.version:
            raise Stale(_("ほかの人が先に更新しました。いまの内容を確かめてから、もう一度押してください。"))
        before = fresh.state  # type: ignore[attr-defined]
        if before not in spec.sources:
            raise WrongState(
                _("「%(state)s」の状態では「%(what)s」はできません。") % {"state": fresh.info.label, "what": spec.label}
            )
        may(by, fresh, spec)
        ready(fresh, spec)
        _advance(fresh, spec, given | {"by": by, "reason": reason})
        _after(run, fresh, spec, before, reason, given)
        if key:
            _remember(by, key, fresh.pk)
        return fresh


def begin(model: type[L], *, by: Any, key: str = "", reason: str = "", **given: Any) -> L:
    """Bring a row into being by its transition `begin`, with the same locks, checks, event, duty, turns and jobs."""
    spec = model.specs()["begin"]
    with door(by, spec.locks(None, given)) as run:
        if key and (known := _answered(by, key)):
            return model._default_manager.get(pk=known)
        obj = model()
        _advance(obj, spec, given | {"by": by, "reason": reason}, save=False)
        may(by, obj, spec)
        ready(obj, spec)
        obj.save()
        obj.born(by, given)
        _after(run, obj, spec, UNBORN, reason, given)
        if key:
            _remember(by, key, obj.pk)
        return obj


def may(user: Any, obj: LifeCycle, spec: Spec) -> None:
    """Raise Forbidden with reasons unless `user` has the right and no duty forbids it."""
    reasons = spec.permission.reasons(user, obj)
    if not reasons and spec.duty and (obj.pk or getattr(obj, "case_id", None)):  # a new row counts by its case
        reasons = duties.conflicts(user, obj.duty_subjects(), spec.duty)
    if reasons:
        raise Forbidden(*reasons)


def unmet(obj: LifeCycle, spec: Spec) -> list[str]:
    """What is missing before the transition may run, this room's requirements and those joined by later rooms."""
    joined = ports.requirements.of(obj._meta.label, spec.name)
    return [reason for requirement in (*spec.requirements, *joined) for reason in requirement.reasons(obj)]


def ready(obj: LifeCycle, spec: Spec) -> None:
    if reasons := unmet(obj, spec):
        raise NotReady(*reasons)


def _case_of(obj: LifeCycle) -> list[models.Model]:
    case = getattr(obj, "case", None)
    return [case] if case is not None else []


def _advance(obj: LifeCycle, spec: Spec, given: dict[str, Any], *, save: bool = True) -> None:
    token = _inside.set(True)
    try:
        getattr(obj, spec.name)(**given)
    finally:
        _inside.reset(token)
    obj.version += 1
    if spec.target not in spec.sources or obj.state_since is None:
        obj.state_since = clock.now()
    if save:
        obj.save()


def _after(run: Run, obj: LifeCycle, spec: Spec, before: str, reason: str, given: dict[str, Any]) -> None:
    obj.mirror()
    if spec.duty:
        duties.note(run.by, obj.duty_subjects(), spec.duty)
    with override("ja"):  # stored as the message id, shown in the reader's language
        label = str(spec.done)
    record(
        chain=obj.audit_chain, action=f"{obj._meta.model_name}.{spec.name}", subject=obj.subject_key, by=run.by,
        before=before, after=obj.state, capacity=_capacity(run.by, obj), reason=reason,  # type: ignore[attr-defined]
        label=label, given=_plain({k: v for k, v in given.items() if k not in spec.unsaid}),
    )  # fmt: skip
    case = getattr(obj, "case", None)
    if case is not None:
        run.cases[case.pk] = case
        if spec.tell:
            run.told.append((case, spec.tell, label))
    if spec.notice:
        run.notices.append((spec.notice, obj, {"reason": reason, **given}))


def _capacity(user: Any, obj: LifeCycle) -> str:
    found = getattr(user, "capacity_for", None)
    return found(obj) if found else ""


def _plain(given: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in given.items() if isinstance(v, str | int | bool) or hasattr(v, "isoformat")}


def _answered(by: Any, key: str) -> int | None:
    return AnsweredKey.objects.filter(person=by, key=key).values_list("subject_id", flat=True).first()


def _remember(by: Any, key: str, pk: int) -> None:
    try:
        with transaction.atomic():
            AnsweredKey.objects.create(person=by, key=key, subject_id=pk, at=clock.now())
    except IntegrityError as error:
        raise Stale(_("同じ操作がもう一つ届いたため、1回だけ行いました。画面を読み込み直してください。")) from error


@dataclass(frozen=True)
class Action:
    """A transition as a button: what it says and, where it cannot be pressed now, why."""

    spec: Spec
    obj: LifeCycle
    reasons: tuple[str, ...]


def actions(user: Any, obj: LifeCycle) -> list[Action]:
    """The transitions this person has the right to from the row's state, each with the reasons that block it now."""
    found = []
    refusals: dict[int, list[str]] = {}  # several transitions share one permission: ask it once
    for spec in obj.specs().values():
        if spec.internal or obj.state not in spec.sources:  # type: ignore[attr-defined]
            continue
        if id(spec.permission) not in refusals:
            refusals[id(spec.permission)] = spec.permission.reasons(user, obj)
        if refusals[id(spec.permission)]:
            continue
        blocked = duties.conflicts(user, obj.duty_subjects(), spec.duty) if spec.duty else []
        found.append(Action(spec, obj, tuple(blocked or unmet(obj, spec))))
    return found


@dataclass(frozen=True)
class Outcome:
    """One row of a bulk run: the object, and the reasons it was refused (empty = done)."""

    obj: Any
    reasons: list[str]


def perform_each(objects: Iterable[L], name: str, *, by: Any, **given: Any) -> list[Outcome]:
    """Row by row, each in its own transaction, with a report per row."""
    report = []
    for obj in objects:
        try:
            report.append(Outcome(perform(obj, name, by=by, **given), []))
        except Refused as refused:
            report.append(Outcome(obj, refused.reasons))
    return report
