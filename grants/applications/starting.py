"""How a draft begins: with what an earlier application said, or with what is known already."""

from django.db import transaction

from grants.applications import drafts, submit
from grants.applications.forms import SectionForm
from grants.applications.models import Application
from grants.programmes.models import Call
from portal.accounts.models import Organisation, User
from portal.types import Text
from portal.ui.forms import DateParts
from portal.workflow.door import begin


@transaction.atomic
def start(
    call: Call, organisation: Organisation, *, by: User, earlier: Application | None = None
) -> Application:
    """Begin an application of the firm, as its writer: what its record answers is not asked again."""
    application = begin(
        Application, by=by, call=call, organisation=organisation, copied_from=earlier
    )
    if earlier is not None:
        submit.copy_into(application, earlier, by=by)
    _take_what_is_known(application, by=by)
    return application


def _take_what_is_known(application: Application, *, by: User) -> None:
    """Keep a section at once where all that it asks is known, as if it had been typed; of others, nothing:
    their page shows what is known, and asks the rest.
    """
    classes = drafts.form_classes(application)
    for key in drafts.KNOWN:
        data = _as_typed(classes[key], drafts.starting_data(application, key, by=by))
        is_free = drafts.stored(application, key) is None
        if is_free and classes[key](data, application=application).is_valid():
            page = drafts.Page(0, editor=drafts.TAKEN)
            drafts.save(application, key, data, by=by, page=page)


def _as_typed(form: type[SectionForm], known: dict[str, str]) -> dict[str, str]:
    """What is known, as the controls of the form send it: a day in its parts."""
    typed = dict(known)
    for name, field in form.base_fields.items():
        if isinstance(field.widget, DateParts) and name in known:
            parts = field.widget.decompress(typed.pop(name))
            typed |= {
                f"{name}_{part}": str(value)
                for part, value in zip(DateParts.PARTS, parts, strict=True)
            }
    return typed


def taken(application: Application) -> set[Text]:
    """The sections that stand as they were taken, and that nobody has saved since."""
    return set(application.sections.filter(editor=drafts.TAKEN).values_list("key", flat=True))
