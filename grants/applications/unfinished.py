"""How a draft ends that was never handed in: thrown away by whoever writes it, or, once its people were
told, by the portal (`ending.py`).
"""

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.states import ApplicationState
from grants.programmes.models import Call
from portal.accounts.permissions import Either, System, Writer
from portal.cases.models import Case
from portal.workflow.door import touch
from portal.workflow.graph import transition


class Unfinished(models.Model):
    """`ends_on`: the last day of a draft that nobody finishes, as its people were told."""

    call: models.ForeignKey[Call, Call]
    case: models.OneToOneField[Case, Case]
    if TYPE_CHECKING:
        state: models.CharField[str, str]

    ends_on = models.DateField(null=True)

    class Meta:
        abstract = True

    def go_on(self) -> None:
        """Somebody wrote it in time, or its call was opened again: it does not end."""
        if self.ends_on is not None:
            self.ends_on = None
            self.save(update_fields=["ends_on"])
            touch(self.case)

    @transition(
        source=ApplicationState.DRAFT,
        target=ApplicationState.DRAFT,
        label=_lazy("下書きが消える日を知らせる"),
        done=_lazy("下書きが消える日をお知らせしました"),
        internal=True,
        permission=System(),
    )
    def foretell(self, *, ends_on: date, **_given: object) -> None:
        """Performed by `ending` alone."""
        self.ends_on = ends_on

    @transition(
        source=ApplicationState.DRAFT,
        target=ApplicationState.WITHDRAWN,
        label=_lazy("下書きを消す"),
        done=_lazy("下書きを消しました"),
        permission=Either((Writer(), System())),
        internal=True,
    )
    def discard(self, **_given: object) -> None:
        """Performed by `discarding` alone, which erases what was written: another may begin."""
        self.ends_on = None
