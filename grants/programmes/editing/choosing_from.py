"""What a field of the editor lets people choose from, with its words: what its type lists, the rows of the
registry, or what the draft itself names.
"""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.programmes import parameters, values
from grants.programmes.announcing import DUTIES
from grants.programmes.editing.document import Path, value_at
from grants.programmes.finding.vocabulary import topics
from grants.programmes.forms import PURPOSES
from grants.programmes.models import Programme
from grants.programmes.states import ProgrammeState
from grants.programmes.values import BASES
from portal.registry.models import Industry, Municipality, in_english
from portal.types import Given, Text

# path → the values that its type lists, as they are called
LISTED: Mapping[str, Mapping[str, Text]] = {
    "kind": {
        "subsidy": _lazy("費用への補助金"),
        "proposal": _lazy("課題への提案"),
        "support": _lazy("実証への支援"),
        "seats": _lazy("受講席"),
    },
    "selection": {
        "first_come": _lazy("先着順"),
        "competitive": _lazy("審査で決定"),
        "lottery": _lazy("抽選"),
    },
    "payment": {
        "settlement": _lazy("精算払（額の確定のあと）"),
        "advance": _lazy("概算払（事業の途中）"),
    },
    "tie": {
        "panel": _lazy("審査会が決める"),
        "lower_amount": _lazy("申請額の少ない方"),
        "earlier_arrival": _lazy("先に届いた方"),
    },
    "amending.keeps": {"place": _lazy("はじめの順番のまま"), "end": _lazy("最後になる")},
    "remedy.nature": {
        "disposition": _lazy("行政処分（教示を書く）"),
        "contract": _lazy("贈与などの契約（できない理由を書く）"),
    },
    "interest.arrears_base": BASES,
    "questions.kind": {
        "long": _lazy("文章で"),
        "line": _lazy("1行で"),
        "number": _lazy("数で"),
        "yen": _lazy("金額で（円）"),
        "date": _lazy("日付で"),
        "choice": _lazy("選択肢から1つ"),
        "several": _lazy("選択肢からいくつでも"),
    },
    "questions.only_when.sign": {
        "is": _lazy("である（いくつでもの質問では、を含む）"),
        "is_not": _lazy("でない（いくつでもの質問では、を含まない）"),
        "at_least": _lazy("以上・以後"),
        "at_most": _lazy("以下・以前"),
    },
    "rules.sized_as": {"software": _lazy("ソフトウェア業")},
    "rules.rule": {
        "head_office": _lazy("本社の場所"),
        "office": _lazy("札幌市内の事業所"),
        "sme": _lazy("中小企業か個人事業主"),
        "sme_or_at_most": _lazy("中小企業か、従業員数の少ない団体"),
        "independent": _lazy("みなし大企業でないこと"),
        "industry_in": _lazy("この業種だけ"),
        "industry_not_in": _lazy("この業種のほか"),
        "employees_at_most": _lazy("従業員数"),
        "partner": _lazy("一緒に進めるIT企業"),
        "tax": _lazy("市町村の税金"),
        "antisocial": _lazy("暴力団と関係がないこと"),
        "not_repeat": _lazy("以前に受けていないこと"),
        "tenant": _lazy("ウェットラボへの入居"),
        "group": _lazy("グループの代表"),
    },
}
# beginning of a value's path → what all values under it are called
WHOLE: Mapping[str, Text] = {
    "frames": _lazy("枠のすべての値"),
    "categories": _lazy("経費区分のすべて"),
    "lives": _lazy("耐用年数のすべて"),
    "examples": _lazy("経費の例のすべて"),
    "uncounted": _lazy("対象にならない費用のすべて"),
    "groups": _lazy("合わせて上限のある区分のすべて"),
    "rules": _lazy("対象の条件のすべて"),
    "documents": _lazy("書類のすべて"),
    "criteria": _lazy("審査の項目のすべて"),
    "weights": _lazy("重みのすべて"),
    "periods": _lazy("期日のすべて"),
    "interest": _lazy("利息のすべて"),
    "unheard": _lazy("弁明の機会を要しない根拠のすべて"),
}


def of(
    name: str, path: str, literal: tuple[str | int, ...], stated: Given, row: Path = ()
) -> list[tuple[str, str]]:
    """(value, words): of the list with that name, as the row at `row` may choose, else of what the type at
    `path` lists.
    """
    if not name:
        known = LISTED.get(path, {})
        return [(str(value), str(known.get(str(value), _plain(value)))) for value in literal]
    match name:
        case "purposes":
            return [(value, str(words)) for value, words in PURPOSES]
        case "topics":
            return [(key, str(topic)) for key, topic in topics().items()]
        case "duties":
            return [(key, str(label)) for key, (label, _holds) in DUTIES.items()]
        case "municipalities":
            return [(row.code, str(row)) for row in Municipality.objects.all()]
        case "industries":
            return [
                (row.code, row.name_en if in_english() else row.name)
                for row in Industry.objects.all()
            ]
        case "programmes":
            rows = Programme.objects.filter(state=ProgrammeState.APPROVED).exclude(
                code=stated.get("code", "")
            )
            return [(row.code, row.name) for row in rows]
        case "values":
            return list(_values(stated))
        case "other_questions" | "answers":
            return list(_of_question(name, stated, row))
        case _:
            return list(named_rows(stated, name))


def _plain(value: str | int) -> str:
    return f"{value:,}" if isinstance(value, int) else value


def _of_question(name: str, stated: Given, row: Path) -> Iterator[tuple[str, str]]:
    """What the condition of a question may be about; and the choices of what it is about."""
    if name == "other_questions":
        own = value_at(stated, (*row, "key"))
        yield from (pair for pair in named_rows(stated, "questions") if pair[0] != own)
        return
    about = value_at(stated, (*row, "only_when", "question"))
    rows = stated.get("questions")
    for other in rows if isinstance(rows, list) else []:
        if isinstance(other, dict) and about is not None and other.get("key") == about:
            for choice in other.get("choices", []):
                if isinstance(choice, dict) and isinstance(ja := choice.get("ja"), str):
                    yield ja, in_words(choice)


def named_rows(stated: Given, name: str) -> Iterator[tuple[str, str]]:
    """The rows of a list of the draft by their key, each with its name as far as it is written."""
    rows = stated.get(name)
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict) and isinstance(key := row.get("key"), str):
            yield (
                key,
                in_words(next((row[n] for n in ("name", "label", "title") if n in row), "")) or key,
            )


def in_words(text: object) -> str:
    """A text of the draft in the reader's language, else in the one that there is."""
    if isinstance(text, dict):
        ja, en = (str(text.get(language) or "") for language in ("ja", "en"))
        return (en or ja) if in_english() else (ja or en)
    return str(text or "")


def _values(stated: Given) -> Iterator[tuple[str, str]]:
    """What a source may bear out: everything, a whole part, or one value; of a draft that is not whole
    yet, only what its sources name already.
    """
    yield values.ALL, _("すべての値")
    made, _problems = parameters.look(stated)
    known = dict(values.values(made)) if made is not None else {}
    begun = set[str]()
    for path, label in known.items():
        head = path.partition(".")[0]
        if head in WHOLE and head not in begun:
            begun.add(head)
            yield head, str(WHOLE[head])
        yield path, label
