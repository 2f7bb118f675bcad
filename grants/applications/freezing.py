"""What a submission would freeze now, from the draft as it is typed."""

from django.utils.translation import gettext as _

from grants.applications import drafts, instead, issued
from grants.applications.content import Content
from grants.applications.models import Application
from portal.documents.models import Document
from portal.workflow.errors import NotReady


def frozen_content(application: Application, documents: list[Document]) -> Content:
    """What a version holds: the cleaned answers by section, costs, aid, and each file with size and
    hash.

    Raises NotReady while a section cannot be read.
    """
    content, unread = readable_content(application, documents)
    if unread:
        raise NotReady(_("入力の途中の項目があります。"))
    return content


def readable_content(
    application: Application, documents: list[Document]
) -> tuple[Content, set[str]]:
    """(content as it would be frozen, sections that cannot be read yet and are left out)."""
    content: Content = {}
    unread = set()
    for section in drafts.form_classes(application):
        form = drafts.form_of(application, section)
        if form.is_bound and form.is_valid():
            content[section] = form.content()
        else:
            unread.add(section)
    amount = drafts.aid(application)
    content.setdefault("costs", {}).update(
        {"items": drafts.cost_items(application), "frame": drafts.frame_terms(application)[0]}
    )
    content["aid"] = {
        "eligible": amount.eligible,
        "amount": amount.amount,
        "trace": [list(vars(s).values()) for s in amount.trace],
    }
    content["documents"] = [
        {"id": d.pk, "key": d.key, "name": d.name, "size": d.file.size, "sha256": d.file.sha256}
        for d in documents
    ]
    if said := instead.frozen(application, documents):
        content["instead"] = said
    if days := issued.frozen(application, documents):
        content["issued"] = days
    return content, unread
