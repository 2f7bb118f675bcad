"""What people type, kind by kind: one table, run against every form that has a control of the kind."""

import ast
import copy
import importlib
import pkgutil
import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from django.utils.translation import override

import grants
import portal
import reports
import startups
from portal.accounts.allauth_forms import Authenticate, SignIn
from portal.parsing import Doubt
from portal.registry.fields import CorporateNumber
from portal.types import Given
from portal.ui import forms as kinds

ROOT = Path(portal.__file__).parent.parent
REFUSED = Doubt  # what stands for a sentence of refusal in the table

MONEY: list[tuple[str, object]] = [
    ("1200000", 1_200_000),
    ("1,200,000", 1_200_000),
    ("１，２００，０００円", 1_200_000),
    ("¥1,200,000-", 1_200_000),
    ("金1,200,000円也", 1_200_000),
    ("1 200 000", 1_200_000),
    ("１２０万円", 1_200_000),
    ("1億2,000万", 120_000_000),
    ("1.5億円", 150_000_000),
    ("500千円", 500_000),
    ("2千万円", 20_000_000),
    ("0", 0),
    ("1000000-2000000", REFUSED.TWO_NUMBERS),
    ("100〜200", REFUSED.TWO_NUMBERS),
    ("1,5", REFUSED.COMMAS),
    ("1,200,00", REFUSED.COMMAS),
    ("12,0000", REFUSED.COMMAS),
    ("1.5", REFUSED.DECIMALS),
    ("1.000", REFUSED.DECIMALS),
    ("約100万円", REFUSED.NO_NUMBER),
    ("百万", REFUSED.NO_NUMBER),
    ("1e6", REFUSED.NO_NUMBER),
    ("①", REFUSED.NO_NUMBER),
    ("10²", REFUSED.NO_NUMBER),
    ("١٢", REFUSED.NO_NUMBER),
    ("1万2万", REFUSED.NO_NUMBER),
    ("0.00001万", REFUSED.NO_NUMBER),
    ("9" * 16, REFUSED.TOO_MUCH),
    ("12\u200b00", REFUSED.NO_NUMBER),
    ("abc", REFUSED.NO_NUMBER),
]
NEGATIVE: list[tuple[str, object]] = [
    ("-5", REFUSED.NEGATIVE),
    ("▲5,000", REFUSED.NEGATIVE),
    ("－５", REFUSED.NEGATIVE),
]
SIGNED: list[tuple[str, object]] = [
    ("-5", -5),
    ("▲5,000", -5000),
    ("－５", -5),
    ("△1億円", -100_000_000),
    ("--5", REFUSED.NEGATIVE),
]
COUNT: list[tuple[str, object]] = [
    ("12", 12),
    ("１２", 12),
    ("1,200", 1200),
    ("12-20", REFUSED.TWO_NUMBERS),
    ("1,5", REFUSED.COMMAS),
    ("1.5", REFUSED.DECIMALS),
    ("十二", REFUSED.NO_NUMBER),
    ("12以上", REFUSED.NO_NUMBER),
    ("1万", REFUSED.NO_NUMBER),
    ("-5", REFUSED.NEGATIVE),
]
DECIMAL: list[tuple[str, object]] = [
    ("3.5", Decimal("3.5")),
    ("３．５", Decimal("3.5")),
    ("1,200.5", Decimal("1200.5")),
    ("-0.3", Decimal("-0.3")),
    ("－３", Decimal(-3)),
    ("1,5", REFUSED.COMMAS),
    ("3.5-4", REFUSED.TWO_NUMBERS),
    ("3.5.1", REFUSED.NO_NUMBER),
    ("NaN", REFUSED.NO_NUMBER),
    ("1/2", REFUSED.TWO_NUMBERS),
]
LAST = date(2019, 4, 30)
DAY: list[tuple[str, object]] = [
    (text, date(2020, 11, 26))
    for text in (
        "2020/11/26",
        "2020-11-26",
        "2020.11.26",
        "20201126",
        "２０２０／１１／２６",
        "2020年11月26日",
        "2020年11月26日（木）",
        "2020/11/26(木)",
        "令和2年11月26日",
        "令和２年１１月２６日",
        "令和 2 年 11 月 26 日",
        "R2.11.26",
        "r2/11/26",
        "Ｒ２．１１．２６",
        "R02-11-26",
        "R021126",
        "㋿2.11.26",
        "令2.11.26",
    )
] + [
    ("平成31年4月30日", LAST),
    ("H31.4.30", LAST),
    ("令和元年5月1日", date(2019, 5, 1)),
    ("R元.5.1", date(2019, 5, 1)),
    ("昭和60年1月1日", date(1985, 1, 1)),
    ("大正9年4月1日", date(1920, 4, 1)),
    ("2020/02/29", date(2020, 2, 29)),
    ("2021/02/29", REFUSED.NO_SUCH_DAY),
    ("2020/13/01", REFUSED.NO_SUCH_DAY),
    ("令和2年11月31日", REFUSED.NO_SUCH_DAY),
    ("2020年11月26日（金）", REFUSED.WEEKDAY),
    ("平成32年1月1日", REFUSED.ERA_ENDED),
    ("令和元年4月30日", REFUSED.ERA_ENDED),
    ("明治1年1月25日", date(1868, 1, 25)),
    ("明治1年1月24日", REFUSED.ERA_ENDED),
    ("1868/1/24", REFUSED.ERA_ENDED),
    ("明0.1.1", REFUSED.ERA_ENDED),
    ("11/26", REFUSED.YEAR_UNCLEAR),
    ("20/11/26", REFUSED.YEAR_UNCLEAR),
    ("2.11.26", REFUSED.YEAR_UNCLEAR),
    ("26/11/2020", REFUSED.YEAR_UNCLEAR),
    ("201126", REFUSED.YEAR_UNCLEAR),
    ("0001/11/26", REFUSED.YEAR_UNCLEAR),
    ("9999/11/26", REFUSED.YEAR_UNCLEAR),
    ("来週", REFUSED.NO_DAY),
    ("2020/11", REFUSED.NO_DAY),
    ("2020/11/26/27", REFUSED.NO_DAY),
]
PARTS: list[tuple[tuple[str, str, str], object]] = [
    (("2020", "11", "26"), date(2020, 11, 26)),
    (("２０２０年", "１１月", "２６日"), date(2020, 11, 26)),
    (("令和2", "11", "26"), date(2020, 11, 26)),
    (("R2", "11", "26"), date(2020, 11, 26)),
    (("2020", "2", "30"), REFUSED.NO_SUCH_DAY),
    (("明治1年", "1", "1"), REFUSED.ERA_ENDED),
    (("明0", "1", "1"), REFUSED.ERA_ENDED),
    (("2", "11", "26"), REFUSED.YEAR_UNCLEAR),
    (("2020", "11", ""), REFUSED.NO_DAY),
    (("2020", "1,1", "26"), REFUSED.NO_DAY),
    (("2020", "-1", "26"), REFUSED.NO_DAY),
    (("", "11", "26"), REFUSED.NO_DAY),
]
YEAR: list[tuple[str, object]] = [
    ("2026", 2026),
    ("２０２６", 2026),
    ("2026年度", 2026),
    ("令和8", 2026),
    ("令和8年度", 2026),
    ("R8", 2026),
    ("平成31年度", REFUSED.ERA_ENDED),
    ("明0", REFUSED.ERA_ENDED),
    ("令和0年度", REFUSED.ERA_ENDED),
    ("明治1", 1868),
    ("2,026", REFUSED.NO_YEAR),
    ("8", REFUSED.NO_YEAR),
    ("26", REFUSED.NO_YEAR),
    ("20261", REFUSED.NO_YEAR),
]
POSTAL: list[tuple[str, object]] = [
    ("062-0003", "0620003"),
    ("0620003", "0620003"),
    ("〒062-0003", "0620003"),
    ("０６２－０００３", "0620003"),
    ("062ー0003", "0620003"),
    ("062 0003", "0620003"),
    ("62-0003", REFUSED.POSTAL),
    ("062-000", REFUSED.POSTAL),
    ("062-00034", REFUSED.POSTAL),
    ("062--0003", REFUSED.POSTAL),
    ("06-20003", REFUSED.POSTAL),
    ("abc", REFUSED.POSTAL),
]
PHONE: list[tuple[str, object]] = [
    ("011-000-0001", "011-000-0001"),
    ("0110000001", "0110000001"),
    ("(011)000-0001", "011-000-0001"),
    ("０１１（０００）０００１", "011-000-0001"),
    ("０１１－０００－０００１", "011-000-0001"),
    ("011 000 0001", "011-000-0001"),
    ("+81-11-000-0001", "011-000-0001"),
    ("+81 (0)11-000-0001", "011-000-0001"),
    ("＋８１　１１　０００　０００１", "011-000-0001"),
    ("+819000000001", "09000000001"),
    ("+44 20 7946 0000", "+44 20 7946 0000"),
    ("+1 (555) 010-9999", "+1 555 010-9999"),
    ("011-000-0001 内線12", "011-000-0001 内線12"),
    ("abc😀", REFUSED.PHONE),
    ("000-0001", REFUSED.PHONE),
    ("011-000-0001/090-0000-0000", REFUSED.PHONE),
    ("11-000-0001", REFUSED.PHONE),
    ("+81", REFUSED.PHONE),
    ("+0 123 456 789", REFUSED.PHONE),
    ("011-000-00012345", REFUSED.PHONE),
    ("電話はない", REFUSED.PHONE),
    ("+" + "1" * 60 + "y", REFUSED.PHONE),  # a pattern that tries every way would not come back
    ("0" + "1" * 60 + "y", REFUSED.PHONE),
    ("0" * 5000, REFUSED.PHONE),
]
CORPORATE: list[tuple[str, object]] = [
    ("8700110005901", "8700110005901"),
    ("8-7001-1000-5901", "8700110005901"),
    ("８７００１１０００５９０１", "8700110005901"),
    ("8700110005902", REFUSED.CHECK_DIGIT),
    ("123456789012", REFUSED.PERSONAL_NUMBER),
    ("8,700,110,005,901", REFUSED.CORPORATE_LENGTH),
    ("T8700110005901", REFUSED.CORPORATE_LENGTH),
    ("123", REFUSED.CORPORATE_LENGTH),
]
INVOICE: list[tuple[str, object]] = [
    ("T8700110005901", "T8700110005901"),
    ("ｔ８７００１１０００５９０１", "T8700110005901"),
    ("T8-7001-1000-5901", "T8700110005901"),
    ("8700110005901", REFUSED.INVOICE),
]
CODE: list[tuple[str, object]] = [
    ("１２３", "123"),
    ("1-2 3", "123"),
    ("1,2", REFUSED.CODE),
    ("12a", REFUSED.CODE),
    ("1" * 20, REFUSED.CODE),
]
EMAIL: list[tuple[str, object]] = [
    ("ｍｉｋａｍｉ＠ｅｘａｍｐｌｅ．ｊｐ", "mikami@example.jp"),
    (" a@example.jp ", "a@example.jp"),
    ("a@@example.jp", "invalid"),
]
TEXT: list[tuple[str, object]] = [
    ("髙﨑", "髙﨑"),
    ("张伟 홍길동 Łukasz 𰻞 辻\U000e0100 ☎ 😀", "张伟 홍길동 Łukasz 𰻞 辻\U000e0100 ☎ 😀"),
    ("悪い\u202e字", None),
    ("a\x00b", None),
    ("外字\ue000", None),
    ("आ", None),
]

TABLE: dict[type[forms.Field], Sequence[tuple[object, object]]] = {
    kinds.Yen: MONEY + NEGATIVE,
    kinds.SignedYen: MONEY + SIGNED,
    kinds.Number: COUNT,
    kinds.Decimals: DECIMAL,
    kinds.Day: PARTS + [((text, "", ""), value) for text, value in DAY],
    kinds.Year: YEAR,
    kinds.PostalCode: POSTAL,
    kinds.Phone: PHONE,
    CorporateNumber: CORPORATE,
    kinds.InvoiceNumber: INVOICE,
    kinds.Code: CODE,
    kinds.Email: EMAIL,
    kinds.Text: TEXT,
}
TABLE[kinds.PastDay], TABLE[kinds.LongText] = TABLE[kinds.Day], TEXT

SAID = {  # what a label speaks of → the kinds that may stand under it
    r"円[）)]|金額$|^予算額": (kinds.Yen,),
    r"電話": (kinds.Phone,),
    r"郵便番号": (kinds.PostalCode,),
    r"^法人番号": (CorporateNumber,),
    r"登録番号": (kinds.InvoiceNumber,),
    r"^メールアドレス$": (kinds.Email,),
    r"年度（西暦）|の年度": (kinds.Year,),
    r"人数|[（(]人[）)]|件数$|定員": (kinds.Number,),
    r"[（(]％": (kinds.Number, kinds.Decimals),
    r"(?:[^曜休]|^)日$|期限$|締切$|始まり$|終わり$": (kinds.Day,),
}


def modules() -> Iterator[ModuleType]:
    for package in (portal, grants, startups, reports):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not re.search(r"\.(migrations|management|wsgi)", found.name):
                yield importlib.import_module(found.name)


def every_form() -> list[type[forms.BaseForm]]:
    found = {
        value
        for module in modules()
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, forms.BaseForm)
        and value.__module__ == module.__name__
    }
    return sorted(found, key=lambda form: f"{form.__module__}.{form.__qualname__}")


def every_field() -> list[tuple[str, forms.Field]]:
    """(where, field) of every control that people see, in every form of every room."""
    rows = [
        (f"{form.__module__}.{form.__qualname__}.{name}", field)
        for form in every_form()
        for name, field in getattr(form, "base_fields", {}).items()
    ]
    return [
        (where, field)
        for where, field in rows
        if not field.widget.is_hidden and not re.search("opendata|accounts.allauth_forms", where)
    ]


def outcome(field: forms.Field, typed: object) -> object:
    """The value, or the code of the refusal."""
    try:
        return copy.deepcopy(field).clean(list(typed) if isinstance(typed, tuple) else typed)
    except ValidationError as error:
        return error.error_list[0].code


@pytest.mark.parametrize("kind", TABLE, ids=lambda kind: kind.__name__)
def test_each_kind_takes_what_is_clear_and_refuses_what_is_not(kind: type[forms.Field]) -> None:
    options: Given = (
        {"most": 7}
        if kind is kinds.Code
        else {"max_length": 200}
        if issubclass(kind, kinds.Text)
        else {}
    )
    field = kind(label="x", **options)
    assert [(typed, outcome(field, typed)) for typed, _value in TABLE[kind]] == [
        (typed, value if value is not None else outcome(field, typed))
        for typed, value in TABLE[kind]
    ]
    assert not [
        typed for typed, value in TABLE[kind] if value is None and outcome(field, typed) == typed
    ]


def test_a_sign_that_no_paper_shows_is_named_with_what_to_do() -> None:
    for language, words in (("ja", "ふだん使う字体"), ("en", "ordinary")):
        with override(language):
            with pytest.raises(ValidationError) as refused:
                kinds.LongText().clean("आ社\ue000आ")
            (said,) = refused.value.messages
        assert "「आ」（U+0906）、U+E000。" in said or "「आ」（U+0906）、U+E000." in said
        assert words in said


def test_every_form_reads_its_kinds_by_the_one_table() -> None:
    """A form may narrow what it takes (least, past days, a shorter code); it may not read a text as something else."""
    wrong = []
    for where, field in every_field():
        for typed, value in TABLE.get(type(field), []):
            found = outcome(field, typed)
            narrowed = (
                isinstance(found, str | None)
                and found not in list(Doubt)
                and not isinstance(value, Doubt)
            )
            if found != value and not (narrowed and found != typed):
                wrong.append((where, typed, found, value))
    assert not wrong


def test_no_form_takes_money_days_or_numbers_by_a_plain_field() -> None:
    """Django's own fields guess, or refuse what Japanese people type."""
    plain = (
        forms.IntegerField,
        forms.DecimalField,
        forms.DateField,
        forms.DateTimeField,
        forms.RegexField,
    )
    wrong = [
        where
        for where, field in every_field()
        if isinstance(field, plain)
        or (isinstance(field, forms.EmailField) and not isinstance(field, kinds.Email))
    ]
    assert not wrong


def test_no_form_made_on_the_spot_takes_a_plain_field_either() -> None:
    """Fields that a form adds while it is built are seen in its text: hidden ones, searches and the machine's API apart."""
    wrong = []
    for path in sorted(
        path
        for package in ("portal", "grants", "startups", "reports")
        for path in (ROOT / package).rglob("*.py")
    ):
        if (
            "opendata" in path.parts
            or "migrations" in path.parts
            or path.parts[-3:] == ("portal", "ui", "forms.py")
        ):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            name = ast.unparse(node.func)
            if re.fullmatch(
                r"forms\.(Integer|Decimal|Float|Date|DateTime|Email|Char|Regex|Duration)Field", name
            ):
                text = ast.unparse(node)
                searched = (
                    "max_length=80" in text
                    and "required=False" in text
                    and ("ことば" in text or "label" not in text)
                )
                if "HiddenInput" not in text and not searched and "textarea--code" not in text:
                    wrong.append(f"{path.relative_to(ROOT)}:{node.lineno} {name}")
    assert not wrong


def test_a_label_that_speaks_of_money_days_or_phones_stands_over_a_control_of_that_kind() -> None:
    wrong = []
    with override("ja"):
        for where, field in every_field():
            for words, allowed in SAID.items():
                plain = isinstance(
                    field, forms.CharField | kinds.Read | forms.IntegerField | kinds.Day
                )
                if (
                    plain
                    and re.search(words, str(field.label or ""))
                    and not isinstance(field, allowed)
                ):
                    wrong.append((where, str(field.label)))
    assert not wrong


def test_a_refusal_says_what_to_type_in_both_languages() -> None:
    for language in ("ja", "en"):
        with override(language):
            assert all(str(kinds.DOUBTS[doubt]) for doubt in Doubt)
    with override("en"):
        assert "2027" in str(kinds.DOUBTS[Doubt.NO_DAY])


def test_a_fiscal_year_is_shown_without_a_comma() -> None:
    assert "2,026" not in str(
        kinds.Year(label="x").widget.render("x", kinds.Year().prepare_value(2026))
    )


def test_addresses_and_one_time_codes_may_be_full_width_at_the_door(rf: RequestFactory) -> None:
    form = SignIn(
        {"login": "ｍｉｋａｍｉ＠ｅｘａｍｐｌｅ．ｊｐ", "password": "x"}, request=rf.post("/")
    )
    assert form.data["login"] == "mikami@example.jp"
    assert Authenticate({"code": "１２３　４５６"}, user=None).data["code"] == "123456"


def test_a_line_is_one_line_however_it_was_pasted() -> None:
    assert kinds.Text().clean("一つ\r\n二つ\t三つ") == "一つ 二つ 三つ"
    assert kinds.LongText().clean("一つ\r\n二つ") == "一つ\n二つ"
