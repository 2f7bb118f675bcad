"""What the parts of a programme must say of each other. Each part alone is good by then."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from django.utils.translation import gettext as _

from grants.programmes import announcing
from grants.programmes.conditions import filled
from grants.programmes.selecting import is_scored
from portal.slots import Misfit

if TYPE_CHECKING:
    from grants.programmes.parameters import Programme

# where, as the file nests its values; and what is wrong
Fault: TypeAlias = tuple[tuple[str | int, ...], str]


def faults(stated: "Programme") -> Iterator[Fault]:
    for rule in (
        _of_names,
        _of_frames,
        _of_costs,
        _of_example,
        _of_selection,
        _of_blind,
        _of_conditions,
    ):
        yield from rule(stated)


def _of_names(stated: "Programme") -> Iterator[Fault]:
    """Whoever chooses, fills in or scores tells two rows apart by what they are called."""
    named: tuple[tuple[str, str, list[str]], ...] = (
        ("frames", "name", [row.name.ja for row in stated.frames]),
        ("categories", "name", [row.name.ja for row in stated.categories]),
        ("questions", "label", [row.label.ja for row in stated.questions]),
        ("documents", "name", [row.name.ja for row in stated.documents]),
        ("criteria", "name", [row.name.ja for row in stated.criteria]),
    )
    for rows, name, called in named:
        for n, words in enumerate(called):
            if words in called[:n]:
                yield (
                    (rows, n, name),
                    _("同じ名前がほかにあります。見分けられる名前にしてください。"),
                )


def _of_frames(stated: "Programme") -> Iterator[Fault]:
    for n, frame in enumerate(stated.frames):
        if frame.floor > frame.cap:
            yield ("frames", n, "floor"), _("下限が、上限を超えています。")
        if frame.budget is None and frame.slots is None and frame.seats is None:
            yield (
                ("frames", n, "budget"),
                _("予算の円、件数、席数のどれかを書いてください。"),
            )
        if (frame.seats is not None) is not (stated.kind == "seats"):
            yield (
                ("frames", n, "seats"),
                _("席数は、受講席の制度だけに、必ず書いてください。"),
            )


def _of_costs(stated: "Programme") -> Iterator[Fault]:
    known = {category.key for category in stated.categories}
    grouped = [key for group in stated.groups for key in group.categories]
    for n, group in enumerate(stated.groups):
        if unknown := sorted(set(group.categories) - known):
            yield ("groups", n, "categories"), _no_category(unknown)
    if len(grouped) != len(set(grouped)):
        yield ("groups",), _("1つの経費区分は、1つの上限だけに入れてください。")
    if len(stated.groups) > 1:  # which is counted first would change the sum
        yield (
            ("groups",),
            _(
                "合わせて上限のある経費区分は、1組だけにしてください。2組以上では、数える順番で額が変わります。"
            ),
        )


def _no_category(names: list[str]) -> str:
    return _("経費区分に%(names)sがありません。") % {"names": "、".join(names)}


def _of_example(stated: "Programme") -> Iterator[Fault]:
    if (stated.kind == "seats") is not (stated.course is not None):
        yield ("course",), _("講座の時間数は、受講席の制度だけに、必ず書いてください。")
    if stated.example is None:
        if stated.kind != "seats":
            yield ("example",), _("補助金の制度には、計算の例を書いてください。")
        return
    known = {category.key for category in stated.categories}
    for n, item in enumerate(stated.example.items):
        if item.category not in known:
            yield ("example", "items", n, "category"), _no_category([item.category])
    if stated.example.frame not in {frame.key for frame in stated.frames}:
        yield ("example", "frame"), _("計算の例の枠が、この制度の枠にありません。")


def _of_selection(stated: "Programme") -> Iterator[Fault]:
    if is_scored(stated.selection) and not stated.criteria:
        yield ("criteria",), _("採点で選ぶ制度には、審査の項目を書いてください。")
    if is_scored(stated.selection) and stated.pass_mark is None:
        yield ("pass_mark",), _("採点で選ぶ制度には、合格に要る点を書いてください。")
    if stated.blind and not is_scored(stated.selection):
        yield ("blind",), _("名前を伏せる審査は、採点で選ぶ制度だけに書けます。")


def _of_blind(stated: "Programme") -> Iterator[Fault]:
    if stated.blind is None:
        return
    asked = {
        "questions": {question.key for question in stated.questions},
        "documents": {document.key for document in stated.documents},
    }
    either = asked["questions"] | asked["documents"]
    for name, keys in (
        ("questions", stated.blind.questions),
        ("documents", stated.blind.documents),
    ):
        if unknown := sorted(set(keys) - either):
            words = {"names": "、".join(unknown)}
            yield (
                ("blind", name),
                _("名前を伏せる審査の%(names)sは、質問にも書類にもありません。") % words,
            )
    if any(d.elsewhere and d.key in stated.blind.documents for d in stated.documents):
        yield (
            ("blind", "documents"),
            _("審査員が見る書類は、ほかの書類のファイルに入れてよいことにできません。"),
        )


def _of_conditions(stated: "Programme") -> Iterator[Fault]:
    for n, condition in enumerate(stated.conditions):
        try:
            filled(condition, stated)
        except Misfit:
            yield (
                ("conditions", n, "text"),
                _("条件の波かっこの中には、この制度の値の名前を書いてください：%(text)s")
                % {"text": condition.text},
            )
        if unknown := [name for name in condition.announces if name not in announcing.DUTIES]:
            yield (
                ("conditions", n, "announces"),
                _("条件が知らせる%(names)sは、義務の名前ではありません。")
                % {"names": "、".join(unknown)},
            )
