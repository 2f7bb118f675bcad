"""What this room fills in elsewhere."""

from django.core.checks import register as register_check
from django.db.models import Model
from django.db.models.signals import class_prepared
from django.utils.translation import gettext_lazy as _lazy
from django_fsm import FSMField

from portal.audit.ports import Kept, kept_rows
from portal.ui.ports import Menu, menus
from portal.workflow import checks_at_start


def register() -> None:
    for check in (checks_at_start.ports_are_filled, checks_at_start.graphs_resolve):
        register_check(check, checks_at_start.HOUSE)
    class_prepared.connect(forget_collectors)
    kept_rows.add("portal_workflow.Duty", Kept())
    menus.add(
        "record",
        Menu(
            label=_lazy("記録の照合"),
            url_name="record",
            may_see=lambda user: user.has_role("auditor", "administrator"),
        ),
    )
    menus.add(
        "failed_jobs",
        Menu(
            label=_lazy("止まった処理"),
            url_name="failed_jobs",
            may_see=lambda user: user.has_role("administrator"),
        ),
    )


def forget_collectors(sender: type[Model], **_given: object) -> None:
    """Let go of what django_fsm hears for the state fields of a model once it is prepared.

    Each state field goes on hearing of every model to come. `migrate` prepares some thousand
    models, one set for each step of the schema, and all of them were told to all those fields: two
    thirds of its time.
    """
    for field in sender._meta.local_fields:
        if isinstance(field, FSMField):
            class_prepared.disconnect(field._collect_transitions)
