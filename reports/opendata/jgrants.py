"""The national portal's public interface over our calls,
so that its clients work when their base address is changed.

Parameters, field names, enumerations and times as jGrants' public API has them (デジタル庁 Jグランツ, API
/exp/v1/public/subsidies): texts of several values are joined by " / ", times are UTC with
milliseconds.
"""

import re
from datetime import UTC, datetime
from itertools import pairwise

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Max, Min, Q
from django.http import HttpRequest, HttpResponse
from django.utils.html import escape

from grants.programmes.models import Call
from portal.registry.models import Industry, Municipality
from portal.types import Given
from reports.opendata.serving import Problem, answer, api, asked

ID = re.compile(r"a0SPR(\d{13})")
JOIN = " / "
EMPLOYEES = (
    (5, "5名以下"),
    (20, "20名以下"),
    (50, "50名以下"),
    (100, "100名以下"),
    (300, "300名以下"),
    (900, "900名以下"),
)
ANY_SIZE, LARGE = "従業員数の制約なし", "901名以上"
SIZES = [ANY_SIZE, *(text for _most, text in EMPLOYEES), LARGE]
PURPOSES = [
    "新たな事業を行いたい",
    "販路拡大・海外展開をしたい",
    "イベント・事業運営支援がほしい",
    "事業を引き継ぎたい",
    "研究開発・実証事業を行いたい",
    "人材育成を行いたい",
    "資金繰りを改善したい",
    "設備整備・IT導入をしたい",
    "雇用・職場環境を改善したい",
    "エコ・SDGs活動支援がほしい",
    "災害（自然災害、感染症等）支援がほしい",
    "教育・子育て・少子化支援がほしい",
    "スポーツ・文化支援がほしい",
    "安全・防災対策支援がほしい",
    "まちづくり・地域振興支援がほしい",
]
AREAS = ["全国", "北海道地方", "北海道"]


MOST = 200  # calls of one answer: the national portal knows no pages, so a client that asks for none gets the first


class ListForm(forms.Form):
    keyword = forms.CharField(min_length=2, max_length=255)
    sort = forms.ChoiceField(
        choices=[
            (s, s) for s in ("created_date", "acceptance_start_datetime", "acceptance_end_datetime")
        ],
        required=False,
    )
    order = forms.ChoiceField(choices=[("ASC", "ASC"), ("DESC", "DESC")], required=False)
    acceptance = forms.ChoiceField(choices=[("0", "0"), ("1", "1")], required=False)
    use_purpose = forms.CharField(max_length=255, required=False)
    industry = forms.CharField(max_length=255, required=False)
    target_number_of_employees = forms.ChoiceField(choices=[(s, s) for s in SIZES], required=False)
    target_area_search = forms.CharField(max_length=255, required=False)
    page = forms.IntegerField(min_value=1, max_value=10_000, required=False)
    per_page = forms.IntegerField(min_value=1, max_value=MOST, required=False)


SORTS = {
    "created_date": "pk",
    "acceptance_start_datetime": "first",
    "acceptance_end_datetime": "last",
}


@api
def subsidies(request: HttpRequest) -> HttpResponse:
    """The list: public calls of subsidies whose words hold the keyword, wherever in a longer word;
    the count is of all pages.
    """
    data = asked(request, ListForm)
    rows = Call.objects.public().filter(suits(data), kind="subsidy").search(data["keyword"])
    if data["acceptance"] == "1":
        rows = rows.filter(pk__in=Call.objects.open().values("pk"))
    sign = "" if data["order"] == "ASC" else "-"
    rows = rows.annotate(first=Min("periods__opens_at"), last=Max("periods__closes_at"))
    rows = rows.for_lists().order_by(f"{sign}{SORTS[data['sort'] or 'created_date']}", f"{sign}pk")
    found, page = Paginator(rows, data["per_page"] or MOST), data["page"] or 1
    if page > found.num_pages:
        raise Problem(404, "No such page", f"{found.num_pages}ページまであります。")
    return answer(
        {
            "metadata": {
                "type": f"{settings.SITE_URL}/exp/v1/public/subsidies",
                "resultset": {"count": found.count},
            },
            "result": [brief(call) for call in found.page(page)],
        }
    )


@api
def subsidy(request: HttpRequest, subsidy_id: str) -> HttpResponse:
    """One subsidy with its details, as a list of one."""
    asked(request, forms.Form)
    found = ID.fullmatch(subsidy_id)
    calls = Call.objects.public().filter(kind="subsidy").prefetch_related("periods")
    call = calls.filter(pk=int(found.group(1))).first() if found else None
    if call is None:
        raise Problem(404, "Not found", "この番号の補助金はありません。")
    return answer(
        {
            "metadata": {
                "type": f"{settings.SITE_URL}/exp/v1/public/subsidies/id",
                "resultset": {"count": 1},
            },
            "result": [detail(call)],
        }
    )


def suits(data: Given) -> Q:
    """The filters that read the programme's own rules;
    several values of one filter mean any of them.
    """
    found = Q()
    if data["use_purpose"]:
        found &= Q(purposes__overlap=data["use_purpose"].split(JOIN))
    if data["target_area_search"]:
        found &= _in_areas(data["target_area_search"].split(JOIN))
    if data["industry"]:
        found &= _in_industries(set(data["industry"].split(JOIN)))
    if data["target_number_of_employees"]:
        found &= _of_size(data["target_number_of_employees"])
    return found


def _in_areas(names: list[str]) -> Q:
    """Calls of any of the municipalities; all of them where a wider area is among the names."""
    if set(names) & set(AREAS):
        return Q()
    codes = Municipality.objects.filter(name__in=names).values_list("code", flat=True)
    return Q(municipality_codes__overlap=list(codes))


def _in_industries(names: set[str]) -> Q:
    """Calls that firms of any of the major groups may apply to."""
    codes = [code for code, name in major_groups().items() if name in names]
    open_to_others = Q(industries_in=None) & (
        Q(industries_out=None) | ~Q(industries_out__contains=codes)
    )
    return Q(industries_in__overlap=codes) | (open_to_others if codes else Q(pk__in=[]))


def _of_size(size: str) -> Q:
    """Calls without a limit of employees, or with one in the class named."""
    classes = [(0, ""), *EMPLOYEES, (2**31 - 1, LARGE)]
    limits = next(
        ((least, most) for (least, _), (most, text) in pairwise(classes) if text == size), (0, 0)
    )
    return Q(employees_at_most=None) | Q(
        employees_at_most__gt=limits[0], employees_at_most__lte=limits[1]
    )


def time(value: datetime | None) -> str | None:
    """2021-05-31T14:59:00.000Z."""
    return (
        None
        if value is None
        else f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{value.microsecond // 1000:03}Z"
    )


def employees(call: Call) -> str:
    """The most people a firm may have, in the portal's classes."""
    limit = call.employees_at_most
    return next((text for most, text in EMPLOYEES if limit <= most), LARGE) if limit else ANY_SIZE


def major_groups() -> dict[str, str]:
    """Every industry's code → its major group of 日本標準産業分類, as the portal writes it."""
    rows = Industry.objects.order_by("code").values_list("code", "major_name")
    return {code: name.replace("，", "、") for code, name in rows}


def industries(call: Call, majors: dict[str, str]) -> list[str]:
    """The major groups that may apply."""
    if call.industries_in is not None:
        codes = [code for code in majors if code in call.industries_in]
    else:
        codes = [code for code in majors if code not in (call.industries_out or ())]
    return list(dict.fromkeys(majors[code] for code in codes))


def brief(call: Call) -> dict[str, object]:
    periods = list(call.periods.all())
    return {
        "id": f"a0SPR{call.pk:013}",
        "name": f"S-{call.pk:08}",
        "title": f"{call.card['name']['ja']}（{call.label_in('ja')}）",
        "target_area_search": "北海道",
        "subsidy_max_limit": call.card["cap"],
        "acceptance_start_datetime": time(min((p.opens_at for p in periods), default=None)),
        "acceptance_end_datetime": time(max((p.closes_at for p in periods), default=None)),
        "target_number_of_employees": employees(call),
    }


def detail(call: Call) -> dict[str, object]:
    stated = call.stated
    rates = dict.fromkeys(
        f"{f.rate.denominator}分の{f.rate.numerator}" if f.rate != 1 else "10分の10"
        for f in stated.frames
    )
    towns = Municipality.objects.filter(code__in=call.municipality_codes).values_list(
        "name", flat=True
    )
    rules = "".join(f"<li>{escape(rule.text.ja)}</li>" for rule in stated.rules)
    return brief(call) | {
        "subsidy_catch_phrase": stated.summary.ja,
        "detail": f"<p>{escape(stated.lead.ja)}</p><ul>{rules}</ul>",
        "use_purpose": JOIN.join(call.purposes),
        "industry": JOIN.join(industries(call, major_groups())),
        "target_area_detail": JOIN.join(towns),
        "subsidy_rate": JOIN.join(rates),
        "project_end_deadline": time(_end_of(call)),
        "request_reception_presence": "有" if call.is_open else "無",
        "is_enable_multiple_request": stated.several,
        "front_subsidy_detail_page_url": f"{settings.SITE_URL}{call.public_url}",
        "application_guidelines": [],
        "outline_of_grant": [],
        "application_form": [],
    }


def _end_of(call: Call) -> datetime:
    """The last minute of the day by which projects end, in Sapporo."""
    return datetime.fromisoformat(f"{call.project_ends_on.isoformat()}T23:59:00+09:00")
