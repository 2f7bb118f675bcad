"""さがすことば: what people say for a purpose, as the office adds it to the shipped table."""

from django.db import models

from grants.programmes.finding.vocabulary import topics
from portal.accounts.models import User


class SearchWord(models.Model):
    """A word that finds what states a purpose."""

    word = models.CharField(max_length=40)
    key = models.CharField(max_length=40, unique=True)  # as `jptext.loose_key` writes it
    topic = models.CharField(max_length=20)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["topic", "key"]

    def __str__(self) -> str:
        return self.word

    @property
    def meaning(self) -> str:
        """What the word finds, in the reader's language."""
        return str(topics()[self.topic])
