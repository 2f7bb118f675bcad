"""The text one pledges to have read (要綱, 要領): a revision of the programme, as articles.

Where the programme file states the text itself, that is shown. Else it is made from what the
programme states, and says so: no text of the city.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from grants.programmes import catalogue
from grants.programmes.models import Call, Programme, said
from grants.programmes.models.changes import CallChange
from grants.programmes.parameters import Programme as Stated
from portal.ui.templatetags.ui import in_yen


@dataclass(frozen=True)
class Article:
    title: str
    lines: tuple[str, ...]


def revision_of(call: Call, revision: int) -> Programme | None:
    """A revision that the call states, or stated before it was amended."""
    earlier = CallChange.objects.filter(call=call).values("instead_of")
    known = Programme.objects.filter(pk__in=[call.programme_id]) | Programme.objects.filter(
        pk__in=earlier
    )
    return known.filter(revision=revision).first()


def articles(stated: Stated) -> list[Article]:
    if stated.articles:
        return [Article(one.title, tuple(one.text.splitlines())) for one in stated.articles]
    made = [
        Article(_("趣旨"), (said(stated.lead),)),
        Article(_("対象になる方"), tuple(f"{said(r.text)}（{r.cite}）" for r in stated.rules)),
        Article(_("対象になる費用"), tuple(_counted(stated))),
        Article(_("対象にならない費用"), tuple(_uncounted(stated))),
        Article(_("額"), tuple(_sums(stated))),
        Article(_("申請に付ける書類"), tuple(said(d.name) for d in stated.documents)),
        Article(_("選び方"), tuple(_choosing(stated))),
        Article(_("交付の条件"), tuple(stated.award_conditions) if stated.pays else ()),
        Article(_("期限"), tuple(_days(stated))),
        Article(_("財産の処分の制限"), tuple(_assets(stated)) if stated.pays else ()),
    ]
    return [article for article in made if article.lines]


def _counted(stated: Stated) -> list[str]:
    with_examples = _("%(name)s（例：%(examples)s）")
    return [
        with_examples % {"name": said(c.name), "examples": said(c.examples)}
        if c.examples
        else said(c.name)
        for c in stated.categories
    ]


def _uncounted(stated: Stated) -> list[str]:
    with_hint = _("%(name)s（%(hint)s）")
    return [
        with_hint % {"name": said(row.name), "hint": said(row.hint)} if row.hint else said(row.name)
        for row in stated.uncounted
    ]


def _sums(stated: Stated) -> list[str]:
    if stated.unit == "seats":
        return [
            _("%(name)s：1者%(n)s席まで") % {"name": said(f.name), "n": f.cap}
            for f in stated.frames
        ]
    found = [
        _("%(name)s：%(rate)s、%(cap)sまで")
        % {
            "name": said(frame.name),
            "rate": catalogue.rate_words(frame.rate),
            "cap": in_yen(frame.cap),
        }
        for frame in stated.frames
    ]
    found += [
        (
            _("%(name)s：%(floor)sに届かないときは、額の確定のときにも、全額が対象になりません。")
            if stated.floor_at_fixing
            else _("%(name)s：%(floor)sに届かないときは、全額が対象になりません。")
        )
        % {"name": said(frame.name), "floor": in_yen(frame.floor)}
        for frame in stated.frames
        if frame.floor
    ]
    found += [
        _("%(name)s：%(before)s") % {"name": said(frame.name), "before": said(frame.before)}
        for frame in stated.frames
        if frame.before
    ]
    return [
        *found,
        _("%(unit)s未満の端数は切り捨てます。") % {"unit": in_yen(stated.rounding_unit)},
    ]


def _choosing(stated: Stated) -> list[str]:
    found = [catalogue.selection_words(stated.selection)]
    found += [
        _("%(name)s（重み %(n)s）：%(text)s")
        % {"name": said(row.name), "n": row.weight, "text": said(row.text)}
        for row in stated.criteria
    ]
    if stated.pass_mark is not None:
        found.append(_("100点のうち%(n)s点以上を合格とします。") % {"n": stated.pass_mark})
    return found


def _days(stated: Stated) -> list[str]:
    periods = stated.periods
    deciding = (
        _("決定：届いてから標準%(n)s営業日")
        if stated.selection == "first_come"
        else _(
            "決定：受付の終わりから標準%(n)s営業日（決定の予定日は、公募ごとにその中で決めます）"
        )
    )
    found = [
        deciding % {"n": periods.standard_days},
        _("補正：求めた日から%(n)s日") % {"n": periods.correction_days},
    ]
    if stated.pays:
        found += [
            _("取下げ：交付決定の通知を受け取ってから%(n)s日") % {"n": periods.withdrawal_days},
            _("実績報告：事業を終えてから（遅くとも事業の期間の終わりから）%(n)s日")
            % {"n": periods.report_days},
        ]
    if periods.follow_up_years:
        found.append(_("効果の報告：%(n)s年") % {"n": periods.follow_up_years})
    return found


def _assets(stated: Stated) -> list[str]:
    lives = [(said(c.name), c.life_years) for c in stated.categories if c.life_years]
    limit = _("1つ%(sum)s以上（税抜）の財産は、次の期間、承認なしに処分できません。") % {
        "sum": in_yen(stated.asset_limit)
    }
    return (
        [limit, *(_("%(name)s：%(n)s年") % {"name": name, "n": n} for name, n in lives)]
        if lives
        else []
    )
