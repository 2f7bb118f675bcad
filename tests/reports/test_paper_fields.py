"""Papers × fields: each paper is drawn, its text read back, and every field looked for in it."""

import io
from datetime import timedelta
from functools import partial
from typing import NamedTuple

import pypdfium2
import pytest

from grants.awards.models import Award
from grants.programmes.parameters import Programme
from portal import clock, fiscal
from portal.cases.models import Case
from portal.notices import letterheads, public
from portal.notices.issue import PLANNED
from portal.notices.models import Notice
from portal.workflow.ports import notice_kinds
from reports.papers import notice as paper
from tests.conftest import World
from tests.reports import letters
from tests.reports.letters import HEARD, WHY, Bring
from tests.startups import test_pilots
from tools.demonstration.rooms import matching, pilots, seats


class Letter(NamedTuple):
    """How it is issued, what it is called, what it is about, under what it is written, whether it decides, what else stands on it,
    and on which decisions it rests (beside the award, which each paper after it names).
    """

    bring: Bring
    title: str
    about: str
    under: str
    decides: bool
    fields: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()


NUMBERED = ("受付番号",)
STEPS = ("経費の合計", "補助対象経費", "補助率", "上限額", "円未満の端数の切捨て")
OWED = ("調定番号", "納める方法", "延滞金")
BACK = (*OWED, "納期限")
BROKEN = (
    "反した条件",
    "交付決定通知書の別紙の条件6　事業が終わった日（遅くとも事業の期間の終わりの日）から30日以内に、実績報告書を提出してください。（適正化法 第14条）",
)
HELD = (
    "弁明の機会",
    "書面による弁明",
    "令和8年1月8日に、令和8年1月22日を期限として求めた。",
    "弁明の内容",
    "管理の誤りであったとの弁明があった。",
)
DECIDED = ("実証決定の日と番号",)


def certified(world: World) -> Case:
    call = seats.call_of(world.staff, clock.today() - timedelta(days=20), seats=3)
    application = seats.enrolled(world.sim, call, clock.today() - timedelta(days=15), people=2)
    seats.taught(call, world.staff, clock.today() - timedelta(days=30), absent=set())
    return application.case


def evaluated(world: World) -> Case:
    pilot = pilots.running(
        test_pilots.accepted(world)[0], world.staff, clock.today() - timedelta(days=120)
    )
    day = clock.today() - timedelta(days=5)
    return pilots.evaluated(pilot, world.staff, "adopt", day).case


DISPOSED = partial(letters.disposed, act="allow_disposal")

PAPERS: dict[str, Letter] = {
    "receipt": Letter(letters.lapsed, "受付票", "の申請の受付", "", False, NUMBERED),
    "correction": Letter(
        letters.lapsed,
        "補正依頼書",
        "の申請の補正",
        "要綱第7条の規定により",
        False,
        (*NUMBERED, "補正の期限", "不備1", "要綱 第6条", WHY),
    ),
    "waitlist": Letter(
        partial(letters.applied, act="waitlist"),
        "補欠決定通知書",
        "の補欠の決定",
        "要綱第8条第2項の規定により",
        True,
        (*NUMBERED, "補欠の順位"),
    ),
    "rejection": Letter(
        partial(letters.applied, act="reject", reason=WHY),
        "補助金不交付決定通知書",
        "の不交付の決定",
        "要綱第8条第2項の規定により",
        True,
        (*NUMBERED, "理由", WHY),
    ),
    "inadmissible": Letter(
        letters.inadmissible,
        "申請却下通知書",
        "の申請の却下",
        "要綱第8条第2項の規定により",
        True,
        (*NUMBERED, "却下の理由", WHY),
    ),
    "lapse": Letter(
        letters.lapsed,
        "手続終了通知書",
        "の申請の手続の終了",
        "要綱第7条の規定により",
        True,
        (*NUMBERED, "理由", WHY),
    ),
    "withdrawal": Letter(
        letters.withdrawn_at_counter,
        "取下げ受付通知書",
        "の取下げの受付",
        "",
        False,
        (*NUMBERED, "受け付けたこと", "申請を取り下げる", "届いた書面", "取下届", "理由", WHY),
    ),
    "award": Letter(
        letters.resumed,
        "補助金交付決定通知書",
        "の交付の決定",
        "第8条の規定により",
        True,
        (
            *STEPS,
            "交付決定額",
            "支払の方法",
            "精算払",
            "交付の条件",
            "事業の期間",
            "10日以内に申請を取り下げる",
        ),
    ),
    "suspension": Letter(
        letters.resumed,
        "補助事業一時停止命令書",
        "の補助事業の一時停止",
        "要綱第12条の規定により",
        True,
        ("一時停止の理由", WHY),
    ),
    "resumption": Letter(
        letters.resumed,
        "補助事業再開承認通知書",
        "の補助事業の再開の承認",
        "要綱第12条の規定により",
        True,
        ("再開を認める理由", WHY, "事業の終わりの日"),
        rests_on=("suspension",),
    ),
    "change_approved": Letter(
        partial(letters.changed, act="approve_change"),
        "補助事業変更承認通知書",
        "の補助事業の変更の承認",
        "要綱第10条の規定により",
        True,
        ("変更の区分", "変更の理由", "変更後の終わりの日"),
    ),
    "change_denied": Letter(
        partial(letters.changed, act="deny_change"),
        "補助事業変更不承認通知書",
        "の補助事業の変更の不承認",
        "要綱第10条の規定により",
        True,
        ("変更の区分", "変更の理由", "申請の終わりの日", "承認しない理由", WHY),
    ),
    "succession": Letter(
        letters.succeeded,
        "補助事業承継承認通知書",
        "の補助事業の承継の承認",
        "要綱第21条の規定により",
        True,
        ("承継前の補助事業者", "承継した補助事業者", "承継の理由", WHY),
    ),
    "completion_receipt": Letter(
        letters.put_right,
        "実績報告受付票",
        "の実績報告の受付",
        "要綱第14条の規定により",
        False,
        NUMBERED,
    ),
    "completion_correction": Letter(
        letters.put_right,
        "実績報告補正依頼書",
        "の実績報告の補正",
        "要綱第14条の規定により",
        False,
        (*NUMBERED, "補正の期限", WHY),
    ),
    "fixing": Letter(
        letters.fixed,
        "補助金額確定通知書",
        "の額の確定",
        "要綱第15条の規定により",
        True,
        (*STEPS, "確定額", "経費2のうち対象外の額　▲60,000円", "減額の理由", "要綱 第4条", WHY),
    ),
    "payment": Letter(
        letters.demanded,
        "補助金支払通知書",
        "の支払",
        "要綱第16条の規定により",
        False,
        ("確定額", "支払った額", "振込日", "振込先", "精算払"),
        rests_on=("fixing",),
    ),
    "abandonment": Letter(
        partial(letters.ended, act="abandon"),
        "補助事業廃止承認通知書",
        "の補助事業の廃止の承認",
        "要綱第10条の規定により",
        True,
        ("廃止の理由", WHY),
    ),
    "revocation": Letter(
        letters.demanded,
        "補助金交付決定取消通知書",
        "の交付の決定の取消し",
        "要綱第17条第2項の規定により",
        True,
        ("取り消した範囲", "交付の決定の全部", *BROKEN, *HELD, "取消しの理由", WHY),
    ),
    "revocation of circumstances": Letter(
        partial(letters.ended, act="cancel"),
        "補助金交付決定取消通知書",
        "の交付の決定の取消し",
        "要綱第17条第1項の規定により",
        True,
        ("その後の事情の変更により", "交付の決定の全部", "取消しの理由", WHY),
    ),
    "partial_revocation": Letter(
        partial(letters.ended, act="revoke_part", given={"amount": 50_000, **HEARD}),
        "補助金交付決定一部取消通知書",
        "の交付の決定の一部の取消し",
        "要綱第17条第2項の規定により",
        True,
        ("交付の決定の一部", "取り消した額", "取消し後の額", *BROKEN, *HELD, "取消しの理由", WHY),
    ),
    "recovery": Letter(
        letters.demanded,
        "補助金返還命令書",
        "の返還",
        "要綱第18条の規定により",
        True,
        (
            "確定額",
            "支払った額",
            "返還の理由",
            WHY,
            "返還額",
            "納期限",
            "納める方法",
            "加算金",
            "延滞金",
            "納められないとき",
        ),
        rests_on=("revocation",),
    ),
    "recovery of a part": Letter(
        partial(letters.returned, act="revoke_part", given={"amount": 50_000}),
        "補助金返還命令書",
        "の返還",
        "要綱第18条の規定により",
        True,
        ("返還額", "金50,000円"),
        rests_on=("partial_revocation",),
    ),
    "recovery of a disposal": Letter(
        DISPOSED,
        "補助金返還命令書",
        "の返還",
        "要綱第18条の規定により",
        True,
        rests_on=("disposal_approved",),
    ),
    "withholding": Letter(
        letters.paid_on,
        "補助金支払一時停止通知書",
        "の支払の一時停止",
        "要綱第22条の規定により",
        True,
        (
            "一時停止する額",
            "未納の返還",
            "調定番号",
            "未納の返還額",
            "納期限",
            "一時停止の理由",
            WHY,
        ),
        rests_on=("recovery",),
    ),
    "withholding_ended": Letter(
        letters.paid_on,
        "補助金支払一時停止解除通知書",
        "の支払の一時停止の解除",
        "要綱第22条の規定により",
        True,
        ("一時停止の日と番号", "支払う額", "解除の理由", WHY),
        rests_on=("withholding",),
    ),
    "set_off": Letter(
        letters.set_off,
        "相殺通知書",
        "の支払と返還金との相殺",
        "要綱第23条の規定により",
        True,
        (
            "民法第505条第1項",
            "支払う額",
            "相殺する返還金",
            "調定番号",
            "納期限",
            "相殺の額",
            "相殺の日",
            "効力の生じる日",
            "振り込む額",
            "納める額の残り",
            "相殺の理由",
            WHY,
        ),
        rests_on=("recovery",),
    ),
    "set_off_undone": Letter(
        letters.set_off_undone,
        "相殺取消通知書",
        "の支払と返還金との相殺の取消し",
        "要綱第23条の規定により",
        True,
        (
            "相殺の日と番号",
            "取り消した相殺の額",
            "振り込む額",
            "納める返還金",
            "調定番号",
            "いま納められていない額",
            "取消しの根拠",
            "取消しの理由",
            WHY,
        ),
        rests_on=("recovery", "set_off"),
    ),
    "payment_slip": Letter(
        letters.demanded,
        "返納通知書",
        "の返還金の返納",
        "地方自治法施行令第159条",
        False,
        (
            *("返納の番号", "納める方法", "延滞金", "納期限", "所属年度"),
            *("返納の理由", "返納する額", "納められないとき"),
        ),
        rests_on=("recovery",),
    ),
    "demand": Letter(
        letters.demanded,
        "督促状",
        "の返還金の納付",
        "地方自治法施行令第171条の規定により",
        True,
        (*BACK, "未納の返還額", "今日までの延滞金", "指定する期限", "強制執行"),
        rests_on=("recovery",),
    ),
    "overpaid": Letter(
        letters.overpaid,
        "過誤納金還付通知書",
        "の返還金に係る過誤納金の還付",
        "地方自治法施行令第165条の7",
        False,
        (
            "調定番号",
            "納めた方",
            "保証人",
            "納めた日",
            "返還に充てた額",
            "お返しする額",
            "金1,000円",
        ),
        rests_on=("recovery",),
    ),
    "deferral": Letter(
        letters.deferred,
        "補助金返還履行延期承認通知書",
        "の返還の履行延期の承認",
        "地方自治法施行令第171条の6第1項",
        True,
        (*OWED, "延期の理由", "残りの返還額", "1回目", "2回目"),
        rests_on=("recovery",),
    ),
    "waiver": Letter(
        partial(letters.let_off, act="waive", ground="council"),
        "補助金返還免除通知書",
        "の返還の免除",
        "地方自治法第96条第1項第10号",
        True,
        ("調定番号", "免除した額", "免除の根拠", "免除の理由", WHY),
        rests_on=("recovery",),
    ),
    "order_cancelled": Letter(
        partial(letters.let_off, act="cancel_order", ground="error"),
        "補助金返還命令取消通知書",
        "の返還の命令の取消し",
        "要綱第18条の規定により",
        True,
        ("調定番号", "返還額", "取消しの理由", WHY),
        rests_on=("recovery",),
    ),
    "disposal_approved": Letter(
        DISPOSED,
        "財産処分承認通知書",
        "で取得した財産の処分の承認",
        "要綱第20条の規定により",
        True,
        ("財産の名称", "処分の方法", "処分する日", "納付を求める額", "額の計算"),
    ),
    "disposal_denied": Letter(
        partial(letters.disposed, act="deny_disposal", reason=WHY),
        "財産処分不承認通知書",
        "で取得した財産の処分の不承認",
        "要綱第20条の規定により",
        True,
        ("財産の名称", "処分の方法", "処分する日", "承認しない理由", WHY),
    ),
    "enrolment": Letter(
        letters.enrolled,
        "受講決定通知書",
        "の受講の決定",
        "第6条の規定により",
        True,
        ("受講する人1", "日程"),
    ),
    "seat_cancelled": Letter(
        letters.seat_cancelled,
        "受講決定取消通知書",
        "の受講の決定の取消し",
        "第6条の規定により",
        True,
        ("受講を取り消した人", "取消しの理由", WHY),
    ),
    "certificate": Letter(certified, "修了証", "", "", False, ("受講した人", "課程", "修了の日")),
    "match_agreed": Letter(
        letters.judged, "実証決定通知書", "の提案の実証の決定", "第9条の規定により", True, NUMBERED
    ),
    "match_declined": Letter(
        letters.passed_over,
        "提案見送り通知書",
        "の提案の見送り",
        "第9条の規定により",
        True,
        ("理由", matching.REASONS["decline"]),
    ),
    "pilot_agreement": Letter(
        letters.piloted,
        "実証に関する基本協定書",
        "",
        "",
        False,
        (
            "実証の名称",
            *DECIDED,
            "期間",
            "指標",
            "実証が終わった日から5年間",
            "第三者に委託してはならない",
            "その損害を賠償する",
            "この協定を解除することができる",
            "乙　札幌市",
        ),
    ),
    "pilot_result": Letter(
        evaluated,
        "実証の評価の決定通知書",
        "の実証の評価の決定",
        "協定に基づき",
        True,
        (*DECIDED, "決定", "まとめ"),
    ),
    "pilot_stopped": Letter(
        letters.stopped,
        "実証中止通知書",
        "の実証の中止",
        "実施要領に基づき",
        True,
        (*DECIDED, "理由", WHY),
    ),
}


def flat(text: str) -> str:
    return "".join(text.split())


def text_of(data: bytes) -> str:
    pages = pypdfium2.PdfDocument(io.BytesIO(data))
    return flat("".join(page.get_textpage().get_text_range() for page in pages))


def test_every_paper_is_in_the_table() -> None:
    assert {name.partition(" ")[0] for name in PAPERS} == set(notice_kinds)


def subject(stated: Programme, year: int, about: str) -> list[str]:
    return [f"{fiscal.era_fiscal_year(year)}{stated.name.ja}{about}について"] if about else []


BRINGS = list(dict.fromkeys(letter.bring for letter in PAPERS.values()))


@pytest.mark.parametrize("bring", BRINGS, ids=range(len(BRINGS)))
def test_a_paper_has_every_field(world: World, bring: Bring) -> None:
    """And says once, at its foot, that values of a demonstration are open: in no sentence."""
    brought = bring(world)
    drawn = {
        name: _drawn(name, letter, brought)
        for name, letter in PAPERS.items()
        if letter.bring is bring
    }
    missing = {
        name: [field for field in fields if flat(field) not in text]
        for name, (text, fields) in drawn.items()
    }
    assert {name for name, (text, _f) in drawn.items() if text.count("計画値") != 1} == set()
    assert {name: fields for name, fields in missing.items() if fields} == {}


def _matched(case: Case) -> list[str]:
    """The decision to match of each municipality, whose letter a pilot rests on."""
    letters = Notice.objects.filter(case=case, kind="match_agreed")
    assert letters
    return [f"{public.issuer(row)}{row.facts['date']}{row.number}" for row in letters]


def _drawn(name: str, letter: Letter, brought: Award | Case) -> tuple[str, list[str]]:
    """The text of the last paper of this kind to the case, and what has to stand in it."""
    case = brought.case if isinstance(brought, Award) else brought
    kind = name.partition(" ")[0]
    found = Notice.objects.filter(case=case, kind=kind).latest("pk")
    application = case.pilot.application if kind.startswith("pilot") else case.application
    stated = application.stated
    # whose decision it is signs it: of a pilot each municipality that takes part
    signing = letterheads.holding(found.facts["issuers"], clock.day_of(found.issued_at))
    assert signing
    fields = [
        letter.title,
        found.number,
        str(found.facts["date"]),
        str(found.facts["to"][0]),
        *(sender.signed for sender in signing.values()),
        *subject(stated, application.call.fiscal_year, letter.about),
        letter.under,
        stated.office.ja,
        stated.phone,
        *letter.fields,
        PLANNED,
    ]
    if isinstance(brought, Award) and kind != "award":
        award = Notice.objects.get(case=case, kind="award")
        day = f"{fiscal.era(brought.awarded_on)}付け{award.number}"
        fields += ["補助事業の名称", brought.application.title, "交付決定の日と番号", day]
        fields += ["交付決定額", f"金{brought.awarded_amount:,}円"]
    for rested in (Notice.objects.filter(kind=on).latest("pk") for on in letter.rests_on):
        fields.append(f"{rested.facts['date']}付け{rested.number}")
    if kind.startswith("pilot"):
        fields += _matched(application.case)
    if letter.decides:
        assert stated.remedy is not None
        fields += [stated.remedy.heading, stated.remedy.text]
    return text_of(paper.draw(found)), fields


def test_each_paper_about_a_return_names_its_own_order(world: World) -> None:
    """Two partial revocations of one award: two orders, and each slip names the one it asks the money of."""
    award = letters.returned(world, "revoke_part", {"amount": 50_000})
    given = {"reason": WHY, **HEARD, "amount": 20_000}
    world.decided("revoke_part", [Award.objects.get(pk=award.pk)], given)
    papers = Notice.objects.filter(case=award.case).order_by("pk")
    revoked, orders, slips = (
        papers.filter(kind=kind) for kind in ("partial_revocation", "recovery", "payment_slip")
    )
    assert len(orders) == len(slips) == 2
    for behind, order, slip in zip(revoked, orders, slips, strict=True):
        named = [f"{row.facts['date']}付け{row.number}" for row in (behind, order)]
        assert ["一部の取消しの日と番号", named[0]] in order.facts["items"]
        assert ["返還命令の日と番号", named[1]] in slip.facts["items"]
