"""The API described: one table of addresses,
from which the OpenAPI 3.1 document and the page for people are made.
"""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal.types import Text
from reports.opendata.serving import MOST, PER_PAGE


@dataclass(frozen=True)
class Address:
    """One address: its path with {names}, what it answers, its parameters (name, kind, words),
    and whether it is a page of a list.
    """

    path: str
    what: Text
    schema: str
    parameters: tuple[tuple[str, str, Text], ...] = ()
    is_list: bool = False
    example: str = ""


_Q = ("q", "string", _lazy("この言葉を含むもの（空白で区切ると、すべてを含むもの）"))
_OPEN = ("open", "boolean", _lazy("いま受付中のものだけ（true）、そうでないものだけ（false）"))
_YEAR = ("fiscal_year", "integer", _lazy("年度（西暦）"))
ADDRESSES = (
    Address(
        "/api/v1/programmes",
        _lazy("いまの制度の一覧"),
        "Programme",
        is_list=True,
        example="/api/v1/programmes",
    ),
    Address(
        "/api/v1/programmes/{code}",
        _lazy("1つの制度"),
        "Programme",
        (("code", "path", _lazy("制度の記号")),),
        example="/api/v1/programmes/telework",
    ),
    Address(
        "/api/v1/calls",
        _lazy("公表した公募回の一覧"),
        "Call",
        (_Q, ("programme", "string", _lazy("制度の記号")), _YEAR, _OPEN),
        True,
        "/api/v1/calls?open=true",
    ),
    Address(
        "/api/v1/calls/{code}",
        _lazy("1つの公募回"),
        "Call",
        (("code", "path", _lazy("公募回の記号")),),
    ),
    Address(
        "/api/v1/challenges",
        _lazy("公表した行政課題の一覧"),
        "Challenge",
        (_Q, ("municipality", "string", _lazy("市町村のコード（6桁）")), _OPEN),
        True,
        "/api/v1/challenges",
    ),
    Address(
        "/api/v1/challenges/{number}",
        _lazy("1つの行政課題"),
        "Challenge",
        (("number", "path", _lazy("課題の番号")),),
    ),
    Address(
        "/api/v1/releases", _lazy("統計の公表の一覧"), "Release", (_YEAR,), True, "/api/v1/releases"
    ),
    Address(
        "/api/v1/releases/{number}",
        _lazy("1つの公表（latest で、いまのもの）"),
        "Release",
        (("number", "path", _lazy("公表番号か latest")),),
        example="/api/v1/releases/latest",
    ),
    Address(
        "/api/v1/releases/{number}/tables/{name}",
        _lazy("公表した表の行。表の列の名前で絞り込めます。"),
        "Row",
        (("number", "path", _lazy("公表番号か latest")), ("name", "path", _lazy("表の名前"))),
        True,
        "/api/v1/releases/latest/tables/awards?programme=telework",
    ),
    Address(
        "/exp/v1/public/subsidies",
        _lazy("国のJグランツと同じ形の、補助金の一覧"),
        "Subsidies",
        (
            ("keyword", "string!", _lazy("2文字から255文字の言葉")),
            (
                "sort",
                "string",
                _lazy("created_date、acceptance_start_datetime、acceptance_end_datetime"),
            ),
            ("order", "string", _lazy("ASC、DESC")),
            ("acceptance", "string", _lazy("1：受付中だけ")),
            ("use_purpose", "string", _lazy("利用目的")),
            ("industry", "string", _lazy("業種")),
            ("target_number_of_employees", "string", _lazy("従業員数")),
            ("target_area_search", "string", _lazy("地域")),
            ("page", "integer", _lazy("何ページ目か")),
            ("per_page", "integer", _lazy("1ページの件数（200まで、はじめも200）")),
        ),
        example="/exp/v1/public/subsidies?keyword=補助金&acceptance=1",
    ),
    Address(
        "/exp/v1/public/subsidies/id/{id}",
        _lazy("国のJグランツと同じ形の、1つの補助金"),
        "Subsidies",
        (("id", "path", _lazy("18文字の番号")),),
    ),
)
_BOTH = {
    "type": "object",
    "properties": {"ja": {"type": "string"}, "en": {"type": ["string", "null"]}},
    "required": ["ja", "en"],
}
_TEXT, _INT, _FLAG, _LIST, _MAYBE = (
    {"type": "string"},
    {"type": "integer"},
    {"type": "boolean"},
    {"type": "array"},
    {"type": ["string", "null"]},
)
SCHEMAS: dict[str, dict[str, object]] = {
    "Programme": {
        "code": _TEXT,
        "revision": _INT,
        "kind": _TEXT,
        "name": _BOTH,
        "family": _BOTH,
        "summary": _BOTH,
        "lead": _BOTH,
        "unit": _TEXT,
        "selection": _TEXT,
        "purposes": _LIST,
        "municipalities": _LIST,
        "frames": _LIST,
        "guideline": _TEXT,
        "source": _TEXT,
        "to_be_confirmed": _LIST,
        "office": _BOTH,
        "phone": _TEXT,
    },
    "Call": {
        "code": _TEXT,
        "programme": _TEXT,
        "name": _BOTH,
        "fiscal_year": _INT,
        "round": _INT,
        "state": _TEXT,
        "is_open": _FLAG,
        "periods": _LIST,
        "decision_on": _TEXT,
        "project_ends_on": _TEXT,
        "municipalities": _LIST,
        "purposes": _LIST,
        "selection": _TEXT,
        "unit": _TEXT,
        "largest_cap": _INT,
        "url": _TEXT,
    },
    "Challenge": {
        "number": _TEXT,
        "title": _BOTH,
        "fiscal_year": _INT,
        "call": _TEXT,
        "state": _TEXT,
        "is_open": _FLAG,
        "municipalities": _LIST,
        "published_at": _MAYBE,
        "url": _TEXT,
    },
    "Release": {
        "number": _TEXT,
        "fiscal_year": _INT,
        "state": _TEXT,
        "as_of": _MAYBE,
        "published_at": _MAYBE,
        "note": _TEXT,
        "sha256": _TEXT,
        "code_version": _TEXT,
        "parameters": {"type": "object"},
        "tables": {"type": "object"},
        "checks": _LIST,
        "differences": _LIST,
        "url": _TEXT,
    },
    "Row": {},
    "Subsidies": {"metadata": {"type": "object"}, "result": _LIST},
}


def limit() -> int:
    return settings.API_PER_MINUTE


def document() -> dict[str, object]:
    """The OpenAPI 3.1 document."""
    problem = {
        "type": "object",
        "required": ["type", "title", "status"],
        "properties": {
            "type": _TEXT,
            "title": _TEXT,
            "status": _INT,
            "detail": _TEXT,
            "errors": {"type": "object"},
        },
    }
    shapes = {
        name: {"type": "object", "properties": parts, "required": sorted(parts)}
        for name, parts in SCHEMAS.items()
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _("さっぽろ事業支援ポータル 公開API"),
            "version": "1.0.0",
            "license": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
            "description": _("読むための窓口です。登録も鍵もいりません。1分に%(n)s回まで。")
            % {"n": limit()},
        },
        "servers": [{"url": settings.SITE_URL}],
        "paths": {row.path: {"get": _operation(row)} for row in ADDRESSES},
        "components": {"schemas": shapes | {"Problem": problem}},
    }


def _operation(row: Address) -> dict[str, object]:
    shape: dict[str, object] = {"$ref": f"#/components/schemas/{row.schema}"}
    if row.is_list:
        shape = {
            "type": "object",
            "required": ["meta", "data"],
            "properties": {"meta": {"type": "object"}, "data": {"type": "array", "items": shape}},
        }
    errors = {
        str(code): {
            "description": text,
            "content": {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            },
        }
        for code, text in ((400, "Bad request"), (404, "Not found"), (429, "Too many requests"))
    }
    return {
        "summary": str(row.what),
        "operationId": row.path.strip("/").replace("/", "_").replace("{", "").replace("}", ""),
        "parameters": [_parameter(*p) for p in _parameters(row)],
        "responses": {
            "200": {"description": "OK", "content": {"application/json": {"schema": shape}}},
            "304": {"description": "Not modified"},
            **errors,
        },
    }


def _parameters(row: Address) -> list[tuple[str, str, Text]]:
    pages = [
        ("page", "integer", _("何ページ目か")),
        (
            "per_page",
            "integer",
            _("1ページの件数（%(a)sまで、はじめは%(b)s）") % {"a": MOST, "b": PER_PAGE},
        ),
    ]
    return [*row.parameters, *(pages if row.is_list else [])]


def _parameter(name: str, kind: str, words: Text) -> dict[str, object]:
    where = "path" if kind == "path" else "query"
    kind_of = "string" if kind in ("path", "string!") else kind
    return {
        "name": name,
        "in": where,
        "required": kind in ("path", "string!"),
        "description": str(words),
        "schema": {"type": kind_of},
    }


def listed() -> list[dict[str, object]]:
    """The addresses as the page for people shows them."""
    return [
        {
            "path": row.path,
            "what": row.what,
            "example": row.example,
            "parameters": [
                (name, kind in ("path", "string!"), words) for name, kind, words in _parameters(row)
            ],
        }
        for row in ADDRESSES
    ]
