"""May this firm apply? Each condition is one small pure function from facts to a finding. Advice,
never a verdict.

How large a small firm is, and who counts as large all the same: `sizes.py`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from grants.programmes import sizes
from grants.programmes.parameters import Programme, Rule
from portal import sentences
from portal.registry.codes import SAPPORO
from portal.ui.templatetags.ui import in_man_yen


@dataclass(frozen=True)
class Facts:
    """What is known about a firm; None where nobody has said. capital in yen."""

    kind: str = "corporation"
    area: str | None = None  # five- or six-digit code of the head office's area
    municipality: str | None = None
    sapporo_office: bool | None = None
    industry: str | None = None
    trade: str | None = None  # the part of a middle group that `sizes.SPLIT` asks for
    capital: int | None = None
    employees: int | None = None
    partner_area: str | None = None  # six-digit municipality code of the partner's head office
    partner_name: str = ""
    tax_paid: bool | None = None
    no_antisocial: bool | None = None
    received_before: bool | None = None
    tenant: bool | None = None
    # test of sizes.LARGE_TESTS → whether it is met; None where nobody was asked
    large: Mapping[str, bool] | None = None


@dataclass(frozen=True)
class Finding:
    """tone: good (met), care (not met or unclear, a person looks at it).

    `why` names figures and rule; `is_open`: nobody has said yet; `over`: by what share of its limit a
    figure is too high.
    """

    rule: str
    tone: str
    what: str
    verdict: str
    why: str
    next: str = ""
    is_open: bool = False
    over: Fraction | None = None


def _good(rule: Rule, what: str, why: str) -> Finding:
    return Finding(rule.rule, "good", what, _("あてはまります"), f"{why}（{rule.cite}）")


def _care(
    rule: Rule,
    what: str,
    verdict: str,
    why: str,
    todo: str = "",
    *,
    is_open: bool = False,
    over: Fraction | None = None,
) -> Finding:
    return Finding(rule.rule, "care", what, verdict, f"{why}（{rule.cite}）", todo, is_open, over)


def _unknown(rule: Rule, what: str, todo: str) -> Finding:
    why = _("お答えがまだありません。")
    return _care(rule, what, _("まだ分かりません"), why, todo, is_open=True)


def _head_office(rule: Rule, facts: Facts) -> Finding:
    what = _("本社の場所")
    if facts.municipality is None:
        return _unknown(rule, what, _("本社のある区・市町村をお答えください。"))
    if facts.municipality in rule.areas:
        return _good(rule, what, _("本社のある市町村は対象です。"))
    todo = _("本社を移す予定があるときや、グループで申し込むときは、担当にご相談ください。")
    return _care(
        rule, what, _("確認が必要"), _("本社のある市町村は、この制度の対象に入っていません。"), todo
    )


def _office(rule: Rule, facts: Facts) -> Finding:
    what = _("札幌市内の事業所")
    in_city = (facts.municipality or "") == SAPPORO
    if facts.sapporo_office is None and not in_city:
        return _unknown(rule, what, _("札幌市内に事業所があるかどうかをお答えください。"))
    if facts.sapporo_office or in_city:
        return _good(rule, what, _("札幌市内に事業所があります。"))
    return _care(
        rule,
        what,
        _("確認が必要"),
        _("札幌市内に事業所がある方が対象です。"),
        _("市内の事業所で使う設備であることを確かめてください。"),
    )


def _sme(rule: Rule, facts: Facts) -> Finding:
    what = _("企業の規模")
    if facts.kind == "sole_proprietor":
        return _good(rule, what, _("個人事業主は対象です。"))
    if facts.industry is None or (facts.capital is None and facts.employees is None):
        return _unknown(rule, what, _("業種と、資本金または従業員数をお答えください。"))
    names = (rule.sized_as,) if rule.sized_as else sizes.classes(facts.industry, facts.trade)
    found = {sizes.LIMITS[name] for name in names}
    met = {size for size in found if sizes.within(size, facts.capital, facts.employees)}
    if met and met != found:
        return _unknown(rule, what, _("主な業種を、もう少し細かくお答えください。"))
    size = max(found, key=lambda one: (one.capital, one.employees))
    limits = _(
        "この業種は、資本金%(capital)s以下または従業員%(employees)s人以下が中小企業です。"
    ) % {"capital": in_man_yen(size.capital), "employees": size.employees}
    if met:
        return _good(rule, what, limits if len(found) == 1 else _("中小企業の範囲に入ります。"))
    over = min(
        Fraction(value - limit, limit)
        for value, limit in ((facts.capital, size.capital), (facts.employees, size.employees))
        if value is not None
    )
    return _care(rule, what, _("確認が必要"), limits, _near_sme(facts, size), over=over)


def _near_sme(facts: Facts, size: sizes.Size) -> str:
    over = []
    if facts.capital is not None:
        rounded = -(-(facts.capital - size.capital) // 10000) * 10000
        over.append(_("資本金はあと%(sum)s") % {"sum": in_man_yen(rounded)})
    if facts.employees is not None:
        over.append(_("従業員はあと%(n)s人") % {"n": facts.employees - size.employees})
    return _("範囲まで、%(over)s多い状態です。数字をもう一度確かめて、ご相談ください。") % {
        "over": "、".join(over)
    }


def _independent(rule: Rule, facts: Facts) -> Finding:
    what = _("大企業との関係")
    if facts.large is None:
        return _unknown(rule, what, _("大企業との関係の質問にお答えください。"))
    met = [text for name, text in sizes.LARGE_TESTS.items() if facts.large.get(name)]
    if not met:
        return _good(rule, what, _("みなし大企業にあたりません。"))
    return _care(
        rule,
        what,
        _("確認が必要"),
        _("次の質問に「はい」とお答えいただきました：%(tests)s。みなし大企業は対象になりません。")
        % {"tests": "、".join(f"「{text}」" for text in met)},
        str(sizes.INVESTORS),
    )


def _sme_or_at_most(rule: Rule, facts: Facts) -> Finding:
    """SMEs and sole proprietors; of other bodies those with at most `limit` employees."""
    what, limit = _("会社・団体の大きさ"), rule.limit or 0
    if facts.kind != "body":
        return _sme(rule, facts)
    if facts.employees is None:
        return _unknown(rule, what, _("従業員数をお答えください。"))
    words = _("会社でない団体は、従業員%(limit)s人以下が対象です。") % {"limit": limit}
    if facts.employees <= limit:
        return _good(rule, what, words)
    over = facts.employees - limit
    todo = _over(over)
    return _care(rule, what, _("確認が必要"), words, todo, over=Fraction(over, limit))


def _over(people: int) -> str:
    return sentences.joined(
        [
            _("%(over)s人多い状態です。") % {"over": people},
            _("常時使用する従業員だけを数えてください（役員や短期の臨時雇いは含みません）。"),
        ]
    )


def _industry_in(rule: Rule, facts: Facts) -> Finding:
    what = _("業種")
    if facts.industry is None:
        return _unknown(rule, what, _("業種をお答えください。"))
    if facts.industry in rule.industries:
        return _good(rule, what, _("対象の業種です。"))
    return _care(
        rule,
        what,
        _("確認が必要"),
        rule.text.ja,
        _("複数の事業を営んでいるときは、主な事業で選び直せます。"),
    )


def _industry_not_in(rule: Rule, facts: Facts) -> Finding:
    what = _("業種")
    if facts.industry is None:
        return _unknown(rule, what, _("業種をお答えください。"))
    if facts.industry not in rule.industries:
        return _good(rule, what, _("対象の業種です。"))
    return _care(
        rule,
        what,
        _("確認が必要"),
        _("情報サービス業とインターネット附随サービス業は、この制度では支援する側です。"),
        _("IT企業向けの「IT企業販路拡大」「DX創出補助金」をご覧ください。"),
    )


def _employees_at_most(rule: Rule, facts: Facts) -> Finding:
    what, limit = _("従業員数"), rule.limit or 0
    if facts.employees is None:
        return _unknown(rule, what, _("従業員数をお答えください。"))
    if facts.employees <= limit:
        return _good(rule, what, _("%(limit)s人以下が対象です。") % {"limit": limit})
    over = facts.employees - limit
    return _care(
        rule,
        what,
        _("確認が必要"),
        _("%(limit)s人以下が対象です。%(over)s人多い状態です。") % {"limit": limit, "over": over},
        _("常時使用する従業員だけを数えてください（役員や短期の臨時雇いは含みません）。"),
        over=Fraction(over, limit),
    )


def _partner(rule: Rule, facts: Facts) -> Finding:
    what = _("一緒に進めるIT企業")
    if facts.partner_area is None:
        return _unknown(
            rule,
            what,
            _(
                "相手が決まっていれば、その本社の市町村をお答えください。まだのときは相談員が一緒にさがします。"
            ),
        )
    if facts.partner_area in rule.areas:
        return _good(rule, what, _("札幌市に本社のあるIT企業です。"))
    name = _("「%(name)s」は、") % {"name": facts.partner_name} if facts.partner_name else ""
    return _care(
        rule,
        what,
        _("確認が必要"),
        name
        + _("本社が札幌市の外に登録されています。札幌市に本社のあるIT企業と組む必要があります。"),
        _("札幌市のIT企業に加わってもらうか、本社が札幌市にあることが分かる書類をご用意ください。"),
    )


def _declared(
    what: str, attribute: str, yes: str, no: str, todo: str
) -> Callable[[Rule, Facts], Finding]:
    """A condition the firm itself declares, yes or no; the three sentences are message ids."""

    def check(rule: Rule, facts: Facts) -> Finding:
        said = getattr(facts, attribute)
        if said is None:
            return _unknown(rule, _(what), _("「はい」か「いいえ」でお答えください。"))
        return (
            _good(rule, _(what), _(yes))
            if said
            else _care(rule, _(what), _("確認が必要"), _(no), _(todo))
        )

    return check


def _not_repeat(rule: Rule, facts: Facts) -> Finding:
    what = _("これまでの受給")
    if facts.received_before is None:
        return _unknown(rule, what, _("以前に同じ補助金を受けたことがあるかをお答えください。"))
    if not facts.received_before:
        return _good(rule, what, _("同じ補助金を受けていません。"))
    return _care(
        rule,
        what,
        _("確認が必要"),
        rule.text.ja,
        _("専門家派遣枠など、もう一度使える枠がないか確かめてください。"),
    )


def _group(rule: Rule, _facts: Facts) -> Finding:
    return _good(rule, _("申込みの形"), rule.text.ja)


CHECKS: dict[str, Callable[[Rule, Facts], Finding]] = {
    "head_office": _head_office,
    "office": _office,
    "sme": _sme,
    "independent": _independent,
    "sme_or_at_most": _sme_or_at_most,
    "industry_in": _industry_in,
    "industry_not_in": _industry_not_in,
    "employees_at_most": _employees_at_most,
    "partner": _partner,
    "not_repeat": _not_repeat,
    "group": _group,
    "tax": _declared(
        gettext_noop("税金"),
        "tax_paid",
        gettext_noop("滞納がないとお答えいただきました。申請のあと市が確かめます。"),
        gettext_noop("税金に滞納があると対象になりません。"),
        gettext_noop("納付や分割の相談が済むと申し込めます。先に市税事務所にご相談ください。"),
    ),
    "antisocial": _declared(
        gettext_noop("暴力団の排除"),
        "no_antisocial",
        gettext_noop("関係がないとお答えいただきました。"),
        gettext_noop("暴力団と関係のある方は対象になりません。"),
        gettext_noop("事情のあるときは担当にご相談ください。"),
    ),
    "tenant": _declared(
        gettext_noop("入居施設"),
        "tenant",
        gettext_noop("対象の施設に入居しています。"),
        gettext_noop("ウェットラボの入居者が対象です。"),
        gettext_noop("入居の予定があるときは、時期を担当にご相談ください。"),
    ),
}


def findings(programme: Programme, facts: Facts) -> list[Finding]:
    """One finding for each condition of the programme, those that need a look first."""
    return of_rules(programme.rules, facts)


def of_rules(rules: Iterable[Rule], facts: Facts) -> list[Finding]:
    found = [CHECKS[rule.rule](rule, facts) for rule in rules]
    return sorted(found, key=lambda finding: finding.tone == "good")


def summary(found: list[Finding]) -> str:
    """One sentence over all findings. It advises; people decide."""
    open_ones = sum(finding.tone != "good" for finding in found)
    if not open_ones:
        return _("すべてあてはまります。このまま申し込めそうです。")
    return _("%(n)sつ確認すれば、申し込めそうです。") % {"n": open_ones}
