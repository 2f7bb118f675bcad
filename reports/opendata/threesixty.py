"""Awards in the 360Giving Data Standard 1.4 (CC BY 4.0, threesixtygiving.org):
a package of grants to organisations. Pure.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

# A row of a release or a part of a package, as JSON: its name says of what kind each value is.
Record: TypeAlias = Mapping[str, Any]
PREFIX = "360G-sapporo"  # our own, until the register assigns one
VERSION = "1.4"
# identifiers of organisations: Japanese corporate numbers have no code in org-id.guide yet; this is
# its style
SCHEME = "JP-JCN"
CITY = {"id": f"{SCHEME}-9000020011002", "name": "札幌市"}
REQUIRED = (
    "id",
    "title",
    "description",
    "currency",
    "amountAwarded",
    "awardDate",
    "recipientOrganization",
    "fundingOrganization",
)


def package(
    rows: Iterable[Record],
    *,
    release: str,
    issued: str,
    address: str,
    funders: Mapping[str, Mapping[str, str]],
    places: Mapping[str, str],
) -> dict[str, object]:
    """The package of a release.

    `rows`: its table of awards; `funders`: code of the municipality → id and name; `places`: code
    of the area → name.

    Amounts in whole yen; days as ISO text. Only organisations stand in it: sole proprietors are not
    in the table.
    """
    return {
        "version": VERSION,
        "title": "札幌市 事業支援ポータル 交付決定",
        "identifier": f"{PREFIX}-{release}",
        "issued": issued,
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "publisher": {"name": "札幌市", "website": address},
        "downloadURL": f"{address}/opendata/{release}/awards.360.json",
        "grants": [grant(row, funders, places, issued) for row in rows],
    }


def grant(
    row: Record,
    funders: Mapping[str, Mapping[str, str]],
    places: Mapping[str, str],
    modified: str,
) -> dict[str, object]:
    """One award as a grant."""
    number = row["corporate_number"]
    recipient: dict[str, object] = {
        "id": f"{SCHEME}-{number}" if number else f"{PREFIX}-ORG-{row['id']}",
        "name": row["name"],
        "streetAddress": row["address"],
    }
    found: dict[str, object] = {
        "id": f"{PREFIX}-{row['id']}",
        "title": f"{row['programme_name']} {row['call_label']}",
        "description": f"{row['programme_name']}（{row['call_label']}）による交付決定",
        "currency": "JPY",
        "amountAwarded": row["awarded_yen"],
        "amountDisbursed": row["paid_yen"],
        "awardDate": row["awarded_on"],
        "plannedDates": [{"startDate": row["awarded_on"], "endDate": row["ends_on"]}],
        "recipientOrganization": [recipient],
        "fundingOrganization": [dict(funders.get(row["funder"], CITY))],
        "grantProgramme": [{"code": row["programme"], "title": row["programme_name"]}],
        "fromOpenCall": "Yes",
        "dateModified": modified,
    }
    if row["area"] in places:  # a firm from elsewhere may be anywhere: nothing is said of where
        recipient["addressCountry"] = "Japan"
        place = {"name": places[row["area"]], "geoCode": row["area"]}
        found["beneficiaryLocation"] = [
            place | {"geoCodeType": "全国地方公共団体コード", "countryCode": "JP"}
        ]
    return found


def faults(data: Record) -> list[str]:
    """What the standard would not accept, in our own words:
    required fields, their types, amounts, days, one kind of recipient, unique ids.
    """
    found = [
        f"package: no {name}"
        for name in ("version", "issued", "license", "grants")
        if name not in data
    ]
    seen: set[str] = set()
    for n, row in enumerate(data.get("grants", [])):
        where = f"grant {n}"
        found += [
            f"{where}: no {name}" for name in REQUIRED if not row.get(name) and row.get(name) != 0
        ]
        if ("recipientOrganization" in row) is ("recipientIndividual" in row):
            found.append(f"{where}: exactly one kind of recipient is due")
        if not isinstance(row.get("amountAwarded"), int) or isinstance(
            row.get("amountAwarded"), bool
        ):
            found.append(f"{where}: the amount is no number")
        if not str(row.get("id", "")).startswith("360G-") or row.get("id") in seen:
            found.append(f"{where}: the id is no 360G- id of its own")
        seen.add(str(row.get("id")))
        for side in ("recipientOrganization", "fundingOrganization"):
            found += [
                f"{where}: {side} lacks id or name"
                for body in row.get(side, [])
                if not (body.get("id") and body.get("name"))
            ]
        if len(str(row.get("awardDate", ""))) not in (4, 7, 10, 20, 25):
            found.append(f"{where}: the day is no ISO day")
    return found
