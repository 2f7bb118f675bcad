"""Searches of the public list that a person keeps, to be told of what is new in them."""

import hashlib
import json
from collections.abc import Mapping

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from grants.fitting.models import SavedSearch
from grants.fitting.words import joined
from grants.programmes.finding import results
from grants.programmes.finding.results import Results
from grants.programmes.forms import FindForm
from portal import jptext
from portal.accounts.models import User
from portal.workflow.errors import NotReady

MOST = 20  # searches of one person


def asked(sent: Mapping[str, str]) -> dict[str, str]:
    """What of an address the search is made of, by name; whether only open calls are wanted is no
    part of it, since what is told of is open. Empty where it asks for nothing, or is not understood.
    """
    form = FindForm(sent)
    if not form.is_valid():
        return {}
    found = {name: sent.get(name, "").strip() for name in form.fields if name != "open"}
    return {name: value for name, value in found.items() if value}


def words(search: Mapping[str, str]) -> str:
    """The search as its person reads it: what was typed, and the names of what was chosen."""
    form = FindForm(search)
    if not form.is_valid():
        return ""
    said = []
    for name in search:
        value = form.cleaned_data[name]
        choices = getattr(form.fields[name], "choices", ())
        labels = {str(key): str(label) for key, label in choices} if name != "area" else {}
        said.append(labels.get(str(value), str(value)))
    return joined(said)


def address(search: Mapping[str, str]) -> str:
    """The part after the question mark."""
    query = QueryDict(mutable=True)
    query.update(search)
    return query.urlencode()


def found(search: Mapping[str, str]) -> Results | None:
    """What it finds now; None where a filter names what is no longer there."""
    form = FindForm(search)
    return results.find(form.cleaned_data) if form.is_valid() else None


@transaction.atomic
def keep(person: User, search: dict[str, str]) -> SavedSearch:
    """Keep it, once. Raises NotReady where there is nothing to keep, or too much is kept already."""
    if not search:
        raise NotReady(_("ことばを入れるか、条件を選んでから、保存してください。"))
    User.objects.select_for_update(no_key=True).get(pk=person.pk)  # two at once count each other
    kept = SavedSearch.objects.filter(person=person)
    if held := kept.filter(key=_key(search)).first():
        return held
    if kept.count() >= MOST:
        raise NotReady(
            _("保存できる検索は%(n)s件までです。使わないものを消してください。") % {"n": MOST}
        )
    return SavedSearch.objects.create(person=person, asked=search, key=_key(search))


def _key(search: Mapping[str, str]) -> str:
    same = {**search, "q": jptext.loose_key(search.get("q", ""))}
    return hashlib.sha256(json.dumps(same, sort_keys=True).encode()).hexdigest()
