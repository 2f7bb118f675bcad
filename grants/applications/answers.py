"""The answers of an application as they are read: in the order of the form, with labels and words."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TypedDict

from django.forms import Field
from django.utils.translation import gettext as _

from grants.applications import (
    comparing,
    contact_forms,
    drafts,
    eligibility_form,
    instead,
    issued,
    plan_forms,
)
from grants.applications.content import Content, CostItem, Instead
from grants.applications.models import Application, Defect
from grants.programmes import sizes
from grants.programmes.models import said
from grants.programmes.questions import Question
from portal.documents.models import Document
from portal.registry.models import Industry, in_english
from portal.types import Text
from portal.ui.templatetags import ui

Row = tuple[str, Text, str]  # part, label, text


class Answer(TypedDict):
    """A row of what was handed in. `part`: what a remark on it cites, "section.name"."""

    part: str
    label: Text
    text: str
    defects: list[Defect]
    document: Document | None


def texts_by_part(application: Application, content: Content) -> dict[str, str]:
    """What stands in each part of a version, files by their names: what two are compared by."""
    names: dict[str, list[str]] = {}
    for document in content["documents"]:
        name = issued.named(document["name"], document["key"], content)
        names.setdefault(document["key"], []).append(name)
    texts = {row["part"]: row["text"] for row in parts(application, content, [])}
    texts |= {f"documents.{key}": "、".join(found) for key, found in names.items()}
    return texts | {
        f"documents.{row['key']}": instead.in_words(row) for row in instead.of_content(content)
    }


def _founded(organisation: Mapping[str, str]) -> str:
    """The day as it is read; what was handed in before it was asked has none."""
    return (
        ui.day(date.fromisoformat(organisation["established_on"]))
        if organisation.get("established_on")
        else "―"
    )


def _seat(organisation: Mapping[str, str]) -> str:
    """The place that was chosen, and the address, which may name it too."""
    place, address = organisation["area_name"], organisation["address"]
    return address if address.startswith(place) else f"{place}　{address}"


def _large(declared: Content) -> str:
    """The tests of みなし大企業 that the firm says it meets."""
    met = [str(test) for name, test in sizes.LARGE_TESTS.items() if declared.get(name) == "yes"]
    return "、".join(f"「{test}」{_('はい')}" for test in met) or _("みなし大企業にあたりません。")


def _adviser(contact: Mapping[str, object]) -> Iterator[Row]:
    """Whom the firm pays for help with the application, where it was asked."""
    said_so = contact.get("adviser")
    if said_so == "yes":
        kind = str(dict(contact_forms.KINDS)[str(contact["adviser_kind"])])
        fee = ui.in_yen(int(str(contact["adviser_fee"])))
        text = f"{contact['adviser_name']}（{kind}）　{fee}　{contact.get('adviser_terms', '')}"
        yield "contact.adviser", _("申請のために社外の方に払う額"), text.strip()
    elif said_so:
        yield "contact.adviser", _("申請のために社外の方に払う額"), _("払わない")


def _typed(section: str, fields: Mapping[str, Field], answers: Content) -> Iterator[Row]:
    """The answers of a form whose fields need no words of their own here."""
    for name, field in fields.items():
        if (text := answers.get(name)) not in (None, ""):
            words = comparing.in_words(field, str(text))
            yield f"{section}.{name}", str(field.label), words


def of_questions(asked: Iterable[Question], plan: Content) -> Iterator[Row]:
    """What was asked only for another answer is left out."""
    for question in asked:
        name = f"q_{question.key}"
        answer = plan.get(name)
        if answer in (None, "") and question.only_when is not None:
            continue
        text = "―" if answer in (None, "") else str(answer)
        if question.kind == "yen" and isinstance(answer, int):
            text = ui.in_yen(answer)
        elif question.kind not in ("long", "line"):
            text = comparing.in_words(plan_forms.question_field(question), text)
        yield f"plan.{name}", said(question.label), text


def _item(item: CostItem, names: Mapping[str, str]) -> str:
    """A row of the costs; seats are ordered on no day."""
    said_so = f"{item['what']}　{names.get(item['category'], '')}　{ui.in_yen(item['amount'])}"
    if not item.get("order_on"):
        return said_so
    day = ui.day(date.fromisoformat(item["order_on"]))
    return _("%(item)s　発注予定 %(day)s") % {"item": said_so, "day": day}


def _of_costs(application: Application, content: Content) -> Iterator[Row]:
    """Frame, own funds, each cost, the sum, and what the city may look up."""
    stated, aid = application.stated, content["aid"]
    names = {c.key: said(c.name) for c in stated.categories}
    asked = {
        key: form(application=application).fields
        for key, form in drafts.form_classes(application).items()
        if key in ("costs", "consent")
    }
    yield from _typed("costs", asked.get("costs", {}), content["costs"])
    for n, item in enumerate(content["costs"]["items"], 1):
        yield f"costs.items.{n}", _("経費%(n)s") % {"n": n}, _item(item, names)
    if stated.unit == "yen":
        sums = {"eligible": f"{aid['eligible']:,}", "amount": f"{aid['amount']:,}"}
        yield "aid", _("経費の合計"), _("対象 %(eligible)s円　補助 %(amount)s円") % sums
    else:
        yield "aid", _("申し込む席"), _("%(n)s席") % {"n": aid["amount"]}
    yield from _typed("consent", asked.get("consent", {}), content.get("consent", {}))


def _industry(organisation: Mapping[str, str]) -> str:
    """As it was handed in; in English by the table of trades, which has both names."""
    name = organisation["industry_name"]
    if not in_english():
        return name
    known = Industry.objects.filter(pk=organisation.get("industry") or "").first()
    return known.name_en if known is not None and known.name_en else name


def parts(application: Application, content: Content, documents: list[Document]) -> list[Answer]:
    """The answers in the order of the form, each with its defects: what the officer marks."""
    stated = application.stated
    defects: dict[str, list[Defect]] = {}
    for defect in application.defects.all():
        defects.setdefault(defect.part, []).append(defect)
    organisation, eligibility, plan = (
        content["organisation"],
        content["eligibility"],
        content["plan"],
    )
    number = organisation.get("corporate_number") or _("個人事業主")
    rows: list[Row] = [
        ("organisation.name", _("法人番号・名称"), f"{number}　{organisation['name']}"),
        (
            "organisation.address",
            _("本社"),
            _seat(organisation),
        ),
        (
            "organisation.industry",
            _("業種・規模"),
            _("%(industry)s　資本金 %(capital)s　従業員 %(employees)s人")
            % {
                "industry": _industry(organisation),
                "employees": organisation["employees"],
                "capital": ui.in_yen(capital) if (capital := organisation.get("capital")) else "―",
            },
        ),
        ("organisation.established_on", _("設立日（個人事業主は開業日）"), _founded(organisation)),
        (
            "organisation.representative_name",
            _("代表者"),
            f"{organisation['representative_title']}　{organisation['representative_name']}".strip(),
        ),
    ]
    if "contact" in content:
        contact = content["contact"]
        rows.append(
            (
                "contact",
                _("連絡担当者"),
                f"{contact['name']}　{contact['phone']}　{contact['email']}",
            )
        )
        rows += _adviser(contact)
        if mails := dict(contact_forms.MAILS).get(contact.get("mails")):
            rows.append(("contact.mails", _("担当者へのお知らせのメール"), str(mails)))
    trades = sizes.parts_of(organisation.get("industry"))
    rows += [
        ("eligibility.trade", _("主な業種の内訳"), str(trade.name))
        for trade in trades
        if trade.key == eligibility.get("trade")
    ]
    if sizes.LARGE_TESTS.keys() & eligibility.keys():
        rows.append(("eligibility.large_income", _("大企業との関係"), _large(eligibility)))
    if eligibility.get("partner_name"):
        rows.append(
            ("eligibility.partner_name", _("一緒に進めるIT企業"), eligibility["partner_name"])
        )
    if eligibility.get("other_subsidies"):
        rows.append(
            ("eligibility.other_subsidies", _("ほかの補助金"), eligibility["other_subsidies"])
        )
    rules = {rule.rule for rule in stated.rules}
    rows += _typed("eligibility", eligibility_form.declared(rules), eligibility)
    if eligibility.get("group_members"):
        rows.append(
            ("eligibility.group_members", _("グループの構成員"), eligibility["group_members"])
        )
    rows.append(("plan.title", _("事業の名称"), plan["title"]))
    rows += of_questions(stated.asked, plan)
    for key, section in drafts.added(application).items():
        rows += [(f"{key}.{name}", label, text) for name, label, text in section.rows(content[key])]
    rows += _of_costs(application, content)
    found = [
        Answer(part=part, label=label, text=text, defects=defects.pop(part, []), document=None)
        for part, label, text in rows
    ]
    return found + list(_of_documents(application, content, documents, defects))


def _of_documents(
    application: Application,
    content: Content,
    documents: list[Document],
    defects: dict[str, list[Defect]],
) -> Iterator[Answer]:
    """Each file that was handed in, and what was said in the stead of others; a remark stands at the
    first.
    """
    titles = {d.key: said(d.name) for d in application.stated.documents}
    sent = {row["id"] for row in content["documents"]}  # what came later belongs to later rooms
    rows: list[tuple[str, str, Document | None]] = [
        (d.key, issued.named(d.name, d.key, content), d) for d in documents if d.pk in sent
    ]
    rows += [
        (row["key"], text, document)
        for row in instead.of_content(content)
        for text, document in _instead(row, documents, sent)
    ]
    for key, text, document in rows:
        part = f"documents.{key}"
        yield Answer(
            part=part,
            label=titles.get(key, _("書類")),
            text=text,
            defects=defects.pop(part, []),
            document=document,
        )


def _instead(
    row: Instead, documents: list[Document], sent: set[int]
) -> Iterator[tuple[str, Document | None]]:
    """What stands in the stead of a file: the file that it lies in, or those that came later."""
    if row["way"] == "elsewhere":
        yield instead.in_words(row), next((d for d in documents if d.pk == row["id"]), None)
        return
    came = [d for d in documents if d.key == row["key"] and d.frozen and d.pk not in sent]
    for document in came:
        words = {"name": document.name, "day": ui.day(document.uploaded_at)}
        yield _("%(name)s（%(day)sにあとから届きました）") % words, document
    if not came:
        yield instead.in_words(row), None
