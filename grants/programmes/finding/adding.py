"""The office adds words to the table by which supports are found, and takes them out again."""

from django.db import transaction
from django.utils.translation import gettext as _

from grants.programmes.finding import vocabulary
from grants.programmes.finding.vocabulary import Meaning, Topic
from grants.programmes.models import SearchWord
from portal import clock, jptext
from portal.accounts.models import User
from portal.audit.record import record
from portal.workflow.errors import NotReady

# who hears how people speak of what they need
KEEPERS = ("programme_officer", "concierge", "administrator")
CHAIN = "search_words"


def may_change(row: SearchWord, person: User) -> bool:
    """One word serves all towns: who added it takes it out or gives it another meaning, and the
    administrators.
    """
    return person == row.added_by or person.has_role("administrator")


def known(word: str) -> Meaning | None:
    """What the shipped table or the office gives this word to mean already."""
    rows = dict(SearchWord.objects.values_list("word", "topic"))
    return vocabulary.words(rows).get(jptext.loose_key(word))


def is_shipped(word: str) -> bool:
    """Whether the shipped table or the registry of places knows it, be it as a word that says nothing."""
    return jptext.loose_key(word) in vocabulary.words({})


@transaction.atomic
def add(word: str, topic: str, *, by: User) -> SearchWord:
    """From now on the word finds what states this purpose.

    Raises NotReady where it does so already, where it says something else or nothing, and where it is
    not theirs to change (`may_change`).
    """
    meaning = known(word)
    if not isinstance(meaning, Topic) and is_shipped(word):
        raise NotReady(
            _(
                "「%(word)s」は、地名や業種などのことばです。目的のことばにすると、さがす方に見つからない支援が出ます。"
            )
            % {"word": word}
        )
    if isinstance(meaning, Topic) and meaning.key == topic:
        raise NotReady(
            _("「%(word)s」は、もう「%(topic)s」を示します。") % {"word": word, "topic": meaning}
        )
    key = jptext.loose_key(word)
    other = SearchWord.objects.select_related("added_by").filter(key=key).first()
    if other is not None and not may_change(other, by):
        raise NotReady(
            _(
                "「%(word)s」は、%(name)sさんが加えたことばです。変えるときは、%(name)sさんか管理者に頼んでください。"
            )
            % {"word": other, "name": other.added_by.name}
        )
    row, _is_new = SearchWord.objects.update_or_create(
        key=key,
        defaults={"word": word, "topic": topic, "added_by": by, "added_at": clock.now()},
    )
    _note(row, "add", by)
    return row


@transaction.atomic
def remove(row: SearchWord, *, by: User) -> None:
    """The word means again what the shipped table says of it, or nothing."""
    _note(row, "remove", by)
    row.delete()


def _note(row: SearchWord, action: str, by: User) -> None:
    record(
        chain=CHAIN,
        action=f"words.{action}",
        subject=f"searchword:{row.pk}",
        by=by,
        after=row.topic if action == "add" else "",
        word=row.word,
    )
