"""The papers of a pilot: the agreement, the decision on its result, the letter that stops it."""

from grants.applications.papers import frame, signed_by
from portal import clock, fiscal
from portal.audit.chain import sha256, write
from portal.notices.models import Notice
from portal.registry.models import Municipality
from portal.types import Context
from startups.pilots import terms
from startups.pilots.chart import said
from startups.pilots.models import Evaluation, Indicator, Pilot

ARTICLES = (
    "甲と乙は、この協定に定める条件により、互いに協力して実証を行う。",
    "甲は、別に示す「市町村が行うこと・提供するもの」を、実証の期間中に提供する。",
    "乙は、実証で知った甲の秘密と個人情報を、実証のためだけに使い、第三者に漏らさない。この義務は、秘密については実証が終わった日から5年間、個人情報については期間を限らず続く。",
    "甲は、乙が秘密と指定した事項を、実証のためだけに使い、乙の承諾を得ずに第三者に示さない。",
    "乙は、あらかじめ甲の承諾を得なければ、実証の全部又は一部を第三者に委託してはならない。承諾を得て委託したときは、委託を受けた者の行為について甲に責任を負う。",
    "甲と乙は、指標の計測値を台帳に記録し、毎月の状況を互いに知らせる。",
    "事故が起きたとき、又は起きるおそれがあるときは、直ちに相手に知らせ、台帳に記録する。",
    "中間の判定により、実証を続け、変更し、又は中止することができる。中止したときは、その理由を公表する。",
    "甲又は乙は、責めに帰すべき事由により相手又は第三者に損害を与えたときは、その損害を賠償する。",
    "甲又は乙は、相手がこの協定に反し、期間を定めて改めるよう求めても改めないときは、この協定を解除することができる。甲は、乙又はその役員が暴力団員又は暴力団関係事業者であると認めたときは、直ちに解除することができる。",
    "乙が支援金を受けるときは、それぞれの市町村の交付の決定と額の確定による。",
    "実証の結果は、よい結果も悪い結果も公表する。乙が秘密と指定した事項は、公表しない。",
    "この協定は、本格導入の契約を約束するものではない。契約の相手は、それぞれの市町村の規則により決める。",
    "この協定に定めのない事項は、甲と乙が協議して定める。",
    "甲と乙は、この協定に合意したことを電磁的記録により保存し、それぞれがその写しを保有する。",
)


def _towns(pilot: Pilot) -> list[Municipality]:
    return [partner.municipality for partner in pilot.partners.select_related("municipality")]


def _paper(pilot: Pilot, *, about: str = "", decides: bool = False, **facts: object) -> Context:
    return {
        **frame(pilot.application, about=about, decides=decides),
        **facts,
        **signed_by(pilot.application.stated, *(town.pk for town in _towns(pilot))),
        "receipt": pilot.case.number,
    }


def _under(pilot: Pilot) -> str:
    """What the municipalities act under: the guideline, and the agreement once there is one."""
    agreed = f"及び{fiscal.era(pilot.agreed_on)}に結んだ協定" if pilot.agreed_on else ""
    return f"{pilot.application.stated.guideline}{agreed}に基づき"


def _decisions(pilot: Pilot) -> list[list[str]]:
    """The decision of each municipality that the pilot rests on: its day, and the number of its letter."""
    rows = pilot.partners.select_related("municipality", "match")
    letters = _letters(pilot)
    told = []
    for row in rows:
        day = fiscal.era(row.match.decided_on) if row.match.decided_on else ""
        number = letters.get(row.municipality_id, "")
        told.append("　".join(filter(None, [row.municipality.name, day, number])))
    return [["実証決定の日と番号", "\n".join(told)]]


def _letters(pilot: Pilot) -> dict[str, str]:
    """Municipality → number of its 実証決定通知書 about this challenge."""
    about = ["課題", f"{pilot.challenge.number}　{pilot.challenge.title}"]
    found = Notice.objects.filter(case=pilot.application.case_id, kind="match_agreed")
    rows = found.order_by("issued_at", "pk").values_list("facts", "number")
    return {
        facts["issuers"][0]: number for facts, number in rows if about in facts.get("items", [])
    }


def _period(pilot: Pilot) -> str:
    return f"{fiscal.era(pilot.starts_on)}から{fiscal.era(pilot.ends_on)}まで"


def _aim(row: Indicator) -> str:
    """An indicator as the agreement states it: from where to where, and how it is measured."""
    baseline, target = said(float(row.baseline or 0)), said(float(row.target or 0))
    return f"{row.name}　{baseline}{row.unit} → {target}{row.unit}（{row.method}）"


def agreement_facts(pilot: Pilot, **_given: object) -> Context:
    """基本協定書, from the terms as both sides left them;
    what is secret is bound by its hash and stays in the ledger.
    """
    hidden = terms.secret(pilot)
    supports = "\n".join(
        f"{p.municipality.name}　金　{p.support:,}円"
        for p in pilot.partners.select_related("municipality")
        if p.support
    )
    indicators = "\n".join(_aim(row) for row in pilot.indicators.all())
    items = [
        ["実証の名称", pilot.title],
        ["課題", f"{pilot.challenge.number}　{pilot.challenge.title}"],
        *_decisions(pilot),
        ["期間", _period(pilot)],
        ["中間の判定", fiscal.era(pilot.midterm_on) if pilot.midterm_on else "―"],
        ["指標", indicators],
        ["支援金", supports or "なし"],
        *[
            [
                str(label),
                "秘密の指定により、台帳に記録したとおり" if part in hidden else pilot.terms[part],
            ]
            for part, (label, *_size) in terms.PARTS.items()
            if pilot.terms.get(part)
        ],
        ["条件の記録", f"SHA-256 {sha256(write(pilot.terms))}"],
    ]
    towns = "・".join(town.name for town in _towns(pilot))
    consented = fiscal.era(clock.day_of(pilot.consented_at)) if pilot.consented_at else ""
    return _paper(
        pilot,
        title="実証に関する基本協定書",
        body=f"{towns}（以下「甲」という。）と{pilot.case.organisation.name}（以下「乙」という。）は、"
        "次の条件により実証を行うことに合意し、この協定を結ぶ。"
        f"乙は、{consented}にこの条件に同意した。",
        body_en="The municipalities and the company agree to carry out the pilot on the terms below.",
        items=items,
        annex=list(ARTICLES),
        annex_title="協定の条項",
        other_party=_other(pilot),
    )


def _other(pilot: Pilot) -> list[str]:
    """乙, as it stands below the articles: seat, name and who represents it."""
    firm = pilot.case.organisation
    person = " ".join(filter(None, [firm.representative_title, firm.representative_name]))
    return list(filter(None, [firm.seat.whole(firm.address), firm.name, person]))


def result_facts(pilot: Pilot, **_given: object) -> Context:
    sides = dict(Evaluation.SIDES)
    return _paper(
        pilot,
        about="の実証の評価の決定",
        decides=True,
        title="実証の評価の決定通知書",
        body=f"{_under(pilot)}、実証の結果を評価し、次のとおり決定しましたので、通知します。",
        body_en="The result of the pilot has been evaluated as follows.",
        items=[
            ["実証の名称", pilot.title],
            *_decisions(pilot),
            ["期間", _period(pilot)],
            ["決定", str(pilot.get_verdict_display())],
            ["まとめ", pilot.summary],
            *[
                [f"{sides[row.side]}の評価", f"{row.get_mark_display()}\n{row.text}"]
                for row in pilot.evaluations.all()
            ],
        ],
        small="この通知は、本格導入の契約を約束するものではありません。結果は、ポータルで公表しています。",
    )


def stopped_facts(pilot: Pilot, **_given: object) -> Context:
    return _paper(
        pilot,
        about="の実証の中止",
        decides=True,
        title="実証中止通知書",
        body=f"{_under(pilot)}、次の理由で実証を中止することに決定しましたので、通知します。",
        body_en="The pilot has been stopped for the reason below.",
        items=[["実証の名称", pilot.title], *_decisions(pilot), ["理由", pilot.reason]],
        small="協定を結んだあとの中止は、理由とともにポータルで公表しています。"
        if pilot.agreed_on
        else "",
    )
