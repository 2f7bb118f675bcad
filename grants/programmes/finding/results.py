"""What the public list shows for what somebody typed and chose."""

from collections.abc import Collection
from dataclasses import dataclass

from grants.programmes import catalogue
from grants.programmes.finding import ranking
from grants.programmes.finding.understanding import REST, Understood, understand
from grants.programmes.finding.vocabulary import Topic, words
from grants.programmes.models import Call, CallQuerySet, SearchWord
from portal.types import Given


@dataclass(frozen=True)
class Results:
    """`said`: None where nothing was typed. `is_near`: nothing fits, these are the nearest.
    `only`: nothing fits all words together, these fit this one.
    """

    calls: CallQuerySet
    said: Understood | None = None
    is_near: bool = False
    only: str = ""

    def because(self, call: Call) -> list[ranking.Because]:
        return ranking.because(call, self.said) if self.said and not self.is_near else []

    def unmet(self, shown: Collection[Call]) -> list[Topic]:
        """The purposes that were asked for and that none of the calls shown states."""
        stated = {key for call in shown for key in call.topics}
        return [topic for topic in self.said.topics if topic.key not in stated] if self.said else []


def find(data: Given) -> Results:
    """By the list's words and filters: what fits, best first, else what is nearest."""
    calls = catalogue.find(data)
    if not data.get("q"):
        return Results(calls)
    known = words(added())
    said = understand(data["q"], known)
    ranked = ranking.ranked(calls, said)
    if ranked.exists():
        return Results(ranked, said)
    typed = data["q"].split()[:REST]
    parts = [(word, understand(word, known)) for word in typed if len(typed) > 1]
    for word, part in sorted(parts, key=lambda one: not one[1].topics):
        fits = ranking.ranked(calls, part)
        if (part.topics or part.trades) and fits.exists():
            return Results(fits, part, only=word)
    if said.topics:  # it is understood, and there is none: what is written alike is no answer
        return Results(calls.none(), said)
    return Results(ranking.nearest(calls, said), said, is_near=True)


def added() -> dict[str, str]:
    """The words that the office added, each with the key of its purpose."""
    return dict(SearchWord.objects.values_list("word", "topic"))
