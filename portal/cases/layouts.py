"""How a person of the office arranged the lists: filters under a name, and columns."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from portal.accounts.models import User


class SavedView(models.Model):
    """A staff list's filters, kept under a name."""

    person = models.ForeignKey(User, models.CASCADE, related_name="saved_views")
    # the name of the list's address: inbox or case_list
    page = models.CharField(max_length=20, default="inbox")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=600)
    # the office sees it, too; whoever made it alone can remove it
    shared = models.BooleanField(default=False)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "page", "name"], name="cases_view_once")
        ]

    def __str__(self) -> str:
        return self.name


class ListLayout(models.Model):
    """Which columns of the list of cases a person chose (`portal.cases.columns`)."""

    person = models.OneToOneField(
        User, models.CASCADE, primary_key=True, related_name="list_layout"
    )
    columns = ArrayField(models.CharField(max_length=20))

    def __str__(self) -> str:
        return " ".join(self.columns)
