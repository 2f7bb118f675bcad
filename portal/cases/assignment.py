"""Who of the office has a case in hand."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.accounts.models import User
from portal.accounts.permissions import office
from portal.audit.record import record
from portal.cases import interests
from portal.cases.models import Case
from portal.workflow.door import lock, touch

HOLDERS = ("programme_officer", "approver")  # roles whose people take a case in hand


def refusals(person: User, case: Case) -> list[str]:
    """Why a person may not be given the case: no role in whose scope it lies, be it one about
    assigned cases alone; then interests. Empty where they may.
    """
    held = [role for role in person.roles() if role.role in HOLDERS]
    if not any(role.reaches(case.programme_code, list(case.municipality_codes)) for role in held):
        return office(*HOLDERS).reasons(person, case)
    return interests.known(person, case)


def own_refusals(person: User, case: Case) -> list[str]:
    """Why a person may not take the case themselves, nor give it to another."""
    return office(*HOLDERS).reasons(person, case) or interests.known(person, case)


@transaction.atomic
def take(case: Case, *, by: User, seen: str) -> list[str]:
    """Take a case in hand; the reasons why not. `seen`: the key of who had it when the page was
    opened, empty for nobody: whoever comes second is told who was first.
    """
    lock([case])
    holder = Case.objects.select_related("assigned_to").get(pk=case.pk).assigned_to
    if holder is not None and str(holder.pk) != seen:
        if holder == by:
            return []
        first = _(
            "%(name)sさんが、先にこの案件の担当になりました。代わるときは、もう一度押してください。"
        )
        return [first % {"name": holder.name}]
    return own_refusals(by, case) or assign(case, by, by=by)


@transaction.atomic
def assign(case: Case, person: User, *, by: User, note: str = "") -> list[str]:
    """Give the case to an officer, with a note for them; the reasons why not, where an interest is
    known.
    """
    if reasons := interests.known(person, case):
        return reasons
    case.assigned_to = person
    case.save(update_fields=["assigned_to"])
    record(
        chain=f"case:{case.pk}",
        action="case.assign",
        subject=f"case:{case.pk}",
        by=by,
        capacity="office",
        label=gettext_noop("担当が決まりました"),
        person=person.name,
        note=note,
    )
    touch(case)
    return []
