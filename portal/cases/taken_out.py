"""A list of cases that the office takes out as a file: by which filter, how many, and on the page of each
case that it names.
"""

from django.db.models import QuerySet
from django.http import HttpRequest

from portal.accounts.models import User
from portal.cases.models import Case, Reading

MOST_NAMED = 1000  # cases of one list; of more the list alone is kept, with its number
LONGEST = 60  # signs of `Reading.subject`


def asked(request: HttpRequest, name: str) -> str:
    """What a reading names of a file: `name`, and the filters of its address that say something."""
    filters = "&".join(f"{key}={value}" for key, value in request.GET.items() if value)
    return f"{name}?{filters}"[:LONGEST]


def note(request: HttpRequest, person: User, what: str, cases: QuerySet[Case]) -> None:
    """Keep that a list was taken out."""
    found = cases.order_by()
    subject = asked(request, str(found.count()))
    Reading.note(person, what, None, subject)
    named = list(found.values_list("pk", flat=True)[: MOST_NAMED + 1])
    if len(named) <= MOST_NAMED:
        Reading.objects.bulk_create(
            Reading(person=person, case_id=pk, what=what, subject=subject) for pk in named
        )
