"""Whom an application names: the office of its programme, and the contact that consented to mails."""

from collections.abc import Collection, Mapping

from django.utils.functional import lazy

from grants.applications.models import Application, ApplicationVersion
from grants.programmes.models import Call, Programme
from grants.programmes.texts import said
from portal.accounts.models import Organisation
from portal.cases.models import Case
from portal.correspondence.ports import Contact, Named
from portal.firms.ports import offices


def of_cases(cases: Collection[Case]) -> dict[int, Named]:
    return following({case.pk: case.pk for case in cases})


def following(led: Mapping[int, int]) -> dict[int, Named]:
    """Primary key of a case → that of the case whose application led to it → what it names.

    The contact is that of the last version that was handed in: nobody is written to because somebody
    typed an address into a draft. At most four queries, however many the cases.
    """
    rows = Application.objects.filter(case__in={*led.values()})
    under = {
        case: (call, own) for case, call, own in rows.values_list("case", "call", "filed_under")
    }
    calls = Call.objects.in_bulk({call for call, own in under.values() if own is None})
    owns = Programme.objects.in_bulk({own for _call, own in under.values()} - {None})
    contacts = _contacts({*led.values()})
    found: dict[int, Named] = {}
    for case, (call, own) in under.items():
        stated = (owns[own] if own is not None else calls[call]).stated
        office = lazy(said, str)(stated.office)
        found[case] = Named(office=office, phone=stated.phone, contact=contacts.get(case))
    return {case: found[before] for case, before in led.items() if before in found}


def phone_of(organisation: Organisation) -> str:
    """Of the office of the firm's last case; where it has none, of all offices."""
    last = organisation.cases.filter(is_draft=False, application__isnull=False).order_by("-pk")[:1]
    phones = [found.phone for found in of_cases(last).values()]
    return "、".join(phones or dict.fromkeys(phone for _office, phone in offices.value("")))


def _contacts(cases: Collection[int]) -> dict[int, Contact]:
    last = (
        ApplicationVersion.objects.filter(application__case__in=cases)
        .order_by("application", "-n")
        .distinct("application")
    )
    return {
        case: Contact(address=typed["email"], language=typed["mails"])
        for case, typed in last.values_list("application__case", "content__contact")
        if typed and typed.get("mails") in ("ja", "en")
    }
