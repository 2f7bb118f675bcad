"""The case of an application and its numbers: of the draft, and of what was received."""

from grants.programmes.models import Call
from portal import clock
from portal.accounts.models import Organisation
from portal.cases import numbers
from portal.cases.models import Case, NumberSeries

BEFORE_REIWA = 2018  # Reiwa 1 is 2019


def _series(call: Call) -> str:
    """The programme's letters and the year of the era: "DX8"."""
    return f"{call.stated.prefix}{call.fiscal_year - BEFORE_REIWA}"


def open_case(call: Call, organisation: Organisation, *, on_paper: bool) -> Case:
    """The case of a new draft, under the next number of the drafts of its programme and year."""
    series = _series(call)
    return Case.objects.create(
        number=f"{series}-D{NumberSeries.one(f'draft-{series}'):04}",
        kind="application",
        organisation=organisation,
        programme_code=call.programme_code,
        programme_name=call.stated.name.ja,
        call_label=call.label_in("ja"),
        programme_name_en=call.stated.name.en,
        call_label_en=call.label_in("en"),
        municipality_codes=call.municipality_codes,
        opened_at=clock.now(),
        on_paper=on_paper,
    )


def receive(case: Case, call: Call) -> None:
    """Give it the next number of what was submitted to the programme in the year."""
    series = _series(call)
    numbers.receive(case, f"{series}-{NumberSeries.one(f'receipt-{series}'):04}")
