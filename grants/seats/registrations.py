"""What this room fills in elsewhere."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.ports import AddedSection, added_sections, later_life
from grants.awards.models import Award
from grants.programmes.models import Call
from grants.programmes.ports import Entrance, call_panels, entrances
from grants.seats import (
    access,
    cancelling,
    dossier,
    forms,
    models,
    panels,
    private,
    retention,
    turns,
)
from grants.seats.acts import ENROL, certificate_facts, enrolment_facts
from portal.approvals.ports import acts
from portal.cases import search, visibility
from portal.cases.ports import (
    DossierPart,
    Erasure,
    Panel,
    PublicActs,
    case_panels,
    dossier_parts,
    due_papers,
    erasures,
    keeping_rules,
    loaders,
    named_rows,
    page_names,
    private_texts,
    public_acts,
    read_pages,
    searched,
    turn_sources,
)
from portal.workflow.graph import Requirement
from portal.workflow.ports import NoticeKind, joined_requirements, notice_kinds

PAGES = [
    ("course", _lazy("講座の日程・出席・修了")),
    ("attendance", _lazy("出席をとる")),
]

# what a turn is called → what is due by its day
DUE = [
    ("受講後のアンケートに答える", _lazy("受講後のアンケート")),
]


def register() -> None:
    for what, paper in DUE:
        due_papers.add(what, paper)
    for page, label in PAGES:
        page_names.add(page, label)
    for page in ("course", "attendance"):
        read_pages.add(page, lambda _pk: None)
        named_rows.add(page, Call.named)
    searched.add("seats", search.columns(models.Enrolment, "name", "work"))
    added_sections.add(
        "participants",
        AddedSection(
            group=_lazy("受講する人"),
            label=_lazy("受講する人"),
            form=forms.ParticipantsForm,
            kinds=("seats",),
            rows=lambda answers: [
                (f"people.{n}", _lazy("受講する人"), f"{row['name']}　{row['work']}")
                for n, row in enumerate(answers["people"], 1)
            ],
            seats=lambda answers: len(answers["people"]),
        ),
    )
    entrances.add(
        "seats",
        Entrance(
            label=_lazy("受講を申し込む"),
            url=lambda call: reverse("application_start", args=[call.code]),
            hint=_lazy("途中で保存しながら書けます。受講料はかかりません。"),
        ),
    )

    acts.add("enrol", ENROL)
    acts.add("cancel_seats", cancelling.CANCEL_SEATS)
    for name, label, facts in (
        ("enrolment", _lazy("受講決定通知書"), enrolment_facts),
        ("seat_cancelled", _lazy("受講決定取消通知書"), cancelling.cancelled_facts),
        ("certificate", _lazy("修了証"), certificate_facts),
    ):
        notice_kinds.add(name, NoticeKind(label=label, facts=facts))
    joined_requirements.join(
        Award,
        "begin",
        Requirement("money", lambda award: models.not_by_award(award.application)),
    )

    turn_sources.add("seats", turns.SOURCE)

    loaders.add("enrolment", access.enrolment_for)
    case_panels.add(
        "seats",
        Panel(
            template="grants/seats/panel.html",
            context=panels.of_case,
            anchor="seats",
            label=_lazy("受講"),
            readers=visibility.WORKERS,
            reads=(turns.enrolments_of,),
        ),
    )
    call_panels.add("seats", panels.of_call)
    public_acts.add(
        "enrolment", PublicActs(said="cancel drop", bare="attend begin complete survey")
    )
    later_life.add("seats", panels.reached)

    keeping_rules.add("seats", retention.keep_until)
    erasures.add("grants_seats.Enrolment", Erasure(blank={"name": "", "work": ""}))
    erasures.add("grants_seats.Survey", Erasure(path="enrolment__case", blank={"text": ""}))
    private_texts.add("seats", private.of_seats)
    dossier_parts.add(
        "seats", DossierPart(label="受講", readers=visibility.WORKERS, sections=dossier.enrolled)
    )
