"""The case that a pilot or a roll-out has of its own, going on from the one that led to it."""

from portal import clock
from portal.cases.models import Case, NumberSeries


def following(
    before: Case, *, kind: str, series: str, municipality_codes: list[str], title: str
) -> Case:
    """A new case of the same firm, programme and call, with the next number of its series."""
    return Case.objects.create(
        number=f"{series}-{NumberSeries.one(series):03}",
        kind=kind,
        organisation=before.organisation,
        programme_code=before.programme_code,
        programme_name=before.programme_name,
        programme_name_en=before.programme_name_en,
        call_label=before.call_label,
        call_label_en=before.call_label_en,
        municipality_codes=municipality_codes,
        title=title,
        is_draft=False,
        opened_at=clock.now(),
    )
