"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from portal.audit.ports import ENDED, kept_rows
from portal.cases import search, visibility
from portal.cases.ports import (
    DossierPart,
    beside_inbox,
    disposals,
    dossier_parts,
    loaders,
    named_rows,
    private_texts,
    reading_words,
    searched,
    turn_sources,
)
from portal.notices import dossier, posting, private, turns, undrawn
from portal.notices.access import notice_for
from portal.notices.issue import drafts, empty, issue
from portal.notices.models import Notice
from portal.notices.ports import draw_notice
from portal.workflow.ports import (
    draft_notices,
    issue_notices,
    paper_drawn,
    paper_failed,
    papers,
)


def register() -> None:
    kept_rows.add("portal_notices.Letterhead", ENDED)
    searched.add("notices", search.columns(Notice, "number", "code"))
    turn_sources.add("notices", turns.SOURCE)
    beside_inbox.add("notices", posting.beside)
    loaders.add("notice", notice_for)

    named_rows.add(
        "notice",
        lambda keys: {
            row.pk: f"{row.title}　{row.number}" for row in Notice.objects.filter(pk__in=keys)
        },
    )
    reading_words.add("notice.paper", _lazy("通知書を取り出した"))

    issue_notices.fill(issue)
    draft_notices.fill(drafts)
    beside_inbox.add("papers", undrawn.beside)
    paper_failed.fill(undrawn.note)
    paper_drawn.fill(undrawn.forget)
    papers.add("notice", lambda pk: draw_notice.value(Notice.objects.get(pk=pk)))

    disposals.add("notices", empty)
    private_texts.add("notices", private.of_notices)
    dossier_parts.add(
        "notices",
        DossierPart(
            label="通知書",
            readers=visibility.WORKERS,
            sections=dossier.catalogue,
            papers=dossier.papers,
        ),
    )
