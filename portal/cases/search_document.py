"""What a case is found by."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class SearchDocument(models.Model):
    """What a case is found by, folded for comparison. Written by `portal.cases.search` alone.

    `head`: what every list shows; `text`: that and all the rest, a line each; `pairs`: a number for
    each sign, each pair and each four of neighbours in it.
    """

    case = models.OneToOneField(
        "portal_cases.Case", models.CASCADE, primary_key=True, related_name="search_document"
    )
    head = models.TextField()
    text = models.TextField()
    pairs = ArrayField(models.IntegerField())

    class Meta:
        # a short list of what is yet to be sorted in, since every search reads all of it
        indexes = [GinIndex(fields=["pairs"], name="cases_search", gin_pending_list_limit=512)]

    def __str__(self) -> str:
        return self.head
