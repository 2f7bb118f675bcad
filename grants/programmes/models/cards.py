"""What a call has frozen of its programme, and what lists read of it."""

from collections.abc import Iterable
from functools import cached_property

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import MD5, Cast

from grants.programmes import listing
from grants.programmes import parameters as schema
from grants.programmes.models.programmes import Programme
from grants.programmes.parts import Bilingual
from portal import jptext
from portal.registry.models import in_english


class Card(models.Model):
    """The parameters of a call, and the columns that lists show and filter by (`listing.py`)."""

    programme: models.ForeignKey[Programme, Programme]

    parameters = models.JSONField()
    purposes = ArrayField(models.CharField(max_length=40), default=list)
    topics = ArrayField(models.CharField(max_length=20), default=list)
    # as `jptext.loose_key` writes it: what a row of a list says, and all that the call is found by
    search_head = models.TextField(blank=True)
    search_text = models.TextField(blank=True)
    # what lists show and filter by, as `listing.py` reads it from the parameters when they are frozen
    card = models.JSONField(default=dict)
    kind = models.CharField(max_length=20, default="subsidy")
    listed = models.BooleanField(default=True)
    head_office_in = ArrayField(models.CharField(max_length=6), null=True)
    office_in_sapporo = models.BooleanField(default=False)
    employees_at_most = models.PositiveIntegerField(null=True)
    sme_only = models.BooleanField(default=False)
    industries_in = ArrayField(models.CharField(max_length=3), null=True)
    industries_out = ArrayField(models.CharField(max_length=3), null=True)
    # calls with the same conditions have the same: the database keeps it, whoever writes the parameters
    rules_hash = models.GeneratedField(
        expression=MD5(Cast(KeyTransform("rules", "parameters"), models.TextField())),
        output_field=models.CharField(max_length=32, null=True),
        db_persist=True,
    )

    class Meta:
        abstract = True

    @cached_property
    def stated(self) -> schema.Programme:
        return schema.stated(self.parameters)

    @property
    def name(self) -> str:
        return self.in_words("name")

    def in_words(self, part: str) -> str:
        """A text of the card (name, summary, lead, family, office) in the reader's language."""
        texts: dict[str, str] = self.card[part]
        return texts["en" if in_english() else "ja"]

    def freeze(self) -> None:
        """Take over what the programme states now."""
        stated = self.programme.stated
        self.__dict__.pop("stated", None)
        self.parameters, self.purposes = self.programme.parameters, list(stated.purposes)
        self.topics = list(stated.topics)
        head = [stated.name, stated.summary, stated.lead, stated.family]
        self.search_head = _searched(head)
        self.search_text = " ".join(
            [
                self.search_head,
                _searched(category.name for category in stated.categories),
                *map(jptext.loose_key, stated.purposes),
            ]
        )
        for column, value in listing.listed(stated).items():
            setattr(self, column, value)


def _searched(texts: Iterable[Bilingual]) -> str:
    return " ".join(jptext.loose_key(words) for text in texts for words in (text.ja, text.en))
