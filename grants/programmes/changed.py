"""A change of a call as people read it: what, before and after, in the reader's language."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from grants.programmes import amending
from grants.programmes.catalogue import rate_words
from grants.programmes.models import Call, CallChange, said
from grants.programmes.parameters import Frame, Group, Programme
from grants.programmes.states import CallChangeState, CallState
from portal.days import moment_said
from portal.types import Text
from portal.ui.templatetags.ui import full_day


@dataclass(frozen=True)
class Difference:
    what: Text
    before: list[str]
    after: list[str]


def of_call(call: Call) -> list[CallChange]:
    """What was changed since it was announced, the latest first."""
    made = call.changes.filter(state=CallChangeState.APPROVED).order_by("-made_at")
    return list(made.select_related("call__programme", "programme", "instead_of"))


def differences(change: CallChange) -> list[Difference]:
    """What it changes, or has changed; days first."""
    if change.calls_off:
        return [Difference(_("公募"), [], [str(CallState.CANCELLED.info.label)])]
    return [*_days(change), *_rules(change)]


def _days(change: CallChange) -> list[Difference]:
    was, call = change.was, change.call
    last = datetime.fromisoformat(was["closes_at"]) if was else call.last_closes_at
    rows: list[tuple[str, str, str]] = []
    if change.closes_at and last:
        rows.append(("closes_at", moment_said(last), moment_said(change.closes_at)))
    for name in ("decision_on", "project_ends_on"):
        before: date = date.fromisoformat(was[name]) if was else getattr(call, name)
        rows.append((name, full_day(before), full_day(getattr(change, name))))
    return [
        Difference(amending.DAYS[name], [before], [after])
        for name, before, after in rows
        if before != after
    ]


def _rules(change: CallChange) -> list[Difference]:
    if change.programme is None:
        return []
    before = (change.instead_of or change.call.programme).stated
    after = change.programme.stated
    names = amending.changed(before, after)
    return [
        _difference(label, _lines(before, name), _lines(after, name))
        for name, label in amending.RULES.items()
        if name in names
    ]


def _difference(what: Text, before: list[str], after: list[str]) -> Difference:
    """Only the lines that are not the same in both."""
    return Difference(
        what,
        [line for line in before if line not in after],
        [line for line in after if line not in before],
    )


def _lines(stated: Programme, part: str) -> list[str]:
    match part:
        case "rules":
            return [said(rule.text) for rule in stated.rules]
        case "frames":
            return [_frame(frame) for frame in stated.frames]
        case "categories":
            return [
                _joined(said(c.name), *(said(text) for text in (c.hint, c.examples) if text))
                for c in stated.categories
            ]
        case "uncounted":
            return [
                _joined(said(row.name), said(row.hint) if row.hint else "")
                for row in stated.uncounted
            ]
        case "groups":
            return [_share(group, stated) for group in stated.groups]
        case "questions":
            return [_joined(said(q.label), _need(q.required)) for q in stated.questions]
        case "documents":
            return [
                _joined(said(d.name), _need(d.required), said(d.hint) if d.hint else "", *d.ways)
                for d in stated.documents
            ]
        case "faq":
            return [_joined(said(row.q), said(row.a)) for row in stated.faq]
        case "two_quotes_above":
            return [_yen(stated.two_quotes_above)]
        case _:
            text = getattr(stated, part)
            return [text if isinstance(text, str) else said(text)]


def _joined(*parts: str) -> str:
    return "　".join(part for part in parts if part)


def _need(required: bool) -> str:
    return _("必須") if required else _("任意")


def _yen(amount: int) -> str:
    return _("%(yen)s円") % {"yen": f"{amount:,}"}


def _frame(frame: Frame) -> str:
    limits = [
        (_("上限"), frame.cap),
        (_("下限"), frame.floor),
        *((_("%(n)s年目の上限") % {"n": row.year}, row.cap) for row in frame.yearly),
        (_("予算"), frame.budget or 0),
    ]
    money = [f"{name} {_yen(amount)}" for name, amount in limits if amount]
    told = [said(text) for text in (frame.purpose, frame.before) if text]
    return _joined(said(frame.name), rate_words(frame.rate), *money, *told)


def _share(group: Group, stated: Programme) -> str:
    names = {c.key: said(c.name) for c in stated.categories}
    return _joined("・".join(names[key] for key in group.categories), rate_words(group.share))
