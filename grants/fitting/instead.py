"""What whoever was not granted could apply for now."""

from grants.applications.models import Application
from grants.fitting import firms
from grants.fitting.fit import Verdict, weighed
from grants.fitting.offers import calls, offered
from grants.programmes.models import Call
from portal import sentences

SHOWN = 3


def of_application(application: Application) -> list[tuple[Call, str]]:
    """(call, why) of those that fit the firm; first those for the same purposes."""
    firm, wanted = application.case.organisation, set(application.call.topics)
    found = [
        row
        for row in weighed(offered(), firms.known([firm])[firm.pk])
        if row.verdict == Verdict.FITS and row.offer.pk != application.call_id
    ]
    found.sort(key=lambda row: -len(wanted & set(row.offer.topics)))
    shown = found[:SHOWN]
    named = calls([row.offer.pk for row in shown])
    return [(named[row.offer.pk], sentences.joined(row.why)) for row in shown]
