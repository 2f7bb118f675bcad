"""What the record of a selection says, section by section: on its page and on its paper alike."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from grants.applications.states import ApplicationState
from grants.programmes.catalogue import selection_words
from grants.reviews.ranking import outlook
from grants.reviews.records import (
    PanelFacts,
    ReviewFacts,
    RowFacts,
    SelectedRow,
    SelectionFacts,
    SelectionRecord,
)
from grants.reviews.states import ReviewState
from portal.accounts.models import User
from portal.cases.dossier import facts
from portal.cases.models import Case
from portal.cases.ports import Section, Table
from portal.cases.visibility import unseen
from portal.ui.templatetags import ui


def rows_for(record: SelectionRecord, user: User | None) -> list[SelectedRow]:
    """The rows in their order; those of cases that the person may not see have no facts.

    None: as the portal itself reads them.
    """
    rows = list(record.rows.select_related("application"))
    if user is None:
        return rows
    cases = [row.application.case_id for row in rows]
    closed = unseen(user, Case.objects.filter(pk__in=cases))
    for row in rows:
        if row.application.case_id in closed:
            row.facts = {}
    return rows


def summary(
    record: SelectionRecord, rows: Sequence[SelectedRow], user: User | None
) -> list[Section]:
    """The rules and the money, the draw, the order, the panels, and what was not ranked, as the person
    may read it.
    """
    said = record.said
    money, slots = said["left"]["amount"], said["left"]["slots"]
    sections = [
        facts(
            _("選び方"),
            (_("枠"), said["frame"]),
            (_("選び方"), selection_words(said["selection"])),
            (_("基準点"), said["pass_mark"]),
            (_("審査の項目"), "、".join(_criterion(*row) for row in said["criteria"]) or None),
            (_("このときの予算の残り"), None if money is None else f"{money:,}"),
            (_("このときの残りの件数"), slots),
            (_("記録したとき"), record.made_at),
            (_("最初の決定をした人"), record.decided_by.name),
        ),
        *_draw(said),
        Section(heading=_("順位"), table=_order(said, rows)),
        *[_panel(panel) for panel in said["panels"]],
    ]
    if said["beside"]:
        heading = _("このとき順位の付いていなかった申請")
        sections.append(Section(heading=heading, rows=_beside(said, user)))
    return sections


def _criterion(name: str, weight: int, maximum: int) -> str:
    return _("%(name)s（%(maximum)s点満点、重み%(weight)s）") % {
        "name": name,
        "maximum": maximum,
        "weight": weight,
    }


def _draw(said: SelectionFacts) -> list[Section]:
    """How anybody can repeat the draw; nothing where lots do not decide."""
    if not said["seed_hash"]:
        return []
    how = _("種と受付番号をつなげた文字のSHA-256の小さい順です。表の値は、その初めの12文字です。")
    rows = [(_("種"), said["seed"]), (_("抽選用の数の確認値"), said["seed_hash"])]
    return [Section(heading=_("抽選"), text=how, rows=rows)]


def _beside(said: SelectionFacts, user: User | None) -> list[tuple[str, str]]:
    """(number, state) of each that was not ranked; without the number where the person may not see
    its case.
    """
    seen = {number for number, _state in said["beside"]}
    if user is not None:
        cases = Case.objects.visible_to(user).filter(receipt_number__in=seen)
        seen = set(cases.values_list("receipt_number", flat=True))
    hidden = _("表示できない申請")
    return [
        (number if number in seen else hidden, str(ApplicationState.of(state).label))
        for number, state in said["beside"]
    ]


def _order(said: SelectionFacts, rows: Sequence[SelectedRow]) -> Table:
    by_lot, by_score = bool(said["seed_hash"]), bool(said["criteria"])
    decided_by = _("抽選の値") if by_lot else _("平均点") if by_score else _("到着")
    head = [_("順位と申請者"), _("申請額"), _("累計"), decided_by, _("見込み")]
    return Table(head=head, rows=[_place(row.said, by_lot, by_score) for row in rows])


def _place(row: RowFacts | None, by_lot: bool, by_score: bool) -> list[str]:
    if not row:
        return [_("表示できない申請"), "", "", "", ""]
    value = row["lot"][:12] if by_lot else row["score"] if by_score else _moment(row["arrived_at"])
    unscored = by_score and not row["score"]
    expected = outlook(row["passed"], row["tied"], row["inside"], unscored=unscored).words
    return [
        f"{row['rank']}　{row['number']}　{row['firm']}",
        f"{row['amount']:,}",
        f"{row['cumulative']:,}",
        value or "―",
        expected,
    ]


def _moment(text: str) -> str:
    return str(ui.short_moment(datetime.fromisoformat(text)))


def _panel(panel: PanelFacts) -> Section:
    return facts(
        _("審査会"),
        (_("審査員"), "、".join(panel["members"])),
        (_("採点の期限"), date.fromisoformat(panel["due_on"])),
        (_("議事の要点"), panel["minutes"] or None),
    )


def marks(rows: Sequence[SelectedRow]) -> list[Section]:
    """Of each application: who gave which points and why, and who stepped out of it and why."""
    return [
        facts(
            f"{said['rank']}　{said['number']}　{said['firm']}",
            (_("事業の名称"), said["title"]),
            *[line for review in said["reviews"] for line in _review(review)],
        )
        for row in rows
        if (said := row.said) and said["reviews"]
    ]


def _review(review: ReviewFacts) -> list[tuple[str, str | None]]:
    state = str(ReviewState.of(review["state"]).label)
    total = _("%(points)s点") % {"points": review["total"]} if review["total"] else None
    whole = "　".join(filter(None, (state, total, review["why"])))
    points = [
        (f"　{name}", f"{n}／{maximum}　{reason}") for name, n, maximum, reason in review["points"]
    ]
    return [
        (review["reviewer"], whole),
        *points,
        (_("　講評"), review["comment"] or None),
    ]
