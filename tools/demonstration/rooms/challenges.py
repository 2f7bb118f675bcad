"""The fictitious year's challenges: an open round with questions of two municipalities,
one at each stage. Fictitious.
"""

from datetime import timedelta

from grants.budget.calls import make_lines
from grants.programmes.models import Call, Programme
from portal import clock, fiscal
from portal.accounts.models import User
from portal.closures import calendars
from portal.registry.codes import SAPPORO
from portal.registry.models import Municipality
from portal.workflow.door import begin, perform
from portal.workflow.drafts import keep
from startups.challenges import writing
from startups.challenges.models import Challenge
from tools.demonstration.simulation import World, at

SNOW = {
    "title": "夜中の除雪の出動を、もっと早く、もっと確かに判断できないか",
    "title_en": "Deciding earlier and more surely when to send out the snow ploughs at night",
    "theme": "municipal",
    "department": "建設局 雪対策室",
    "phone": "011-000-0011",
    "background": "雪の予報が出た夜は、職員が電話とカメラで道路の様子を確かめ、出動を決めています。判断が遅れると、朝の通勤に間に合いません。早すぎると、空振りの費用がかかります。",
    "wished": "降り方と積もり方を早くつかみ、出動の判断を1時間早める。空振りを半分にする。",
    "data_offered": "過去5年の出動の記録、道路カメラ12台の映像（個人が写らない加工をしたもの）、気象観測の値。",
    "field_offered": "西区と手稲区の幹線道路。除雪センター2か所の職員が立ち会います。",
    "skills": "気象や映像の解析、または路面の計測の経験。",
    "law": "",
    "privacy": "映像から個人や車両を識別しないこと。",
    "security": "市の規程に沿い、データは国内に保管すること。",
    "support": "500,000",
    "route": "proposal",
    "adoption": "評価会議で導入を決めたあと、翌年度の当初予算に計上し、公募型プロポーザルで契約の相手を選びます。",
    "work-0-what": "夜間の確認",
    "work-0-number": "4",
    "work-0-unit": "人×3時間／夜",
    "work-1-what": "1シーズンの出動",
    "work-1-number": "68",
    "work-1-unit": "回",
    "work-2-what": "空振りの出動",
    "work-2-number": "11",
    "work-2-unit": "回",
    "kpi-0-name": "判断の時刻",
    "kpi-0-unit": "時",
    "kpi-0-baseline": "4:00",
    "kpi-0-target": "3:00",
    "kpi-0-method": "出動の記録",
    "kpi-1-name": "空振りの出動",
    "kpi-1-unit": "回",
    "kpi-1-baseline": "11",
    "kpi-1-target": "5",
    "kpi-1-method": "出動の記録",
}
VISITORS = {
    "title": "旅行中の人に、災害のとき本当に必要な知らせを届けるには",
    "title_en": "Reaching visitors with what they need to know in a disaster",
    "theme": "common",
    "department": "基地・防災課",
    "phone": "0123-00-0000",
    "background": "登録制のメールは、滞在中の人の2％にしか届いていません。大雪で道路が止まったとき、道の駅に人が集まりました。",
    "wished": "滞在中の人の半分に、15分以内に知らせが届く。",
    "data_offered": "避難所の開設の記録、道の駅の来訪者数。",
    "field_offered": "道の駅と観光案内所。防災訓練の日に試せます。",
    "skills": "",
    "law": "",
    "privacy": "位置の情報は、同意を得た方だけから、匿名で。",
    "security": "",
    "support": "500,000",
    "route": "trial_order",
    "adoption": "実証の結果を2市の防災会議で確かめ、トライアル発注の認定を経て契約する予定です。",
    "work-0-what": "知らせの届いた人",
    "work-0-number": "2",
    "work-0-unit": "％",
    "work-1-what": "電話の問合せ",
    "work-1-number": "340",
    "work-1-unit": "件／日",
    "kpi-0-name": "15分以内に届いた人",
    "kpi-0-unit": "％",
    "kpi-0-baseline": "2",
    "kpi-0-target": "50",
    "kpi-0-method": "訓練の日の聞き取り",
}
PAPERS = SNOW | {
    "title": "窓口の書き間違いを、その場でなくせないか",
    "title_en": "",
    "department": "デジタル推進課",
    "background": "転入の手続きで、書類の書き直しが1日に30件あります。",
    "wished": "書き直しを1日5件にする。",
    "route": "",
    "adoption": "",
    "work-0-what": "書き直し",
    "work-0-number": "30",
    "work-0-unit": "件／日",
    "work-1-what": "",
    "work-1-number": "",
    "work-1-unit": "",
    "work-2-what": "",
    "work-2-number": "",
    "work-2-unit": "",
    "kpi-0-name": "書き直し",
    "kpi-0-unit": "件／日",
    "kpi-0-baseline": "30",
    "kpi-0-target": "5",
    "kpi-0-method": "窓口の記録",
    "kpi-1-name": "",
    "kpi-1-unit": "",
    "kpi-1-baseline": "",
    "kpi-1-target": "",
    "kpi-1-method": "",
}
PARKS = PAPERS | {
    "title": "公園の遊具の傷みを、壊れる前に見つけるには",
    "title_en": "Finding worn playground equipment before it breaks",
    "department": "建設局 みどりの管理課",
    "route": "small_amount",
    "background": "1,800の公園を年に1回、歩いて点検しています。次の点検までに壊れた遊具は、去年27基ありました。",
    "wished": "壊れてから分かる遊具を半分にする。",
    "adoption": "点検の委託を更新するときに、見積りを比べて契約します。",
    "work-0-what": "点検の日数",
    "work-0-number": "210",
    "work-0-unit": "人日／年",
    "kpi-0-name": "壊れてから分かった遊具",
    "kpi-0-unit": "基",
    "kpi-0-baseline": "27",
    "kpi-0-target": "13",
    "kpi-0-method": "点検と通報の記録",
}
LUNCHES = PAPERS | {
    "title": "学校給食の食べ残しを、献立を決める前に減らせないか",
    "title_en": "Reducing school lunch leftovers before the menu is set",
    "department": "教育委員会 学校給食センター",
    "route": "small_amount",
    "background": "1日に平均180kgの食べ残しがあります。どの献立で多いかは、月末に紙を集計するまで分かりません。",
    "wished": "食べ残しを3割減らす。",
    "adoption": "献立のソフトを更新するときに、見積りを比べて契約します。",
    "work-0-what": "集計の時間",
    "work-0-number": "16",
    "work-0-unit": "時間／月",
    "kpi-0-name": "食べ残し",
    "kpi-0-unit": "kg／日",
    "kpi-0-baseline": "180",
    "kpi-0-target": "126",
    "kpi-0-method": "給食センターの計量",
}


def run(world: World, _applications: object) -> None:
    """A round whose intake is over, with two challenges; and an open one: one challenge published
    with an answered question, one published, one in coordination, one begun.
    """
    if Call.objects.filter(programme__code="open_innovation").exists():
        return
    staff = world.staff
    with clock.at(at(clock.today() - timedelta(days=80), 10)):
        over = round_of(staff)
        published(over, staff, "owner", PARKS)
        published(over, staff, "eniwa_owner", LUNCHES)
    with clock.at(at(clock.today() - timedelta(days=14), 10)):
        call = round_of(staff)
        snow = published(call, staff, "owner", SNOW)
        published(call, staff, "eniwa_owner", VISITORS, more=("012246",))
        handed_in(call, staff, "owner", PAPERS)
        begin(Challenge, by=staff["eniwa_owner"], call=call, municipality_codes=["012319"])
    asker = User.objects.filter(memberships__left_at=None).first()
    if asker is not None:
        question = writing.ask(
            snow, text="道路カメラの映像は、1時間に何枚いただけますか。", by=asker
        )
        writing.answer(
            question,
            shown=question.text,
            answer="1分に1枚です。雪の夜の分は、過去2年分をお渡しできます。",
            by=staff["owner"],
        )


def round_of(staff: dict[str, User], *, days: int = 45) -> Call:
    """A call of the programme that takes proposals for `days` days, announced."""
    programme = Programme.objects.get(code="open_innovation", state="approved")
    today = clock.today()
    decision = calendars.office(SAPPORO).next_open(today + timedelta(days=days + 30))
    periods = [(at(today, 0), at(today + timedelta(days=days), 17))]
    year = fiscal.fiscal_year(today)
    number = Call.objects.filter(programme__code=programme.code, fiscal_year=year).count() + 1
    call = begin(
        Call,
        by=staff["officer"],
        programme=programme,
        fiscal_year=year,
        round_no=number,
        periods=periods,
        decision_on=decision,
        project_ends_on=fiscal.fiscal_year_end(year),
    )
    make_lines(
        call, [(f.key, "yen", f.budget or 0) for f in programme.stated.frames], by=staff["officer"]
    )
    return perform(perform(call, "approve", by=staff["approver"]), "announce", by=staff["officer"])


def typed(answers: dict[str, str], call: Call) -> dict[str, str]:
    """What a department types: the answers, the days, and the heads of the two tables."""
    start = call.decision_on + timedelta(days=14)
    days = {
        "starts_on": start,
        "ends_on": start + timedelta(days=90),
        "questions_until": clock.day_of(call.periods.all()[0].closes_at) - timedelta(days=7),
    }
    parts = {
        f"{name}_{part}": str(value)
        for name, day in days.items()
        for part, value in (("y", day.year), ("m", day.month), ("d", day.day))
    }
    heads = {
        f"{prefix}-{name}": value
        for prefix, total in (("work", "3"), ("kpi", "4"))
        for name, value in (("TOTAL_FORMS", total), ("INITIAL_FORMS", "0"))
    }
    year = (
        {"adoption_year": str(fiscal.fiscal_year(days["ends_on"]) + 1)}
        if answers.get("route")
        else {}
    )
    return answers | parts | heads | year


def handed_in(
    call: Call,
    staff: dict[str, User],
    owner: str,
    answers: dict[str, str],
    more: tuple[str, ...] = (),
) -> Challenge:
    home = staff[owner].staff_roles.get().municipality_id or Municipality.objects.all()[0].pk
    challenge = begin(Challenge, by=staff[owner], call=call, municipality_codes=[home, *more])
    return writing.hand_in(
        keep(challenge, typed(answers, call), seen=challenge.version), by=staff[owner]
    )


def called_off(challenge: Challenge, staff: dict[str, User], why: str) -> Challenge:
    asked = perform(challenge, "ask_calling_off", by=staff["owner"], reason=why)
    return perform(asked, "call_off", by=staff["concierge"])


def published(
    call: Call,
    staff: dict[str, User],
    owner: str,
    answers: dict[str, str],
    more: tuple[str, ...] = (),
) -> Challenge:
    return perform(handed_in(call, staff, owner, answers, more), "publish", by=staff["concierge"])
