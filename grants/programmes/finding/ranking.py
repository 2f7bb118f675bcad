"""Which calls fit what somebody typed, best first, and why."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import TypeAlias

from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models.expressions import Combinable
from django.utils.translation import gettext as _

from grants.programmes.finding.understanding import Understood
from grants.programmes.finding.vocabulary import Trade, topics
from grants.programmes.models import Call, CallQuerySet
from portal import jptext
from portal.registry.codes import SAPPORO

# what a match weighs
WHOLE = 30  # all that was typed stands in the name or the summary
MAIN, STATED, NEAR = 20, 12, 4  # the programme's first purpose, another one, one that is near
IN_HEAD, IN_TEXT = 10, 5  # a word of the rest in name or summary; somewhere in the texts
# what decides between calls that match
MADE_FOR = 8  # the trade or the place that was typed, and few others
IS_NEWEST = 6

Weights: TypeAlias = list[tuple[Q, int]]

PIECES = 12  # pairs of signs by which the nearest are found
NEAR_SHARE = 3  # one of so many pairs at least


def ranked(calls: CallQuerySet, said: Understood) -> CallQuerySet:
    """Those of `calls` that match: of each stage the best first; all of them where the words fit every
    support. What leaves out a trade or a place that was typed is no match.
    """
    who, made_for = _of_whom(said)
    wants = _wants(said)
    found = calls.filter(who).annotate(fit=_sum(wants))
    if wants:
        found = found.filter(fit__gt=0)
    by_programme = Call.objects.public().order_by("programme__code", "-decision_on", "-pk")
    newest = by_programme.distinct("programme__code")  # read once, not for each row
    beside: Weights = [(Q(pk__in=newest.values("pk")), IS_NEWEST), *made_for]
    best = (F("fit") + _sum(beside)).desc()
    return found.order_by(F("stage"), best, "programme__order", "-decision_on", "pk")


def nearest(calls: CallQuerySet, said: Understood) -> CallQuerySet:
    """Where nothing matches: those whose name and summary share most pairs of signs with it."""
    pieces = list(dict.fromkeys(said.whole[n : n + 2] for n in range(len(said.whole) - 1)))
    pieces = pieces[:PIECES]
    share = _sum([(Q(search_head__contains=piece), 1) for piece in pieces])
    least = max(1, -(-len(pieces) // NEAR_SHARE))
    found = calls.filter(pk__in=Call.objects.open().values("pk")).annotate(fit=share)
    return found.filter(fit__gte=least).order_by("-fit", "programme__order", "pk")


def _sum(weights: Weights) -> Combinable:
    cases = [
        Case(When(q, then=Value(weight)), default=Value(0), output_field=IntegerField())
        for q, weight in weights
    ]
    return reduce(add, cases, Value(0))


def _wants(said: Understood) -> Weights:
    """What is looked for: the purposes, and the words themselves. Nothing where no aim is named."""
    if said.names_no_aim:
        return []
    found: Weights = [(_says("search_head", said.whole), WHOLE)]
    for word in {jptext.loose_key(typed) for typed in (*said.rest, *said.topics.values())}:
        found += [(_says("search_head", word), IN_HEAD), (_says("search_text", word), IN_TEXT)]
    for topic in said.topics:
        found += [
            (Q(topics__0=topic.key), MAIN - STATED),
            (Q(topics__contains=[topic.key]), STATED),
            (Q(topics__overlap=list(topic.near)), NEAR),
        ]
    return found


def _of_whom(said: Understood) -> tuple[Q, Weights]:
    """The calls that the trades and places typed may apply to, and which are made for them."""
    may = Q()
    made_for: Weights = []
    for trade in said.trades:
        may &= _takes_trade(trade)
        made_for.append((Q(industries_in__overlap=list(trade.codes)), MADE_FOR))
    for place in said.places:
        may &= takes_place(place.code)
        made_for.append((Q(head_office_in__contains=[place.code]), MADE_FOR))
    return may, made_for


def _says(column: str, word: str) -> Q:
    """The column holds the word: Latin letters as a word of their own (AI is not in "training")."""
    if not word.isascii():
        return Q(**{f"{column}__contains": word})
    return Q(**{f"{column}__regex": rf"(^|[^a-z0-9]){re.escape(word)}([^a-z0-9]|$)"})


def _takes_trade(trade: Trade) -> Q:
    codes = list(trade.codes)
    inside = Q(industries_in=None) | Q(industries_in__overlap=codes)
    return inside & (Q(industries_out=None) | ~Q(industries_out__contains=codes))


def takes_place(code: str) -> Q:
    """Calls for firms whose head office lies in this municipality, as far as its rules say."""
    found = Q(head_office_in=None) | Q(head_office_in__contains=[code])
    return found if code == SAPPORO else found & ~Q(office_in_sapporo=True, head_office_in=None)


@dataclass(frozen=True)
class Because:
    """Why a call was found: the word as it was typed, and what it meant."""

    typed: str
    meant: str


def because(call: Call, said: Understood) -> list[Because]:
    """Why this call is among the results, the weightiest first; nothing where all words fit all."""
    return list(_reasons(call, said))


def _reasons(call: Call, said: Understood) -> Iterator[Because]:
    stated = set(call.topics)
    for topic, typed in said.topics.items():
        if topic.key in stated:
            yield Because(typed, str(topic))
        elif near := next((key for key in topic.near if key in stated), ""):
            yield Because(typed, _("%(topic)sに近い目的") % {"topic": topics()[near]})
    for trade, typed in said.trades.items():
        if set(trade.codes) & set(call.industries_in or []):
            yield Because(typed, _("この業種のための支援"))
        else:
            yield Because(typed, _("この業種も申し込める"))
    for place, typed in said.places.items():
        yield Because(typed, _("%(place)sの事業者も申し込める") % {"place": place})
    head = jptext.loose_key(f"{call.name} {call.in_words('summary')} {call.in_words('lead')}")
    for token in said.rest:
        if jptext.loose_key(token) in head:
            yield Because(token, _("説明にあることば"))
