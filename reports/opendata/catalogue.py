"""The catalogue of open data: what there is, as a page and as DCAT; awards in two standards;
the audit seals.
"""

import json
from collections.abc import Iterator

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import etag

from portal import clock
from portal.audit.chain import sha256
from portal.audit.models import Seal
from portal.registry.models import Area, Municipality
from portal.ui.limits import READS, limited
from portal.workflow.access import anyone
from reports.opendata import threesixty
from reports.statistics.models import Release, Row
from reports.statistics.page import releases
from reports.statistics.releasing import files
from reports.statistics.releasing.figures import tables
from reports.statistics.releasing.files import about
from reports.statistics.views.downloads import attachment

LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
# 法人番号, 法人名, 所在地, 認定日, 補助金等, 金額, 対象, 府省: the columns of gBizINFO's bulk file, in this order
GBIZINFO = ("法人番号", "法人名", "所在地", "認定日", "補助金等", "金額", "対象", "府省")
DATASETS = (  # key of the set, its name, what it says, its tables
    (
        "awards",
        _lazy("交付決定の一覧"),
        _lazy("法人への交付決定を1件ずつ。個人事業主は含みません。"),
        ("awards",),
    ),
    (
        "programmes",
        _lazy("制度と公募"),
        _lazy("支援の制度と、公表した公募回。"),
        ("programmes", "calls"),
    ),
    (
        "challenges",
        _lazy("行政課題と実証"),
        _lazy("市町村の行政課題と、提案から契約までの段階。"),
        ("challenges", "pilots", "innovation"),
    ),
    (
        "statistics",
        _lazy("成果の統計"),
        _lazy("区・市町村、制度、規模などごとの件数、額、日数、成果。秘匿の処理をしています。"),
        (
            "awards_by",
            "applications_by",
            "applicants",
            "people",
            "ledger",
            "days",
            "flow",
            "outcomes",
            "effects",
            "trend",
            "courses",
            "establishments",
            "outside",
        ),
    ),
)


def _current(number: str | None = None) -> Release:
    """The release asked for, or the one that stands. Raises Http404."""
    release = releases.published(number) if number else releases.newest()
    if release is None:
        raise Http404
    return release


@anyone
def page(request: HttpRequest) -> HttpResponse:
    """What can be downloaded, from the release that stands."""
    release = releases.newest()
    sets = (
        [
            {
                "key": key,
                "name": name,
                "what": what,
                "tables": [(t, release.row_counts.get(t, 0)) for t in found],
            }
            for key, name, what, found in DATASETS
        ]
        if release
        else []
    )
    return render(
        request,
        "reports/opendata/page.html",
        {"release": release, "sets": sets, "endings": tuple(files.FORMATS)},
    )


def _mark(request: HttpRequest, number: str) -> str | None:
    found = Release.objects.public().filter(number=number).values_list("sha256", flat=True).first()
    return f'"{sha256(f"{found}{request.path}")[:24]}"' if found else None


@anyone
@etag(_mark)
@limited(READS)
def awards_360(request: HttpRequest, number: str) -> HttpResponse:
    """Awards to corporations in the 360Giving standard."""
    release = _current(number)
    funders = {
        m.code: {"id": f"{threesixty.SCHEME}-{m.corporate_number}", "name": m.name}
        for m in Municipality.objects.all()
    }
    places = {area.code: area.full_name for area in Area.objects.select_related("municipality")}
    issued = clock.stamp(release.published_at) if release.published_at else ""
    data = threesixty.package(
        _awards(release),
        release=release.number,
        issued=issued,
        address=settings.SITE_URL,
        funders=funders,
        places=places,
    )
    return attachment(
        json.dumps(data, ensure_ascii=False, indent=1).encode(),
        "application/json",
        f"{number}-awards.360.json",
    )


def _awards(release: Release) -> list[Row]:
    return tables(release, ["awards"])["awards"]


@anyone
@etag(_mark)
@limited(READS)
def awards_gbizinfo(request: HttpRequest, number: str) -> HttpResponse:
    """Awards in the eight columns of gBizINFO's bulk file."""
    release = _current(number)
    towns = dict(Municipality.objects.values_list("code", "name"))
    rows = [
        [
            row["corporate_number"],
            row["name"],
            row["address"],
            row["awarded_on"],
            row["programme_name"],
            row["awarded_yen"],
            row["call_label"],
            towns.get(row["funder"], "札幌市"),
        ]
        for row in _awards(release)
        if row["corporate_number"]
    ]
    table = files.Table("gbizinfo", [[name, "text"] for name in GBIZINFO], rows, about(release))
    return attachment(
        files.as_csv(table), "text/csv; charset=utf-8", f"{number}-awards.gbizinfo.csv"
    )


@anyone
def dcat(request: HttpRequest) -> HttpResponse:
    """The catalogue as DCAT 3 in JSON-LD."""
    release = _current()
    address = settings.SITE_URL
    body = {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@id": f"{address}/opendata/",
        "@type": "dcat:Catalog",
        "dct:title": [{"@value": "さっぽろ事業支援ポータル オープンデータ", "@language": "ja"}],
        "dct:publisher": {"@type": "foaf:Organization", "foaf:name": "札幌市"},
        "dct:license": {"@id": LICENCE_URL},
        "dct:language": ["ja", "en"],
        "dcat:dataset": [
            _dataset(release, key, str(name), str(what), found)
            for key, name, what, found in DATASETS
        ]
        + [_seals()],
    }
    return HttpResponse(
        json.dumps(body, ensure_ascii=False, indent=1), content_type="application/ld+json"
    )


def _dataset(
    release: Release, key: str, name: str, what: str, found: tuple[str, ...]
) -> dict[str, object]:
    address = settings.SITE_URL
    return {
        "@id": f"{address}/opendata/#{key}",
        "@type": "dcat:Dataset",
        "dct:title": name,
        "dct:description": what,
        "dct:license": {"@id": LICENCE_URL},
        "dct:issued": {
            "@value": clock.stamp(release.published_at) if release.published_at else "",
            "@type": "xsd:dateTime",
        },
        "dct:identifier": f"{release.number}-{key}",
        "dct:publisher": {"@type": "foaf:Organization", "foaf:name": "札幌市"},
        "dct:spatial": "さっぽろ連携中枢都市圏",
        "dcat:version": release.number,
        "dcat:distribution": [
            _distribution(url, kind) for url, kind in _addresses(release, key, found)
        ],
    }


def _addresses(release: Release, key: str, found: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for table in found:
        for ending, (kind, _write) in files.FORMATS.items():
            yield (
                f"{settings.SITE_URL}/statistics/releases/{release.number}/tables/{table}.{ending}",
                kind.partition(";")[0],
            )
    if key == "awards":
        yield f"{settings.SITE_URL}/opendata/{release.number}/awards.360.json", "application/json"
        yield f"{settings.SITE_URL}/opendata/{release.number}/awards.gbizinfo.csv", "text/csv"


def _distribution(url: str, kind: str) -> dict[str, object]:
    return {
        "@type": "dcat:Distribution",
        "dcat:downloadURL": {"@id": url},
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{kind}"},
        "dct:license": {"@id": LICENCE_URL},
    }


def _seals() -> dict[str, object]:
    address = settings.SITE_URL
    return {
        "@id": f"{address}/opendata/#seals",
        "@type": "dcat:Dataset",
        "dct:title": _("監査記録の封印"),
        "dct:license": {"@id": LICENCE_URL},
        "dct:description": _(
            "すべての手続きの記録から毎日計算する値。記録があとから書き換えられていないことを確かめられます。"
        ),
        "dcat:distribution": [
            _distribution(f"{address}/opendata/seals.csv", "text/csv"),
            _distribution(f"{address}/opendata/seals.json", "application/json"),
        ],
    }


SEALS = (
    ("day", "day"),
    ("sealed_at", "text"),
    ("chains", "int"),
    ("events", "int"),
    ("hash", "text"),
)


@anyone
@limited(READS)
def seals(request: HttpRequest, ending: str) -> HttpResponse:
    """Every daily seal, oldest first."""
    if ending not in ("csv", "json"):
        raise Http404
    rows = [
        [s.day.isoformat(), clock.stamp(s.sealed_at), s.chains, s.events, s.hash]
        for s in Seal.objects.order_by("day")
    ]
    table = files.Table(
        "seals",
        [list(pair) for pair in SEALS],
        rows,
        {"licence": files.LICENCE, "source": files.SOURCE},
    )
    kind, write = files.FORMATS[ending]
    response = attachment(write(table), kind, f"seals.{ending}")
    response["Cache-Control"] = "public, max-age=300"
    return response
