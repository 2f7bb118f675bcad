"""The draft: sections stored as typed, and saved without losing anybody's words."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications import (
    contact_forms,
    eligibility_form,
    forms,
    plan_forms,
    rules,
    said_facts,
)
from grants.applications.check_ledger import typed_officers
from grants.applications.content import CostItem, Planned, Sum
from grants.applications.cost_forms import Items, ItemSet
from grants.applications.models import Application, Section
from grants.applications.ports import AddedSection, added_sections
from grants.programmes.eligibility import Facts, Finding, findings
from portal import clock
from portal.accounts import identity
from portal.accounts.models import User
from portal.accounts.unproved import kept_from_people
from portal.documents.models import Document
from portal.money import Aid
from portal.registry.codes import SAPPORO
from portal.registry.seats import Seat
from portal.types import Given, Text
from portal.workflow.drafts import counted, of_draft
from portal.workflow.errors import Forbidden, Overtaken

F = TypeVar("F", bound=forms.SectionForm)

FORMS: dict[str, type[forms.SectionForm]] = {
    "organisation": forms.OrganisationForm,
    "contact": contact_forms.ContactForm,
    "eligibility": eligibility_form.EligibilityForm,
    "plan": plan_forms.PlanForm,
    "costs": forms.CostsForm,
    "consent": forms.ConsentForm,
}
KNOWN = ("organisation", "contact")  # what a draft may begin with
TAKEN = "taken as known"  # in the place of the page that saved a section last: none did
KEEP = ("csrfmiddlewaretoken", "version", "editor", "stroke", "next", "add", "del", "paste", "key")

TITLES = {
    "organisation": _lazy("事業者の情報"),
    "contact": _lazy("担当者と連絡先"),
    "eligibility": _lazy("対象になるかの確認"),
    "plan": _lazy("計画と効果"),
    "costs": _lazy("経費の一覧"),
    "consent": _lazy("登記と納税の確認への同意"),
    "documents": _lazy("添付する書類"),
}


def added(application: Application) -> dict[str, AddedSection]:
    """The sections that other rooms add for the kind of the call."""
    kind = application.stated.kind
    return {key: section for key, section in added_sections.items() if kind in section.kinds}


def form_classes(application: Application) -> dict[str, type[forms.SectionForm]]:
    """Where seats are asked for there are no costs."""
    own = {
        key: form
        for key, form in FORMS.items()
        if key != "costs" or application.stated.unit == "yen"
    }
    # of the rooms above, which build them on SectionForm as these are
    theirs = {key: section.form for key, section in added(application).items()}
    return own | cast(dict[str, type[forms.SectionForm]], theirs)


def title_of(application: Application, key: str) -> Text:
    return TITLES[key] if key in TITLES else added(application)[key].label


class Conflict(Overtaken):
    """Somebody else saved the section in between: theirs stands, mine is shown beside it."""

    def __init__(self, section: Section, mine: Mapping[str, str], *, by: User) -> None:
        who = section.saved_by.name or section.saved_by.email
        told = (
            _("ほかの画面で先に保存されました。違うところを確かめてください。")
            if section.saved_by == by
            else _("%(who)sさんが先に保存しました。違うところを確かめてください。") % {"who": who}
        )
        super().__init__(told, saved=section.data, mine=mine)
        self.section = section


def typed(post: Mapping[str, object]) -> dict[str, str]:
    """What was typed, as stored: every field of the section, none of the frame's."""
    return counted({name: str(post[name]) for name in post if name not in KEEP})


def stored(application: Application, key: str) -> Section | None:
    return application.sections.filter(key=key).select_related("saved_by").first()


def starting_data(application: Application, key: str, *, by: User | None = None) -> dict[str, str]:
    """What is known before anything was typed: the organisation's record; of whom to ask the firm's
    telephone and who of its people begins (`by`), or alone signs in for it.
    """
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
            organisation.area and organisation.area.municipality_id == SAPPORO
        ) or organisation.has_sapporo_office:
            data["has_sapporo_office"] = "yes"
        return data
    if key == "contact":
        data = {"phone": organisation.phone}
        live = organisation.memberships.filter(left_at=None)
        people = [member.user for member in live.select_related("user")]
        if by in people or len(people) == 1:
            person = by if by is not None and by in people else people[0]
            data |= {"name": person.name, "email": person.email or ""}
        return data
    return {}


def _text(number: int | None) -> str:
    return "" if number is None else f"{number:,}"


def form_of(
    application: Application, key: str, typed: Mapping[str, str] | None = None
) -> forms.SectionForm:
    """The section's form, bound to what was `typed` just now, else to what is stored, or unbound."""
    form = form_classes(application)[key]
    return form(typed, application=application) if typed else _filled(form, application, key)


def organisation_form(application: Application) -> forms.OrganisationForm:
    """`form_of` the organisation, which says where its seat is."""
    return _filled(forms.OrganisationForm, application, "organisation")


def _filled(form: type[F], application: Application, key: str) -> F:
    section = stored(application, key)
    if section is None:
        return form(application=application, initial=starting_data(application, key))
    return form(section.data, application=application)


def items_of(application: Application, typed: Mapping[str, str] | None = None) -> Items:
    """The same of the cost table; with one empty row where nothing is."""
    section, about = stored(application, "costs"), {"application": application}
    data = typed or (section.data if section is not None else {})
    if "item-TOTAL_FORMS" not in data:
        return ItemSet(initial=[{}], prefix="item", form_kwargs=about)
    return ItemSet(data, prefix="item", form_kwargs=about)


@dataclass(frozen=True)
class Page:
    """An opened page: the version it was shown, its own name, and the count of its requests."""

    seen: int
    editor: str = ""
    stroke: int = 0


def hold(application: Application) -> None:
    """Lock the draft until the end of the transaction: it is not handed in while one of its parts is
    kept. Raises Forbidden where it was handed in already.
    """
    rows = Application.objects.select_for_update(no_key=True, of=("self",))
    held = rows.only("state", "amending_since", "ends_on", "case").get(pk=application.pk)
    if not held.is_editable:
        raise Forbidden(_("提出したあとは書き換えられません。補正の依頼が届いたときに直せます。"))
    if not application.call.ended_at:
        held.go_on()


@transaction.atomic
def save(
    application: Application, key: str, data: Mapping[str, str], *, by: User, page: Page
) -> Section:
    """Keep what was typed, valid or not.

    Raises Conflict when another page saved after the version this one was shown.
    """
    hold(application)
    section, made = Section.objects.select_for_update(no_key=True, of=("self",)).get_or_create(
        application=application, key=key, defaults={"saved_by": by, "saved_at": clock.now()}
    )
    own = page.editor not in ("", TAKEN) and section.editor == page.editor
    if own and page.stroke < section.stroke:
        return section
    if not made and not own and section.version != page.seen and dict(section.data) != dict(data):
        raise Conflict(section, data, by=by)
    section.data, section.version = dict(data), section.version + 1
    section.editor, section.stroke = page.editor, page.stroke
    section.saved_by, section.saved_at = by, clock.now()
    section.save()
    return section


def learn(application: Application, *, by: User) -> None:
    """Bring what a draft says about the organisation into its own record: nothing is typed twice. Who
    a proved firm is stays as it was proved.
    """
    if not _is_held_by_strangers(application):
        identity.learn(application.case.organisation, _of_firm(application), by=by)


def tell(application: Application, *, by: User) -> None:
    """As `learn`, at the hand-in: what is said of a proved firm otherwise is asked of an officer."""
    words = _("申請 %s") % application.case.number
    if not _is_held_by_strangers(application):
        identity.say(application.case.organisation, _of_firm(application), by=by, words=words)


def _is_held_by_strangers(application: Application) -> bool:
    """Would what the paper says be read on the page of people who never showed that the firm is
    theirs?
    """
    people = application.case.organisation.memberships.filter(left_at=None)
    return kept_from_people(application.case) and people.exists()


def _of_firm(application: Application) -> Given:
    """What the application says of its firm, as the firm's columns. What is left blank says nothing."""
    form = organisation_form(application)
    if not form.is_bound or not form.is_valid():
        return {}
    data = form.cleaned_data
    fields = {
        n: data[n]
        for n in (
            "name",
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
        if data[n] not in (None, "")
    }
    seat = form.seat()
    fields |= {"area": seat.area, "prefecture": seat.prefecture, "country": seat.country}
    fields["has_sapporo_office"] = data["has_sapporo_office"] == "yes"
    return fields


# -- what the draft says as a whole ----------------------------------------------------------------
def facts(application: Application) -> Facts:
    organisation, said = organisation_form(application), form_of(application, "eligibility")
    data = organisation.cleaned_data if organisation.is_bound and organisation.is_valid() else {}
    answers = said.cleaned_data if said.is_bound and said.is_valid() else {}
    seat = organisation.seat() if data else Seat()
    found = Facts(
        kind=application.case.organisation.kind,
        area=seat.area.code if seat.area else None,
        municipality=seat.municipality,
        sapporo_office=said_facts.YES_NO.get(data.get("has_sapporo_office", "")),
        industry=data["industry"].code if data.get("industry") else None,
        capital=data.get("capital"),
        employees=data.get("employees"),
    )
    return said_facts.declared(found, answers)


def eligibility(application: Application) -> list[Finding]:
    return findings(application.stated, facts(application))


def unmet(application: Application) -> list[Finding]:
    """What the firm's own answers say against it: told before one goes on to the next section."""
    return [
        found for found in eligibility(application) if found.tone != "good" and not found.is_open
    ]


def cost_items(application: Application) -> list[CostItem]:
    """The items that can be read now; rows at fault are left out until they are corrected."""
    items = items_of(application)
    if not items.is_bound:
        return []
    items.is_valid()
    return items.items()


def cost_sums(application: Application) -> list[Planned]:
    """What is typed now, of every row with a sum that can be read, be the rest of it still missing."""
    items = items_of(application)
    if not items.is_bound:
        return []
    items.is_valid()
    return items.sums()


def chosen_frame(application: Application) -> str:
    """The frame that is applied for, as soon as it is chosen, or where there is but one."""
    frames = [frame.key for frame in application.stated.frames]
    form = form_of(application, "costs")
    if form.is_bound:
        form.is_valid()
        return str(form.cleaned_data.get("frame") or ("" if frames[1:] else frames[0]))
    return "" if frames[1:] else frames[0]


def frame_terms(application: Application) -> tuple[str, int, int]:
    """(frame key, year of support, its months): as chosen, else the first frame and year, and 12."""
    if application.stated.unit == "seats":
        return application.stated.frames[0].key, 1, 12
    form = form_of(application, "costs")
    data = form.cleaned_data if form.is_bound and form.is_valid() else {}
    frame = chosen_frame(application) or application.stated.frames[0].key
    return str(frame), int(data.get("support_year") or 1), int(data.get("months") or 12)


def aid(application: Application) -> Aid:
    """The amount of aid by the server's own formula for what is typed now, in yen or seats."""
    stated = application.stated
    frame, year, months = frame_terms(application)
    items: Sequence[Sum] = (
        cost_sums(application)
        if stated.unit == "yen"
        else [Sum(category=stated.categories[0].key, amount=seats(application))]
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


def draft_hash(application: Application) -> str:
    """A digest of everything typed and attached: is the draft the one that was looked over?"""
    sections = {s.key: s.data for s in application.sections.all()}
    documents = list(
        Document.objects.live()
        .filter(case=application.case)
        .order_by("pk")
        .values_list("pk", "file__sent_sha256")
    )
    kept = typed_officers(application)
    sealed = hashlib.sha256(bytes(kept.sealed)).hexdigest() if kept and kept.sealed else ""
    words = dict(application.defects.exclude(answer="").values_list("n", "answer"))
    return of_draft(
        sections=sections,
        documents=documents,
        officers=sealed,
        **({"answers": {str(n): said for n, said in words.items()}} if words else {}),
    )
