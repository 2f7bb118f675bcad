"""Of some documents the day counts on which they were issued: the firm types it beside the file, and the
programme says how old such a paper may be when it is handed in (`issued_within_days`).
"""

from collections.abc import Collection
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from grants.applications import drafts
from grants.applications.content import Content
from grants.applications.models import Application
from grants.applications.sections import Section
from grants.programmes.models import said
from grants.programmes.parameters import Programme
from grants.programmes.parts import Required
from portal import clock
from portal.accounts.models import User
from portal.documents.models import Document
from portal.ui.templatetags import ui

SECTION = "documents"  # where it is kept while it is a draft: "key.issued"


def asking(stated: Programme) -> dict[str, Required]:
    """The documents of which the day is asked."""
    return {wanted.key: wanted for wanted in stated.documents if wanted.issued_within_days}


def counts_until(wanted: Required, day: date) -> date:
    """The last day on which a paper that was issued on `day` may be handed in."""
    return day + timedelta(days=wanted.issued_within_days or 0)


def fault(wanted: Required, day: date, on: date) -> str:
    """Why a paper that was issued on `day` does not count on `on`; "" where it does."""
    if day > on:
        return _("発行日が、これからの日になっています。")
    if counts_until(wanted, day) < on:
        words = {"day": ui.day(day), "n": wanted.issued_within_days}
        return (
            _("発行日（%(day)s）から%(n)s日を過ぎています。新しいものを取って送ってください。")
            % words
        )
    return ""


def typed(application: Application) -> dict[str, date]:
    """Document → its day, as it was typed."""
    section = drafts.stored(application, SECTION) if asking(application.stated) else None
    return _days(section.data if section is not None else {})


def _days(data: dict[str, str]) -> dict[str, date]:
    end = ".issued"
    return {
        name.removesuffix(end): date.fromisoformat(text)
        for name, text in data.items()
        if name.endswith(end) and text
    }


def of_cases(cases: Collection[int]) -> dict[tuple[int, str], date]:
    """(case, document) → its day, in one query."""
    rows = Section.objects.filter(application__case__in=cases, key=SECTION)
    return {
        (case, key): day
        for case, data in rows.values_list("application__case", "data")
        for key, day in _days(data or {}).items()
    }


def missing(application: Application, have: Collection[str]) -> list[str]:
    """Of the documents that are there (`have`): whose day is missing, and which are too old."""
    days, on = typed(application), application.pressed_on or clock.today()
    found = []
    for key, wanted in asking(application.stated).items():
        name = {"name": said(wanted.name)}
        if key in have and key not in days:
            found.append(_("%(name)sの発行日") % name)
        elif key in have and fault(wanted, days[key], on):
            found.append(_("%(name)s（発行日が合いません）") % name)
    return found


@transaction.atomic
def keep(application: Application, key: str, day: date, *, by: User) -> None:
    drafts.hold(application)
    section = drafts.stored(application, SECTION)
    data = dict(section.data) if section is not None else {}
    data[f"{key}.issued"] = day.isoformat()
    seen = drafts.Page(section.version if section is not None else 0)
    drafts.save(application, SECTION, data, by=by, page=seen)


def frozen(application: Application, documents: Collection[Document]) -> dict[str, str]:
    """What a version holds of it: the day, as ISO text, of each document that is among `documents`."""
    have = {document.key for document in documents}
    asked, days = asking(application.stated), typed(application)
    return {key: day.isoformat() for key, day in days.items() if key in asked and key in have}


def of_content(content: Content) -> dict[str, str]:
    """What a version says of it; older ones say nothing."""
    return dict(content.get("issued", {}))


def named(name: str, key: str, content: Content) -> str:
    """A file with the day on which it was issued, where its version says one."""
    day = of_content(content).get(key)
    return f"{name}（{in_words(day)}）" if day else name


def in_words(day: str) -> str:
    return _("発行日 %(day)s") % {"day": ui.full_day(date.fromisoformat(day))}
