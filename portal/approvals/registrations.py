"""What this room fills in elsewhere."""

from collections.abc import Callable, Collection, Iterable

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal.accounts.models import User
from portal.accounts.ports import roles_changed
from portal.approvals import access, dossier, forms, many, turns
from portal.approvals.models import Approval, Attachment, Item, attachments, contents
from portal.approvals.ports import acts
from portal.approvals.stations import STATIONS
from portal.audit.ports import ENDED, Kept, kept_rows
from portal.bulk.ports import drafting
from portal.cases import search, visibility
from portal.cases.models import Case
from portal.cases.ports import (
    Assignment,
    Beside,
    DossierPart,
    Erasure,
    assignments,
    beside_inbox,
    disposals,
    dossier_parts,
    drafted_acts,
    erasures,
    loaders,
    named_rows,
    page_names,
    read_pages,
    reading_words,
    searched,
    shared_names,
    shared_sums,
    turn_notes,
    turn_pages,
    turn_sources,
)
from portal.documents.ports import holders
from portal.together import Ask
from portal.ui.ports import Menu, menus
from portal.workflow.ports import transition_forms

PAGES = [
    ("approval", _lazy("起案")),
    ("approval_edit", _lazy("起案を直す")),
    ("approval_letters", _lazy("通知書の案")),
    ("approval_attachment", _lazy("添付")),
]


def register() -> None:
    kept_rows.add("portal_approvals.RuleTable", ENDED)
    kept_rows.add("portal_approvals.Attachment", Kept(goes_on=True, since="t.sha256 <> ''"))
    holders.add("attachments", Attachment)
    for page, label in PAGES:
        page_names.add(page, label)
    for page, _label in PAGES:
        read_pages.add(page, access.cases_told)
    turn_sources.add("approvals", turns.SOURCE)
    turn_notes.add("approval", turns.notes)
    shared_sums.add("approval", lambda *asked: contents.sums(*_items(*asked)))
    shared_names.add("approval", lambda *asked: contents.named_by(*_items(*asked)))
    turn_pages.add("approval", lambda pk: reverse("approval", args=[pk]))

    searched.add("approvals", search.columns(Item, "approval__number"))
    named_rows.add(
        "approval",
        lambda keys: {
            pk: f"{title}　{number}"
            for pk, title, number in Approval.objects.filter(pk__in=keys).values_list(
                "pk", "title", "number"
            )
        },
    )
    named_rows.add("attachment", _attachments_named)
    reading_words.add("approval.attachment", _lazy("起案の添付を取り出した"))
    reading_words.add("approval.attachment_seen", _lazy("起案の添付を画面で見た"))
    reading_words.add("approval.document", _lazy("起案用紙・決裁文書を開いた"))
    reading_words.add("approval.export", _lazy("起案の明細を取り出した（CSV・Excel）"))
    reading_words.add("approval.letter", _lazy("決裁の前の通知書の案を開いた"))
    assignments.add("approvals", Assignment(roles=STATIONS, cases=access.brought, anywhere=True))

    beside_inbox.add("approvals", _to_look_over)
    loaders.add("approval", access.approval_for)
    transition_forms.add("drop_rows", forms.DropRowsForm)
    menus.add(
        "approvals",
        Menu(
            label=_lazy("決裁"),
            url_name="approval_list",
            may_see=lambda user: user.has_role(
                "programme_officer",
                "approver",
                "auditor",
                "inspector",
                "finance_officer",
                "accounting_officer",
                "concierge",
            ),
        ),
    )

    roles_changed.add("approvals", turns.roles_changed)
    drafting.fill(many.drafting)
    drafted_acts.fill(lambda: [(name, act.label) for name, act in acts.items()])

    _erase()
    dossier_parts.add(
        "approvals",
        DossierPart(
            label="決裁",
            readers=visibility.DECIDERS,
            sections=dossier.circulated,
            papers=dossier.papers,
        ),
    )


def _attachments_named(keys: Collection[int]) -> dict[int, str]:
    """By the draft that they are put to: a name that was typed may tell of its other cases."""
    rows = Attachment.objects.filter(pk__in=keys).select_related("approval")
    return {row.pk: f"{row.approval.title}　{row.approval.number}" for row in rows}


def _erase() -> None:
    """The decision that records are erased is no part of them: it stays."""
    disposals.add("approvals", attachments.destroy)
    of_item = {"approval__act": "dispose"}
    erasures.add(
        "portal_approvals.Item",
        Erasure(blank={"given": {}, "changes": [], "changes_en": []}, kept=of_item),
    )
    erasures.add(
        "portal_approvals.Dropped", Erasure(blank={"given": {}, "reason": ""}, kept=of_item)
    )
    erasures.add(
        "portal_approvals.Approval",
        Erasure(path="items__case", blank={"title": "―", "note": ""}, kept={"act": "dispose"}),
    )


def _items(ask: Ask, keys: Iterable[int], cases: QuerySet[Case]) -> tuple[Ask, QuerySet[Item]]:
    return ask, Item.objects.filter(approval__in=keys, case__in=cases)


def _to_look_over(user: User, ask: Ask) -> Callable[[], Beside | None]:
    """What deputies did while the person was away."""
    if not user.has_role(*STATIONS):
        return lambda: None
    n = ask.count(Approval.objects.to_look_over(user))
    return lambda: _looks_said(n())


def _looks_said(n: int) -> Beside | None:
    if not n:
        return None
    return Beside(
        text=_("代決された起案が%(n)s件、あなたの後閲を待っています。") % {"n": n},
        link=_("後閲する起案を開く"),
        url=f"{reverse('approval_list')}?state=look",
    )
