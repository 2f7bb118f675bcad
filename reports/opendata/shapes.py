"""How programmes, calls, challenges and releases look to a machine:
plain dictionaries, both languages side by side.
"""

from datetime import datetime

from django.conf import settings

from grants.programmes.models import Call, Programme
from grants.programmes.parameters import Frame
from grants.programmes.parts import Bilingual
from grants.programmes.values import planned
from portal import clock
from portal.registry.models import Municipality
from reports.statistics.models import Release
from reports.statistics.pipeline.names import OPEN
from startups.challenges.models import Challenge


def both(text: Bilingual) -> dict[str, str]:
    return {"ja": text.ja, "en": text.en}


def moment(value: datetime | None) -> str | None:
    """A moment as ISO text in Sapporo's time."""
    return None if value is None else clock.stamp(value)


def programme(row: Programme) -> dict[str, object]:
    stated = row.stated
    return {
        "code": row.code,
        "revision": row.revision,
        "kind": stated.kind,
        "name": both(stated.name),
        "family": both(stated.family),
        "summary": both(stated.summary),
        "lead": both(stated.lead),
        "unit": stated.unit,
        "selection": stated.selection,
        "purposes": list(stated.purposes),
        "municipalities": list(row.municipality_codes),
        "frames": [frame(f) for f in stated.frames],
        "guideline": stated.guideline,
        "source": "; ".join(source.name.ja for source in stated.sources),
        "to_be_confirmed": list(planned(stated)),
        "office": both(stated.office),
        "phone": stated.phone,
    }


def frame(row: Frame) -> dict[str, object]:
    return {
        "key": row.key,
        "name": both(row.name),
        "rate": f"{row.rate.numerator}/{row.rate.denominator}",
        "cap": row.cap,
        "floor": row.floor,
        "slots": row.slots,
        "seats": row.seats,
    }


def call(row: Call) -> dict[str, object]:
    stated = row.stated
    return {
        "code": row.code,
        "programme": row.programme_code,
        "name": both(stated.name),
        "fiscal_year": row.fiscal_year,
        "round": row.round_no,
        "state": row.state,
        "is_open": row.is_open,
        "periods": [
            {"opens_at": moment(p.opens_at), "closes_at": moment(p.closes_at)}
            for p in row.periods.all()
        ],
        "decision_on": row.decision_on.isoformat(),
        "project_ends_on": row.project_ends_on.isoformat(),
        "municipalities": list(row.municipality_codes),
        "purposes": list(row.purposes),
        "selection": stated.selection,
        "unit": stated.unit,
        "largest_cap": max(f.cap for f in stated.frames),
        "url": f"{settings.SITE_URL}{row.public_url}",
    }


def challenge(row: Challenge) -> dict[str, object]:
    said = row.content
    return {
        "number": row.number,
        "title": {"ja": row.title, "en": row.title_en or None},
        "fiscal_year": row.call.fiscal_year,
        "call": row.call.code,
        "state": row.state,
        "is_open": row.is_open,
        "municipalities": list(row.municipality_codes),
        "department": said.get("department"),
        "background": said.get("background"),
        "wished": said.get("wished"),
        "indicators": said.get("indicators", []),
        "route": said.get("route"),
        "adoption_year": said.get("adoption_year"),
        "published_at": moment(row.published_at),
        "url": f"{settings.SITE_URL}{row.public_url}",
    }


def release(row: Release) -> dict[str, object]:
    address = f"{settings.SITE_URL}/statistics/releases/{row.number}/"
    return {
        "number": row.number,
        "fiscal_year": row.fiscal_year,
        "state": row.state,
        "as_of": moment(row.as_of),
        "published_at": moment(row.published_at),
        "note": row.note,
        "sha256": row.sha256,
        "code_version": row.code_version,
        "parameters": row.parameters,
        "tables": row.row_counts,
        "checks": [
            {"what": what, "equal": ours == book}
            | ({"statistics": ours, "ledger": book} if what in OPEN else {})
            for what, ours, book in row.checks
        ],
        "differences": row.differences,
        "url": address,
    }


def municipalities() -> dict[str, str]:
    return dict(Municipality.objects.values_list("code", "name"))
