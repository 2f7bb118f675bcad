"""An application as its own side prints it: every question with its answer, the costs, how the amount
comes about, and the documents; of a draft as it is typed, afterwards as it was handed in.
"""

from collections.abc import Iterator
from datetime import date

from django.forms import BaseForm
from django.utils.translation import gettext as _

from grants.applications import comparing, drafts, instead, issued, room
from grants.applications.content import Content, FrozenFile
from grants.applications.freezing import readable_content
from grants.applications.models import Application, OfficerList
from grants.applications.ports import Printed, draw_application
from grants.applications.states import ApplicationState
from grants.applications.versions import ApplicationVersion
from grants.programmes.catalogue import cut_words, rate_words
from grants.programmes.models import said
from portal import clock
from portal.accounts.models import User
from portal.cases.ports import Section
from portal.documents.models import Document
from portal.ui.templatetags import ui

_UNTYPED = "―"


def paper(application: Application, user: User) -> Printed:
    """The draft while there is one that was never handed in, else the last version as this person may
    read it.
    """
    version = application.last_version
    if application.state == ApplicationState.DRAFT or version is None:
        documents = list(
            Document.objects.sent().filter(case=application.case).select_related("file")
        )
        content, unread = readable_content(application, documents)
        at = _("%(at)s現在") % {"at": ui.short_moment(clock.now())}
        lines, mark = [at], _("下書き・未提出")
    else:
        content, unread, lines, mark = version.readable_by(user), set(), _of_version(version), ""
    case = application.case
    firm = content.get("organisation", {}).get("name") or case.organisation.name
    noun = application.words.noun
    return Printed(
        title=_("%(noun)sの内容") % {"noun": noun},
        number=case.number,
        lines=[firm, str(application.call), *lines],
        sections=list(_sections(application, content, unread)),
        foot=mark or lines[0],
        mark=mark,
    )


def anew(pk: int) -> bytes:
    """The same as the portal itself reads it, for the job that draws what could not be drawn."""
    return draw_application.value(paper(Application.objects.get(pk=pk), User.objects.system()))


def _of_version(version: ApplicationVersion) -> list[str]:
    case = version.application.case
    told = {
        "number": case.number,
        "n": version.n,
        "at": ui.short_moment(version.submitted_at),
    }
    line = _("受付番号 %(number)s　第%(n)s版　%(at)s提出") % told
    by = _("提出した人：%(who)s") % {"who": version.submitted_by.name or version.submitted_by.email}
    return [line, by, _("照合（SHA-256）：%(sha256)s") % {"sha256": version.sha256}]


def _sections(application: Application, content: Content, unread: set[str]) -> Iterator[Section]:
    added = drafts.added(application)
    for key in drafts.form_classes(application):
        rows = (
            [(str(label), text) for _name, label, text in added[key].rows(content[key])]
            if key in added and key in content
            else list(_answers(application, key, content, is_typed=key in unread))
        )
        if key == "organisation":
            rows += _officers(application, content)
        section = Section(heading=str(drafts.title_of(application, key)), rows=rows)
        if key == "costs":
            yield section | _costs(application, content)
            yield _amount(application, content)
        elif rows:
            yield section
    if "costs" not in drafts.form_classes(application):
        asked = f"{content['aid']['amount']:,}{application.words.unit}"
        yield Section(heading=str(application.words.asked), rows=[(_("申し込む席"), asked)])
    yield from _documents(application, content)


def _answers(
    application: Application, key: str, content: Content, *, is_typed: bool
) -> Iterator[tuple[str, str]]:
    """Each question of a section, also one without an answer; of a section that cannot be read yet, what
    is typed, with what is wrong.
    """
    form = drafts.form_of(application, key)
    if not is_typed and key not in content:
        return  # not for this reader
    if is_typed and form.is_bound:
        form.is_valid()
    answers = content.get(key, {})
    for name, field in form.fields.items():
        if name in form.ASKED_FIRST and not is_typed:
            continue
        wrong = [*form.errors.get(name, ())] if is_typed and form.is_bound else []
        text = _typed(form, name)[: room.of(field)] if is_typed else answers.get(name)
        words = comparing.in_words(field, str(text)) if text not in (None, "") else _UNTYPED
        yield str(field.label), "\n".join([words, *(f"＊{fault}" for fault in wrong)])


def _typed(form: BaseForm, name: str) -> str:
    value = form[name].value()
    if isinstance(value, list):
        return "/".join(str(part) for part in value if part)
    return "" if value is None else str(value)


def _officers(application: Application, content: Content) -> list[tuple[str, str]]:
    """How many there are: the list itself is sealed and printed nowhere."""
    kept = OfficerList.objects.filter(application=application, people__gt=0).first()
    if kept is None or "organisation" not in content:
        return []
    told = _("%(n)s人（暗号化して保管しているため、ここには載せません）") % {"n": kept.people}
    return [(_("役員の一覧"), told)]


def _costs(application: Application, content: Content) -> Section:
    names = {category.key: said(category.name) for category in application.stated.categories}
    rows = [
        (
            str(n),
            item["what"],
            names.get(item["category"], item["category"]),
            ui.day(date.fromisoformat(item["order_on"])) if item.get("order_on") else _UNTYPED,
            ui.in_yen(item["amount"]),
        )
        for n, item in enumerate(content["costs"]["items"], 1)
    ]
    head = ("", _("内容"), _("経費区分"), _("発注予定日"), _("金額（税抜）"))
    return Section(table={"head": head, "rows": rows}) if rows else Section()


def _amount(application: Application, content: Content) -> Section:
    """From the costs to the yen, a line a step."""
    stated, aid = application.stated, content["aid"]
    terms = stated.frame(content["costs"]["frame"])
    items, eligible = content["costs"]["items"], int(aid["eligible"])
    spent = sum(int(item["amount"]) for item in items)
    raw = int(eligible * terms.rate)
    rows = [(_("経費の合計"), ui.in_yen(spent))]
    if spent > eligible:
        rows.append((_("区分の上限を超えた分"), f"−{ui.in_yen(spent - eligible)}"))
    rows += [
        (_("対象の費用"), ui.in_yen(eligible)),
        (_("補助率 %(rate)s を掛けた額") % {"rate": rate_words(terms.rate)}, ui.in_yen(raw)),
    ]
    words = cut_words(stated, content["costs"]["frame"])
    rows += [(words[rule], ui.in_yen(after)) for rule, _was, after in aid["trace"] if rule in words]
    rows.append((str(application.words.asked), ui.in_yen(aid["amount"])))
    return Section(heading=_("補助額の計算"), rows=rows)


def _documents(application: Application, content: Content) -> Iterator[Section]:
    """Each document that is asked for, with the files that came, or that none did."""
    stated = {wanted.key: said(wanted.name) for wanted in application.stated.documents}
    came: dict[str, list[FrozenFile]] = {}
    for file in content["documents"]:
        came.setdefault(file["key"], []).append(file)
    lines = {key: [_file(file) for file in files] for key, files in came.items()}
    for key, day in issued.of_content(content).items():
        lines.setdefault(key, []).append(issued.in_words(day))
    for row in instead.of_content(content):
        lines.setdefault(row["key"], []).append(instead.in_words(row))
    rows = [
        (stated.get(key, _("そのほかの書類")), "\n".join(lines.get(key, [])) or _UNTYPED)
        for key in {**stated, **lines}
    ]
    if rows:
        yield Section(heading=_("添付する書類"), rows=rows)


def _file(file: FrozenFile) -> str:
    return f"{file['name']}　{_('%(size)s KB') % {'size': -(-file['size'] // 1024)}}"
