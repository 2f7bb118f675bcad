"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from portal.accounts.ports import open_cases, roles_changed
from portal.audit.ports import Kept, kept_rows
from portal.cases import (
    dossier,
    interests,
    postponing,
    private,
    retention,
    run_out,
    search,
    turns,
    visibility,
)
from portal.cases.models import DRAFT, Case
from portal.cases.opened import note
from portal.cases.ports import (
    DossierPart,
    Erasure,
    dossier_parts,
    duty_subjects,
    erasures,
    keeping_rules,
    page_names,
    private_texts,
    reading_words,
    searched,
)
from portal.closures.ports import postpone, visible_cases
from portal.firms.ports import cases_of, drafts_of
from portal.maintenance.ports import endings
from portal.ui.ports import Menu, menus
from portal.workflow.ports import KnownInterests, known_interests, opened, rewrite_turns

PAGES = [
    ("case_interest", _lazy("利益相反の申告")),
    ("case_readings", _lazy("閲覧の記録")),
    ("case_duties", _lazy("職務の分離")),
    ("case_officers_csv", _lazy("担当ごとの件数（CSV）")),
]


def register() -> None:
    endings.add("cases", run_out.endings)
    duty_subjects.add("case", lambda _ask, case: lambda: [(_lazy("この案件"), f"case:{case.pk}")])

    rewrite_turns.fill(search.touched)
    searched.add("cases", search.of_cases)
    known_interests.fill(
        KnownInterests(
            of_case=interests.known,
            fill=interests.fill,
            in_firm=interests.in_firm,
            among=interests.among,
        )
    )
    open_cases.fill(turns.open_cases)
    cases_of.fill(
        lambda firm, user: (
            Case.objects.visible_to(user)
            .filter(organisation=firm, is_draft=False)
            .order_by("-opened_at", "-pk")
        )
    )
    drafts_of.fill(
        lambda firm, user: (
            Case.objects.visible_to(user)
            .filter(organisation=firm, state=DRAFT, closed_at=None)
            .order_by("-opened_at", "-pk")
        )
    )
    roles_changed.add("cases", turns.roles_changed)
    postpone.fill(postponing.postpone)
    visible_cases.fill(postponing.visible)

    keeping_rules.add("ended", retention.of_ended)
    reading_words.add("case.open", _lazy("案件を開いた"))
    reading_words.add("page.open", _lazy("案件のページを開いた"))
    reading_words.add("many.open", _lazy("いくつもの案件が載るページを開いた"))
    opened.fill(note)
    reading_words.add("file.out", _lazy("ファイルを取り出した"))
    for page, label in PAGES:
        page_names.add(page, label)
    reading_words.add("case.zip", _lazy("案件をZIPで取り出した"))
    reading_words.add("case_list.export", _lazy("案件の一覧を取り出した"))
    menus.add(
        "readings",
        Menu(
            label=_lazy("閲覧の記録"),
            url_name="reading_list",
            may_see=lambda user: user.has_role("auditor"),
        ),
    )
    kept_rows.add("portal_cases.Reading", Kept())
    kept_rows.add("portal_cases.Interest", Kept(changes=("detail",)))
    erasures.add("portal_cases.Interest", Erasure(blank={"detail": ""}))
    private_texts.add("cases", private.of_firm)
    dossier_parts.add(
        "overview",
        DossierPart(label="案件の概要", readers=visibility.WORKERS, sections=dossier.overview),
    )
    dossier_parts.add(
        "readings",
        DossierPart(label="閲覧の記録", readers=visibility.DECIDERS, sections=dossier.readings),
    )
    dossier_parts.add(
        "log", DossierPart(label="記録", readers=visibility.WORKERS, sections=dossier.log)
    )
