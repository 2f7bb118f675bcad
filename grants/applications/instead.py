"""What a firm says of a document in the stead of a file: that it follows later, by a day, or lies in a file
that was sent for another document. A programme allows either, document by document.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from grants.applications import drafts, issued
from grants.applications.content import Content, Instead
from grants.applications.models import Application
from grants.programmes.parameters import Programme
from grants.programmes.parts import Required
from portal import clock, jptext
from portal.accounts.models import User
from portal.documents.models import Document
from portal.ui.templatetags import ui
from portal.workflow.errors import NotReady

TAXES = "tax_certificate"  # asked of whom the city does not look up
SECTION = "documents"  # where it is kept while it is a draft: "key.way", "key.until", "key.file" …


@dataclass(frozen=True)
class Choice:
    """What is said of a document now; `fault`: why that counts no more, and what to do instead."""

    said: Instead
    fault: str = ""

    @property
    def words(self) -> str:
        return in_words(self.said)


def allowing(stated: Programme) -> list[Required]:
    """The documents of which something may be said in the stead of a file."""
    return [wanted for wanted in stated.documents if wanted.later_days or wanted.elsewhere]


def last_day(wanted: Required, on: date | None = None) -> date:
    """The last day that may be promised today, or `on` another day."""
    return (on or clock.today()) + timedelta(days=wanted.later_days or 0)


# -- what has to be there --------------------------------------------------------------------------
def needed(application: Application) -> list[Required]:
    """The documents that this firm has to attach; what the city may look up in their stead is named
    once that was answered.
    """
    looked_up = _city_looks_up_taxes(application)
    return [
        doc
        for doc in application.stated.documents
        if doc.required or (doc.key == TAXES and not looked_up)
    ]


def need_of(wanted: Required) -> bool | str:
    """What is said of it before anybody knows whether the city may look the taxes up."""
    return "sometimes" if wanted.key == TAXES and not wanted.required else wanted.required


def _city_looks_up_taxes(application: Application) -> bool:
    """It was agreed to or is still to be asked, and the taxes are those of a municipality whose call it
    is: no other one's are in its hands.
    """
    consent, firm = drafts.form_of(application, "consent"), drafts.organisation_form(application)
    if not (firm.is_bound and firm.is_valid()):
        return False
    own = firm.seat().municipality in application.call.municipality_codes
    return own and consent.data.get("tax_lookup") != "no"


def missing(application: Application) -> list[str]:
    """Names of required documents that are neither attached nor accounted for."""
    files = list(Document.objects.live().filter(case=application.case))
    have = {file.key for file in files}
    scan = [_("紙の申請書の写し")] if application.on_paper and "paper_scan" not in have else []
    asked = [doc for doc in needed(application) if doc.key not in have]
    settled = _settled(application, files) if asked else set()
    names = [doc.name.ja for doc in asked if doc.key not in settled]
    return scan + names + issued.missing(application, have)


def _settled(application: Application, files: Sequence[Document]) -> set[str]:
    """Documents of which something good is said, or that an officer does not ask for any more."""
    if not allowing(application.stated):
        return set()
    stands = {key for key, choice in chosen(application, files).items() if not choice.fault}
    return stands | {row.key for row in application.late_papers.all() if row.is_set_aside}


# -- the draft -------------------------------------------------------------------------------------
def chosen(application: Application, files: Collection[Document]) -> dict[str, Choice]:
    """What is said of each document that has no file among `files`, whether it counts or not."""
    allowed = {doc.key: doc for doc in allowing(application.stated)}
    if not allowed:
        return {}
    section = drafts.stored(application, SECTION)
    typed = section.data if section is not None else {}
    have = {file.key for file in files}
    on = application.pressed_on or clock.today()
    found = {
        key: _choice(doc, typed, files, on)
        for key, doc in allowed.items()
        if key not in have and typed.get(f"{key}.way")
    }
    return {key: choice for key, choice in found.items() if choice is not None}


def _choice(
    doc: Required, typed: Mapping[str, str], files: Collection[Document], on: date
) -> Choice | None:
    """What was typed of one document, as it counts on that day; nothing where its programme does not
    allow that any more.
    """
    way = typed[f"{doc.key}.way"]
    if way == "later" and doc.later_days:
        until = typed[f"{doc.key}.until"]
        day, last = date.fromisoformat(until), last_day(doc, on)
        fault = ""
        if day < on:
            fault = _("約束の日（%(day)s）を過ぎました。書類を送るか、日を決め直してください。")
        elif day > last:
            fault = _("約束の日（%(day)s）が遅すぎます。書類を送るか、日を決め直してください。")
        said_so = Instead(key=doc.key, way="later", until=until, id=0, name="", where="")
        return Choice(said_so, fault % {"day": ui.day(day)} if fault else "")
    if way == "elsewhere" and doc.elsewhere:
        pk = jptext.whole(typed.get(f"{doc.key}.file"), 0)
        there = next((file for file in files if file.pk == pk), None)
        said_so = Instead(
            key=doc.key,
            way="elsewhere",
            until="",
            id=pk,
            name=there.name if there else typed.get(f"{doc.key}.name", ""),
            where=typed.get(f"{doc.key}.where", ""),
        )
        fault = _("「%(name)s」は外されました。どのファイルに入っているか、選び直してください。")
        return Choice(said_so, "" if there else fault % {"name": said_so["name"]})
    return None


def promise(application: Application, key: str, until: date, *, by: User) -> None:
    """It follows by this day. Raises NotReady where that may not be said, or the day does not count."""
    doc = _allowed(application, key, "later")
    if not clock.today() <= until <= last_day(doc):
        words = {"first": ui.day(clock.today()), "last": ui.day(last_day(doc))}
        raise NotReady(_("%(first)sから%(last)sまでの日にしてください。") % words)
    _keep(application, key, {"way": "later", "until": until.isoformat()}, by=by)


def refer(application: Application, key: str, file: Document, where: str, *, by: User) -> None:
    """It lies in this file of the same case, at `where`. Raises NotReady."""
    _allowed(application, key, "elsewhere")
    there = Document.objects.live().filter(case=application.case, internal=False)
    if file.key == key or not there.filter(pk=file.pk).exists():
        raise NotReady(_("そのファイルは、もうありません。選び直してください。"))
    words = {"way": "elsewhere", "file": str(file.pk), "name": file.name, "where": where}
    _keep(application, key, words, by=by)


def take_back(application: Application, key: str, *, by: User) -> None:
    _keep(application, key, {}, by=by)


def _allowed(application: Application, key: str, way: str) -> Required:
    for doc in allowing(application.stated):
        if doc.key == key and (doc.later_days if way == "later" else doc.elsewhere):
            return doc
    raise NotReady(_("この書類は、ファイルでお送りください。"))


@transaction.atomic
def _keep(application: Application, key: str, words: Mapping[str, str], *, by: User) -> None:
    drafts.hold(application)
    section = drafts.stored(application, SECTION)
    data = dict(section.data) if section is not None else {}
    kept = {name: text for name, text in data.items() if not name.startswith(f"{key}.")}
    kept |= {f"{key}.{name}": text for name, text in words.items()}
    seen = drafts.Page(section.version if section is not None else 0)
    drafts.save(application, SECTION, kept, by=by, page=seen)


# -- what is handed in -----------------------------------------------------------------------------
def frozen(application: Application, files: Collection[Document]) -> list[Instead]:
    """What a version holds of it: what counts, of documents that this firm has to attach."""
    if not allowing(application.stated):
        return []
    found = chosen(application, files)
    keys = [doc.key for doc in needed(application)] if found else []
    return [found[key].said for key in keys if key in found and not found[key].fault]


def of_content(content: Content) -> list[Instead]:
    """What a version says in the stead of files; older ones say nothing."""
    return list(content.get("instead", []))


def in_words(row: Instead) -> str:
    if row["way"] == "later":
        day = ui.day(date.fromisoformat(row["until"]))
        return _("あとから出します（%(day)sまで）") % {"day": day}
    words = {"name": row["name"], "where": row["where"]}
    if not row["name"]:  # its reader sees no names of files (`secrecy.unnamed`)
        return _("ほかのファイルに入っています")
    if row["where"]:
        return _("「%(name)s」のファイルに入っています（%(where)s）") % words
    return _("「%(name)s」のファイルに入っています") % words


def promised(application: Application, files: Collection[Document]) -> str:
    """What follows later, for the task list."""
    days = [row["until"] for row in frozen(application, files) if row["way"] == "later"]
    if not days:
        return ""
    return _("あとから出す書類があります（%(day)sまで）") % {
        "day": ui.day(date.fromisoformat(min(days)))
    }
