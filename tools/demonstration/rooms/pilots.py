"""The fictitious year's pilots: last year's round carried to its results, good and bad, one running now,
one being agreed. Fictitious.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from grants.applications import drafts, submit
from grants.applications.models import Application
from grants.budget.calls import make_lines
from grants.programmes.models import Call, Programme
from portal import clock, fiscal
from portal.accounts.models import User
from portal.approvals.models import Approval
from portal.registry.codes import SAPPORO
from portal.workflow.door import begin, perform
from portal.workflow.shown import mark
from startups.challenges.models import Challenge
from startups.matching.models import Match
from startups.matching.starting import start_matching as match
from startups.pilots import ledger, support, terms
from startups.pilots.models import Booking, Partner, Pilot
from startups.pilots.starting import start_pilot
from startups.pilots.states import PilotState
from tools.demonstration.rooms import challenges, matching, proposals
from tools.demonstration.simulation import World, at, fill

People = dict[str, User]
WINDOW = challenges.PAPERS | {
    "route": "small_amount",
    "adoption": "窓口の端末の更新に合わせて、見積りを比べて契約します。",
}
BUSES = challenges.SNOW | {
    "title": "雪の日のバスの到着を、正しく知らせるには",
    "title_en": "Telling when buses really arrive on snowy days",
    "department": "まちづくり政策局 公共交通担当",
    "background": "吹雪の日、時刻表と実際のずれは平均9分。バス停で待つ人に、あと何分かを3分以内のずれで伝えられるかを、2つの路線で確かめます。",
    "wished": "待つ人の半分が、3分以内のずれで到着を知る。",
    "kpi-0-name": "予測のずれ",
    "kpi-0-unit": "分",
    "kpi-0-baseline": "9.1",
    "kpi-0-target": "3",
    "kpi-0-method": "停留所のカメラ、週の平均",
    "kpi-1-name": "知らせを見た人",
    "kpi-1-unit": "％",
    "kpi-1-baseline": "4",
    "kpi-1-target": "50",
    "kpi-1-method": "停留所での聞き取り",
}
SUMMARY = {
    "adopt": (
        "判断の時刻は4時から3時5分に早まり、空振りの出動は11回から6回に減りました。職員の見回りも半分になりました。",
        "道路のカメラだけでは吹雪の夜に見えません。路面の計測を組み合わせると判断が安定します。",
    ),
    "not": (
        "書き直しは1日30件から24件に減りましたが、目標の5件には届きませんでした。窓口の待ち時間は変わりませんでした。",
        "書き間違いの半分は、用紙の言葉が難しいことによるものでした。画面を足す前に、用紙を直すことを勧めます。",
    ),
}
ASSESSED = {"adopt": "partly", "not": "short"}
STOPPED = "位置の情報の同意を得る手順が、旅行中の人には長すぎ、同意した人が2％にとどまりました。期間を延ばしても届かないと判断しました。"
LEARNED = "旅行者に届けるには、同意の要らない掲示と放送を先に試すのがよいと分かりました。"


def run(world: World, _applications: object) -> None:
    """Four proposals of last year, each to one challenge;
    and the agreement of this year's first match.
    """
    if Pilot.objects.exists():
        return
    staff: People = world.staff
    ago = clock.today() - timedelta(days=420)
    with clock.at(at(ago, 10)):
        call = challenges.round_of(staff, days=30)
        asked = [
            challenges.published(call, staff, owner, answers)
            for owner, answers in (
                ("owner", challenges.SNOW),
                ("eniwa_owner", challenges.VISITORS),
                ("owner", WINDOW),
                ("owner", BUSES),
            )
        ]
        challenges.called_off(
            challenges.published(
                call, staff, "owner", challenges.PAPERS | {"route": "tender", "adoption": "入札"}
            ),
            staff,
            "窓口のシステムの更新が早まり、同じ仕組みが標準で入ることになったため。",
        )
    snow, visitors, papers, buses = [
        matched(world, call, row, ago + timedelta(days=20)) for row in asked
    ]
    good = running(snow, staff, ago + timedelta(days=100))
    measured(good, staff, (4.0, 3.8, 3.9, 3.6, 3.4, 3.5, 3.2, 3.1), (11, 10, 8, 9, 7, 6, 7, 6))
    evaluated(good, staff, "adopt", ago + timedelta(days=200))
    bad = running(papers, staff, ago + timedelta(days=105))
    measured(bad, staff, (30, 29, 26, 27, 25, 24))
    evaluated(bad, staff, "not", ago + timedelta(days=210))
    ended = running(visitors, staff, ago + timedelta(days=110))
    measured(ended, staff, (2, 2, 2))
    with clock.at(at(ago + timedelta(days=150), 14)):
        ended = stop_proposed(ended, staff, "同意の数が伸びないため。")
        perform(ended, "stop", by=staff["approver"], reason=STOPPED, lessons=LEARNED)
    with clock.at(at(ago + timedelta(days=215), 10)):
        for row in asked[:3]:
            row = perform(row, "decide", by=staff["concierge"])
        perform(row, "archive", by=staff["concierge"])
    now = running(buses, staff, clock.today() - timedelta(days=75))
    measured(
        now,
        staff,
        (8.4, 7.9, 6.8, 6.1, 7.2, 5.2, 4.8, 4.1, 3.7, 3.3),
        (6, 12, 20, 25, 31, 38, 44, 52, 58, 61),
    )
    kept(now, staff)
    supported(now, world)
    first = Match.objects.filter(state="agreed", partner=None).order_by("-pk").first()
    if first is not None:
        drafted(
            start_pilot([first], by=staff["concierge"]), staff, clock.today() + timedelta(days=20)
        )


def matched(world: World, call: Call, challenge: Challenge, day: date) -> Match:
    """A proposal to one challenge, accepted, interviewed and agreed by its first municipality."""
    staff = world.staff
    with clock.at(at(day, 10)):
        application, person = proposals.drafted(world, call, challenges=(challenge.number,))
        application = submit.submit(application, by=person)
    with clock.at(at(day + timedelta(days=20), 11)):
        rows = match(matching.accepted(application, staff), by=staff["concierge"])
        row = matching.offered(rows[0], staff)
    with clock.at(at(day + timedelta(days=40), 11)):
        for other in rows[1:]:
            perform(other, "withdraw", by=person)
        return matching.decided(Match.objects.get(pk=row.pk), staff, "agree")


def stop_proposed(pilot: Pilot, staff: People, why: str) -> Pilot:
    """Said by its department."""
    by = owner(pilot, staff)
    if pilot.state == PilotState.RUNNING:
        return perform(pilot, "judge", by=by, gate="stop", gate_text=why)
    names = {"preparing": "agreement", "agreed": "start", "reported": "result"}
    return perform(pilot, f"propose_no_{names[pilot.state]}", by=by, reason=why)


def owner(pilot: Pilot, staff: People) -> User:
    """The department of the pilot's first municipality."""
    partner = pilot.partners.order_by("pk").first()
    return staff[
        {SAPPORO: "owner", "012319": "eniwa_owner", "012351": "ishikari_owner"}[
            partner.municipality_id if partner else SAPPORO
        ]
    ]


def firm(pilot: Pilot) -> User:
    """Who acts for the company."""
    found: User = pilot.case.organisation.memberships.get(role="representative").user
    return found


def drafted(pilot: Pilot, staff: People, starts_on: date, *, days: int = 90) -> Pilot:
    """The agreement's draft and its numbers, by the department."""
    by = owner(pilot, staff)
    for row in pilot.indicators.all():
        base, target = (
            row.baseline or Decimal(4),
            row.target or Decimal(3),
        )  # 4:00 and 3:00, as hours
        ledger.set_indicator(
            pilot,
            row.n,
            by=by,
            name=row.name,
            unit=row.unit,
            baseline=base,
            target=target,
            method=row.method,
        )
    said = {
        part: text or "協定の協議で決めたとおり。"
        for part, text in ({key: "" for key in terms.PARTS} | terms.starting(pilot)).items()
    }
    first = pilot.partners.order_by("pk").first()
    return perform(
        pilot,
        "draft_terms",
        by=by,
        terms=said,
        starts_on=starts_on,
        midterm_on=starts_on + timedelta(days=days // 2),
        ends_on=starts_on + timedelta(days=days),
        supports={first.municipality_id: pilot.challenge.content.get("support") or 0}
        if first
        else {},
        title=pilot.title,
        title_en=pilot.title_en,
    )


def agreed(pilot: Pilot, staff: People, starts_on: date, *, days: int = 90) -> Pilot:
    pilot = drafted(pilot, staff, starts_on, days=days)
    pilot = perform(pilot, "consent", by=firm(pilot))
    return perform(pilot, "sign", by=staff["approver"])


def running(match: Match, staff: People, starts_on: date, *, days: int = 90) -> Pilot:
    """From the agreed match to the first day of the pilot."""
    with clock.at(at(starts_on - timedelta(days=10), 10)):
        pilot = agreed(start_pilot([match], by=staff["concierge"]), staff, starts_on, days=days)
    with clock.at(at(starts_on, 9)):
        return perform(pilot, "start", by=owner(pilot, staff))


def measured(pilot: Pilot, staff: People, *series: Sequence[float]) -> None:
    """One reading a week of each indicator, as far as the days have come."""
    for week in range(len(series[0])):
        on = pilot.starts_on + timedelta(days=7 * (week + 1))
        if on > clock.today():
            return
        values = {
            n: (Decimal(str(row[week])), "") for n, row in enumerate(series, 1) if week < len(row)
        }
        with clock.at(datetime.combine(on, time(17), clock.JST)):
            ledger.measure(
                pilot, on=on, values=values, by=owner(pilot, staff) if week % 2 else firm(pilot)
            )


def reported(pilot: Pilot, staff: People, day: date) -> Pilot:
    """The result handed in; an indicator never measured is measured on that day."""
    with clock.at(at(day, 10)):
        missing = {
            row.n: (row.baseline or Decimal(1), "")
            for row in pilot.indicators.filter(readings=None)
        }
        if missing:
            ledger.measure(pilot, on=day, values=missing, by=firm(pilot))
        report = {part: "現場で確かめたとおり。" for part in terms.REPORT}
        return perform(pilot, "hand_in", by=firm(pilot), report=report)


def evaluated(pilot: Pilot, staff: People, verdict: str, day: date) -> Pilot:
    """Reported, assessed by all three, decided by another."""
    pilot = reported(pilot, staff, day)
    with clock.at(at(day + timedelta(days=10), 10)):
        for name, by in (
            ("assess_department", owner(pilot, staff)),
            ("assess_firm", firm(pilot)),
            ("assess_board", staff["reviewer"]),
        ):
            pilot = perform(
                pilot,
                name,
                by=by,
                mark=ASSESSED.get(verdict, "partly"),
                text="計測の方法は確かで、結果は計測値のとおりです。",
            )
    with clock.at(at(day + timedelta(days=15), 10)):
        summary, lessons = SUMMARY.get(verdict, SUMMARY["not"])
        return perform(
            pilot,
            "conclude",
            by=staff["approver"],
            verdict=verdict,
            summary=summary,
            summary_en="",
            lessons=lessons,
        )


def kept(pilot: Pilot, staff: People) -> None:
    """Bookings at each stage, a settled incident, the months so far."""
    person, by = firm(pilot), owner(pilot, staff)
    town = pilot.partners.order_by("pk")[0].municipality
    why = "到着の予測を確かめるため"
    with clock.at(at(pilot.starts_on + timedelta(days=1), 10)):
        data = begin(
            Booking,
            by=person,
            case=pilot.case,
            municipality=town,
            purpose=why,
            kind="data",
            what="停留所の時刻表と系統図",
            starts_on=clock.today(),
            ends_on=pilot.ends_on,
        )
        perform(perform(data, "promise", by=by, answer="実証のあいだだけ使えます。"), "lend", by=by)
    start = clock.today() + timedelta(days=7)
    begin(
        Booking,
        by=person,
        case=pilot.case,
        municipality=town,
        purpose=why,
        kind="site",
        what="清田区役所前の停留所",
        starts_on=start,
        ends_on=start + timedelta(days=14),
    )
    with clock.at(at(pilot.starts_on + timedelta(days=12), 10)):
        made = ledger.report_incident(
            pilot,
            by=person,
            happened_on=clock.today(),
            grave="slight",
            text="雪で画面が30分消えた。けが人はいない。",
        )
        ledger.settle_incident(
            made,
            by=by,
            settled="電源の覆いを替えた。同じ型の2か所も替えた。",
            seen=mark(""),
        )
    first = pilot.starts_on.replace(day=1)
    for writer, went in ((person, "2路線の34か所に取り付けた。"), (by, "停留所の許可を終えた。")):
        ledger.say_status(pilot, first, by=writer, went=went, stuck="")


def support_call(staff: People, code: str) -> Call:
    """The call by which a municipality pays support money this year, open for the whole of it."""
    programme = Programme.objects.get(code="pilot_support", state="approved")
    today = clock.today()
    year = fiscal.fiscal_year(today)
    there = [
        call
        for call in Call.objects.filter(programme__code="pilot_support", fiscal_year=year)
        if call.municipality_codes == [code]
    ]
    if there:
        return there[0]
    opens, ends = (
        today - timedelta(days=60),
        max(fiscal.fiscal_year_end(year), today + timedelta(days=60)),
    )
    number = Call.objects.filter(programme=programme, fiscal_year=year).count() + 1
    call = begin(
        Call,
        by=staff["officer"],
        programme=programme,
        fiscal_year=year,
        round_no=number,
        municipality_codes=[code],
        periods=[(at(opens, 9), at(ends, 17))],
        decision_on=opens,
        project_ends_on=fiscal.fiscal_year_end(year),
    )
    make_lines(
        call,
        [(frame.key, "yen", frame.budget or 0) for frame in programme.stated.frames],
        by=staff["officer"],
    )
    return perform(perform(call, "approve", by=staff["approver"]), "announce", by=staff["officer"])


def supported(pilot: Pilot, world: World) -> Application:
    """The support money of the first municipality:
    applied for, accepted, awarded through an approval.
    """
    application, staff = applied(pilot, world), world.staff
    approval = begin(
        Approval,
        by=staff["officer"],
        act="award",
        title="実証の支援金",
        rows=[(application, {})],
        steps=[("agree", staff["approver"]), ("decide", staff["director"])],
    )
    approval = perform(
        perform(approval, "circulate", by=staff["officer"]), "agree", by=staff["approver"]
    )
    perform(approval, "approve", by=staff["director"])
    return Application.objects.get(pk=application.pk)


def applied(pilot: Pilot, world: World) -> Application:
    """The support money of the first municipality: applied for and accepted."""
    staff, person = world.staff, firm(pilot)
    partner: Partner = pilot.partners.select_related("pilot__case__organisation").order_by("pk")[0]
    support_call(staff, partner.municipality_id)
    application = support.apply(partner, by=person)
    fill(world, application, person, complete=True, skip=("plan", "costs"))
    day = clock.today() + timedelta(days=30)
    order = {
        f"item-0-order_on_{part}": str(value)
        for part, value in (("y", day.year), ("m", day.month), ("d", day.day))
    }
    costs = application.sections.get(key="costs")
    typed = costs.data | order | {"own_funds": "cash", "support_year": "1", "months": "12"}
    drafts.save(application, "costs", typed, by=person, page=drafts.Page(costs.version))
    return matching.accepted(submit.submit(application, by=person), staff)
