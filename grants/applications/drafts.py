"""The draft: sections stored as typed, their state on the task list, and saving without losing anybody's words."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.forms import ChoiceField, ModelChoiceField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications import forms, rules
from grants.applications.models import Application, OfficerList, Section
from grants.programmes.eligibility import Facts, Finding, findings
from portal import clock, crypto, ports
from portal.accounts.models import User
from portal.accounts.people import update_organisation
from portal.documents.models import Document
from portal.money import Aid
from portal.registry.seats import Seat
from portal.workflow.errors import Forbidden, Stale
from portal.workflow.typed import counted, fingerprint

EDITABLE = ("draft", "returned")
FORMS: dict[str, type[forms.SectionForm]] = {
    "organisation": forms.OrganisationForm,
    "contact": forms.ContactForm,
    "eligibility": forms.EligibilityForm,
    "plan": forms.PlanForm,
    "costs": forms.CostsForm,
    "consent": forms.ConsentForm,
}
KEEP = ("csrfmiddlewaretoken", "version", "editor", "stroke", "next", "add", "del", "key")


TITLES = {
    "organisation": _lazy("事業者の情報"),
    "contact": _lazy("担当者と連絡先"),
    "eligibility": _lazy("対象になるかの確認"),
    "plan": _lazy("計画と効果"),
    "costs": _lazy("経費の一覧"),
    "consent": _lazy("登記と納税の確認への同意"),
}


def added(application: Application) -> dict[str, ports.Section]:
    """The sections that other rooms add for the kind of the call."""
    kind = application.call.stated.kind
    return {key: section for key, section in ports.sections.items() if kind in section.kinds}


def form_classes(application: Application) -> dict[str, type[forms.SectionForm]]:
    """Where seats are asked for there are no costs."""
    own = {
        key: form
        for key, form in FORMS.items()
        if key != "costs" or application.call.stated.unit == "yen"
    }
    return own | {key: section.form for key, section in added(application).items()}


def title_of(application: Application, key: str) -> Any:
    return TITLES[key] if key in TITLES else added(application)[key].label


class Conflict(Stale):
    """Somebody else saved the section in between: theirs stands, mine is shown beside it."""

    def __init__(self, section: Section, mine: Mapping[str, str]) -> None:
        who = section.saved_by.name or section.saved_by.email
        super().__init__(
            _("%(who)sさんが先に保存しました。違うところを確かめてください。") % {"who": who}
        )
        self.section = section
        pairs = {
            name: (str(section.data.get(name, "")), str(value)) for name, value in mine.items()
        }
        self.differences = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def labelled(
    differences: Mapping[str, tuple[str, str]], form: Any, items: Any
) -> list[tuple[str, str]]:
    """(label of the control, what I typed) of what differs, as the page shows it: no names of fields, choices in words."""
    return [
        (_label(name, form, items), _shown(name, mine, form, items))
        for name, (_theirs, mine) in differences.items()
    ]


def _control(name: str, form: Any, items: Any) -> tuple[Any, str]:
    """(the bound control that `name` belongs to, words before its label)."""
    row, where = form, ""
    parts = name.split("-")
    if (
        items is not None
        and len(parts) == 3
        and parts[1].isdigit()
        and int(parts[1]) < len(items.forms)
    ):
        row, name, where = (
            items.forms[int(parts[1])],
            parts[2],
            _("%(n)s行目の") % {"n": int(parts[1]) + 1},
        )
    base = name if name in row.fields else re.sub(r"_[ymd]$", "", name)
    return (row[base] if base in row.fields else None), where


def _label(name: str, form: Any, items: Any) -> str:
    control, where = _control(name, form, items)
    unit = (
        {"y": _("年"), "m": _("月"), "d": _("日")}.get(name[-1], "")
        if re.search(r"_[ymd]$", name)
        else ""
    )
    if control is None:
        return _("行の数") if name.endswith("TOTAL_FORMS") else name
    return f"{where}{control.label}{f'（{unit}）' if unit and control.name != name.split('-')[-1] else ''}"


def _shown(name: str, mine: str, form: Any, items: Any) -> str:
    control, _where = _control(name, form, items)
    field = control.field if control is not None else None
    if isinstance(field, ModelChoiceField):
        return str(field.queryset.filter(pk=mine).first() or mine) if mine else ""
    return str(dict(field.choices).get(mine, mine)) if isinstance(field, ChoiceField) else mine


def typed(post: Mapping[str, Any]) -> dict[str, str]:
    """What was typed, as stored: every field of the section, none of the frame's."""
    return counted({name: str(post[name]) for name in post if name not in KEEP})


def stored(application: Application, key: str) -> Section | None:
    return application.sections.filter(key=key).select_related("saved_by").first()


def starting_data(application: Application, key: str) -> dict[str, str]:
    """What is known before anything was typed: the organisation's record, the person's name."""
    organisation = application.case.organisation
    if key == "organisation":
        names = (
            "name",
            "kana",
            "postal_code",
            "address",
            "representative_title",
            "representative_name",
            "tax_basis",
        )
        data = {name: str(getattr(organisation, name) or "") for name in names}
        data |= {"capital": _text(organisation.capital), "employees": _text(organisation.employees)}
        data["established_on"] = (
            organisation.established_on.isoformat() if organisation.established_on else ""
        )
        data |= {
            "area": organisation.seat.code,
            "country": organisation.country,
            "industry": organisation.industry_id or "",
        }
        if (
            organisation.area and organisation.area.municipality_id == "011002"
        ) or organisation.has_sapporo_office:
            data["has_sapporo_office"] = "yes"
        return data
    return {}


def _text(number: int | None) -> str:
    return "" if number is None else f"{number:,}"


def form_of(application: Application, key: str) -> forms.SectionForm:
    """The section's form, bound to what is stored (unbound with what is known where nothing is)."""
    section = stored(application, key)
    if section is None:
        return form_classes(application)[key](
            application=application, initial=starting_data(application, key)
        )
    return form_classes(application)[key](section.data, application=application)


def items_of(application: Application) -> Any:
    section = stored(application, "costs")
    options: dict[str, Any] = {"prefix": "item", "form_kwargs": {"call": application.call}}
    if section is None or "item-TOTAL_FORMS" not in section.data:
        return forms.ItemSet(initial=[{}], **options)
    return forms.ItemSet(section.data, **options)


@dataclass(frozen=True)
class Page:
    """An opened page: the version it was shown, its own name, and the count of its requests."""

    seen: int
    editor: str = ""
    stroke: int = 0


@transaction.atomic
def save(
    application: Application, key: str, data: Mapping[str, str], *, by: User, page: Page
) -> Section:
    """Keep what was typed, valid or not. Raises Conflict when another page saved after the version this one was shown."""
    if application.state not in EDITABLE:
        raise Forbidden(_("提出したあとは書き換えられません。補正の依頼が届いたときに直せます。"))
    section, made = Section.objects.select_for_update(no_key=True, of=("self",)).get_or_create(
        application=application, key=key, defaults={"saved_by": by, "saved_at": clock.now()}
    )
    own = bool(page.editor) and section.editor == page.editor
    if own and page.stroke < section.stroke:
        return section
    if not made and not own and section.version != page.seen and dict(section.data) != dict(data):
        raise Conflict(section, data)
    section.data, section.version = dict(data), section.version + 1
    section.editor, section.stroke = page.editor, page.stroke
    section.saved_by, section.saved_at = by, clock.now()
    section.save()
    return section


def learn(application: Application, *, by: User) -> None:
    """Bring what was said about the organisation into its own record: nothing is typed twice."""
    form = form_of(application, "organisation")
    if not form.is_bound or not form.is_valid():
        return
    data = form.cleaned_data
    fields = {
        n: data[n]
        for n in (
            "kana",
            "postal_code",
            "address",
            "industry",
            "capital",
            "employees",
            "established_on",
            "representative_title",
            "representative_name",
            "tax_basis",
        )
    }
    seat = form.seat()
    fields |= {"area": seat.area, "prefecture": seat.prefecture, "country": seat.country}
    fields["has_sapporo_office"] = data["has_sapporo_office"] == "yes"
    update_organisation(application.case.organisation, by=by, **fields)


def save_officers(application: Application, people: list[dict[str, Any]]) -> None:
    """Seal the officers' personal list; the plain text is nowhere stored."""
    OfficerList.objects.update_or_create(
        application=application,
        defaults={
            "sealed": crypto.seal(people),
            "people": len(people),
            "saved_at": clock.now(),
            "erased_at": None,
        },
    )


# -- what the draft says as a whole -----------------------------------------------------------------------------------
def facts(application: Application) -> Facts:
    organisation, said = form_of(application, "organisation"), form_of(application, "eligibility")
    data = organisation.cleaned_data if organisation.is_bound and organisation.is_valid() else {}
    answers = said.cleaned_data if said.is_bound and said.is_valid() else {}
    seat = organisation.seat() if data else Seat()

    def yes(name: str) -> bool | None:
        return {"yes": True, "no": False}.get(answers.get(name, ""))

    return Facts(
        kind=application.case.organisation.kind,
        area=seat.area.code if seat.area else None,
        municipality=seat.municipality,
        sapporo_office={"yes": True, "no": False}.get(data.get("has_sapporo_office", "")),
        industry=data["industry"].code if data.get("industry") else None,
        capital=data.get("capital"),
        employees=data.get("employees"),
        partner_name=answers.get("partner_name", ""),
        partner_area=(getattr(answers["partner_area"], "pk", "") or "")
        if "partner_area" in answers
        else None,
        tax_paid=yes("tax_paid"),
        no_antisocial=yes("no_antisocial"),
        received_before=yes("received_before"),
        tenant=yes("tenant"),
    )


def eligibility(application: Application) -> list[Finding]:
    return findings(application.call.stated, facts(application))


def cost_items(application: Application) -> list[dict[str, Any]]:
    """The items that can be read now; rows at fault are left out until they are mended."""
    items = items_of(application)
    if not items.is_bound:
        return []
    items.is_valid()
    found: list[dict[str, Any]] = items.items()
    return found


def frame_terms(application: Application) -> tuple[str, int, int]:
    """(frame key, year of support, months of it) as chosen, or the first frame, first year, twelve months."""
    if application.call.stated.unit == "seats":
        return application.call.stated.frames[0].key, 1, 12
    form = form_of(application, "costs")
    data = form.cleaned_data if form.is_bound and form.is_valid() else {}
    frame = data.get("frame") or application.call.stated.frames[0].key
    return str(frame), int(data.get("support_year") or 1), int(data.get("months") or 12)


def aid(application: Application) -> Aid:
    """The amount of aid by the server's own formula for what is typed now: yen, or seats by the same formula."""
    stated = application.call.stated
    frame, year, months = frame_terms(application)
    items = (
        cost_items(application)
        if stated.unit == "yen"
        else [{"category": stated.categories[0].key, "amount": seats(application)}]
    )
    return rules.amount(stated, frame, items, year=year, months=months)


def seats(application: Application) -> int:
    """How many seats the sections that ask for some ask for now."""
    counted = {
        key: section.seats
        for key, section in added(application).items()
        if section.seats is not None
    }
    found = {key: form_of(application, key) for key in counted}
    return sum(
        counted[key](form.content())
        for key, form in found.items()
        if form.is_bound and form.is_valid()
    )


def missing_documents(application: Application) -> list[str]:
    """Names of required documents not yet attached."""
    have = set(Document.objects.live().filter(case=application.case).values_list("key", flat=True))
    consent = form_of(application, "consent")
    agreed = consent.is_bound and consent.is_valid() and consent.cleaned_data["tax_lookup"] == "yes"
    needed = [
        doc
        for doc in application.call.stated.documents
        if doc.required or (doc.key == "tax_certificate" and not agreed)
    ]
    scan = [_("紙の申請書の写し")] if application.on_paper and "paper_scan" not in have else []
    return scan + [doc.name.ja for doc in needed if doc.key not in have]


def draft_hash(application: Application) -> str:
    """A digest of everything typed and attached, to know whether a draft is the one that was looked over and submitted."""
    sections = {s.key: s.data for s in application.sections.all()}
    documents = list(
        Document.objects.live()
        .filter(case=application.case)
        .order_by("pk")
        .values_list("pk", "file__sha256")
    )
    officers = (
        OfficerList.objects.filter(application=application).values_list("sealed", flat=True).first()
    )
    sealed = hashlib.sha256(bytes(officers)).hexdigest() if officers else ""
    words = dict(application.defects.exclude(answer="").values_list("n", "answer"))
    return fingerprint(
        sections=sections,
        documents=documents,
        officers=sealed,
        **({"answers": {str(n): said for n, said in words.items()}} if words else {}),
    )


@dataclass(frozen=True)
class Task:
    """One line of the task list. state: done, care, partial, fix, remark, empty or locked."""

    key: str
    group: str
    label: str
    state: str
    note: str = ""


def tasks(application: Application) -> list[Task]:
    """The task list: every section with what is missing in words, and at the end the submission."""
    stated = application.call.stated
    every = [
        Task(
            "organisation",
            _("申し込む方"),
            _("事業者の情報"),
            *_form_state(application, "organisation"),
        ),
        Task("contact", _("申し込む方"), _("担当者と連絡先"), *_form_state(application, "contact")),
        Task("officers", _("申し込む方"), _("役員の一覧"), *_officers_state(application)),
        Task(
            "eligibility",
            _("申し込む方"),
            _("対象になるかの確認"),
            *_eligibility_state(application),
        ),
        Task("plan", _("事業の計画"), _("計画と効果"), *_form_state(application, "plan")),
        *[
            Task(key, str(s.group), str(s.label), *_form_state(application, key))
            for key, s in added(application).items()
        ],
        Task(
            "costs",
            _("お金"),
            _("経費の一覧"),
            *(_costs_state(application) if stated.unit == "yen" else ("done", "")),
        ),
        Task(
            "consent",
            _("書類"),
            _("登記と納税の確認への同意"),
            *_form_state(application, "consent"),
        ),
        Task("documents", _("書類"), _("添付する書類"), *_documents_state(application)),
    ]
    left_out = {"costs"} if stated.unit == "seats" else set()
    if all(rule.rule != "antisocial" for rule in stated.rules):
        left_out.add("officers")  # the list is for that inquiry alone
    if not stated.documents:
        left_out.add("documents")
    rows = [task for task in every if task.key not in left_out]
    ready = all(row.state in ("done", "care") for row in rows)
    note = "" if ready else _("上の項目がすべて終わると開きます")
    rows.append(
        Task(
            "review",
            _("確認と提出"),
            _("内容を見直して提出する"),
            "empty" if ready else "locked",
            note,
        )
    )
    return rows


def _form_state(application: Application, key: str) -> tuple[str, str]:
    form = form_of(application, key)
    if not form.is_bound:
        return "empty", ""
    if form.is_valid():
        return "done", ""
    asked = {name for name, field in form.fields.items() if field.required}
    faults = form.errors.as_data()
    blank = {
        name
        for name in asked & set(faults)
        if all(error.code == "required" for error in faults[name])
    }
    if wrong := set(form.errors) - blank:
        return "fix", _("直すところが%(n)s件あります") % {"n": len(wrong)}
    return "partial", _("%(all)s項目のうち%(n)s項目まで入力しました") % {
        "all": len(asked),
        "n": len(asked) - len(blank),
    }


def _officers_state(application: Application) -> tuple[str, str]:
    found = OfficerList.objects.filter(application=application, people__gt=0).first()
    return (
        ("done", _("%(n)s人。暗号化して保管しています") % {"n": found.people})
        if found
        else ("empty", "")
    )


def _eligibility_state(application: Application) -> tuple[str, str]:
    state, note = _form_state(application, "eligibility")
    if state != "done":
        return state, note
    open_ones = [finding for finding in eligibility(application) if finding.tone != "good"]
    if open_ones:
        return "care", _("%(what)sについて、確認が残っています（このまま提出できます）") % {
            "what": open_ones[0].what
        }
    return "done", ""


def _costs_state(application: Application) -> tuple[str, str]:
    form, items = form_of(application, "costs"), items_of(application)
    if not form.is_bound:
        return "empty", ""
    faults = sum(bool(row.errors) for row in items.forms if row.has_changed()) + len(form.errors)
    if faults:
        return "fix", _("直すところが%(n)s件あります") % {"n": faults}
    if not items.is_valid():
        return "partial", _("経費を1つ以上入力してください")
    if aid(application).amount == 0:
        return "fix", _("補助額が下限に届かず、0円になっています")
    return "done", ""


def _documents_state(application: Application) -> tuple[str, str]:
    missing = missing_documents(application)
    if not missing:
        return "done", ""
    have = Document.objects.live().filter(case=application.case).exists()
    return "partial" if have else "empty", _("残り：%(names)s") % {"names": "、".join(missing)}
