"""Fictitious cases driven through the one door: for the demonstration, tests and benchmarks.

The same seed on the same day gives the same cases. Names are made up; corporate numbers have valid check digits over
a base beginning 99, a range not in use.
"""

import io
import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Max
from reportlab.pdfgen.canvas import Canvas

from grants.applications import correcting, deciding, drafts, formal, submit
from grants.applications.models import Application
from grants.budget.views import make_lines
from grants.programmes import loading
from grants.programmes.models import Call, Programme
from grants.reviews import selection
from grants.reviews.models import Review, ReviewPanel
from portal import clock, fiscal
from portal.accounts import demo
from portal.accounts.models import Membership, Organisation, User
from portal.approvals.models import Approval
from portal.cases.assignment import assign
from portal.correspondence import talk
from portal.documents import store
from portal.registry.corporate_number import fictitious
from portal.registry.models import Area, Industry
from portal.workflow.door import begin, perform
from portal.workflow.errors import Refused

HEADS = (
    "ゆきあかり",
    "もいわ",
    "ポプラ",
    "しののめ",
    "すずらん",
    "つきさむ",
    "北紡",
    "羊ケ丘",
    "藻岩",
    "豊平",
    "あいの里",
    "石狩湾",
    "円山",
    "手稲",
    "定山",
    "真駒",
    "琴似",
    "白樺",
    "ななかまど",
    "はまなす",
    "エゾリス",
    "ライラック",
    "雪虫",
    "千歳川",
)
TAILS = (
    "製作所",
    "商店",
    "フーズ",
    "物流",
    "印刷",
    "製菓",
    "設計",
    "クリーニング",
    "精機",
    "デザイン",
    "ファーム",
    "運輸",
    "技研",
    "システムズ",
    "工房",
)
TOPICS = (
    "受発注の自動取込み",
    "在庫の見える化",
    "温度記録の電子化",
    "配車の見直し",
    "勤怠と在宅勤務",
    "図面と見積りの共有",
    "需要予測による製造計画",
    "店舗とECの在庫連携",
    "点呼の電子化",
    "予約受付の一本化",
)
NAMES = (
    "三上",
    "北村",
    "𠮷野",
    "髙﨑",
    "佐藤",
    "渡邉",
    "工藤",
    "濵田",
    "長谷川",
    "小野寺",
    "成田",
    "本間",
)
SPRING = (
    "dx_promotion",
    "iot",
    "telework",
)  # programmes that had a round earlier this year, decided by now
STAGES = ("draft", "submitted", "returned", "accepted", "decided")


@dataclass
class World:
    """Who and what the rehearsal works with."""

    rng: random.Random
    staff: dict[str, User]
    calls: list[Call] = field(default_factory=list)
    spring: list[Call] = field(default_factory=list)
    serial: int = 0


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), clock.JST)


def prepare(seed: int) -> World:
    """Staff, the first applicant, programmes, one past and one present call of each programme, and of some one between."""
    with clock.at(at(clock.today() - timedelta(days=560))):
        world = World(random.Random(seed), demo.staff())  # noqa: S311  a rehearsal, not a secret
        demo.applicants()
        loading.load(loading.DATA, by=world.staff["kitagawa"], approved_by=world.staff["takahashi"])
    today = clock.today()
    approved = Programme.objects.filter(state="approved").order_by("order")
    for programme in [p for p in approved if p.stated.kind == "subsidy"]:
        for ago in (400, 0):
            world.calls.append(_call(world, programme, today, ago))
        if programme.code in SPRING:
            world.spring.append(_call(world, programme, today, 230))
    return world


def is_over(call: Call) -> bool:
    """True where nobody can apply any more."""
    return call.closes_at is not None and call.closes_at < clock.now()


def takes_more(call: Call) -> bool:
    """True where nothing has been decided and nobody reviews yet, so that more cases may still come."""
    return call.state == "announced" and not call.panels.exists()


def _call(world: World, programme: Programme, today: date, ago: int) -> Call:
    """Past calls opened `ago` days ago for fifty days; present ones opened some weeks ago and close in one to nine weeks."""
    n = programme.order
    opens = today - timedelta(days=ago + n) if ago else today - timedelta(days=45 + n)
    closes = opens + timedelta(days=50) if ago else today + timedelta(days=7 + 9 * n)
    decision = fiscal.next_business_day(closes + timedelta(days=40))
    year = fiscal.fiscal_year(opens)
    round_no = {400: 1, 0: 2}.get(
        ago, 1 if year != fiscal.fiscal_year(today - timedelta(days=400 + n)) else 3
    )
    rounds = Call.objects.filter(programme=programme, fiscal_year=year)
    there = rounds.filter(round_no=round_no).first()
    if there is not None and takes_more(there):
        return there
    if there is not None:  # an earlier rehearsal brought it to its end
        round_no = (rounds.aggregate(last=Max("round_no"))["last"] or 0) + 1
    ends = max(
        fiscal.fiscal_year_end(fiscal.fiscal_year(decision)) - timedelta(days=12),
        decision + timedelta(days=30),
    )
    with clock.at(at(opens - timedelta(days=20))):
        call = begin(
            Call,
            by=world.staff["kitagawa"],
            programme=programme,
            fiscal_year=year,
            round_no=round_no,
            periods=[(at(opens, 9), at(closes, 17))],
            decision_on=decision,
            project_ends_on=ends,
            briefings=[
                {"at": at(opens + timedelta(days=7), 14).isoformat(), "place": "オンライン"}
            ],
        )
        budgets = []
        for frame in programme.stated.frames:
            budgets += [(frame.key, "yen", frame.budget)] if frame.budget else []
            budgets += [(frame.key, "slots", frame.slots)] if frame.slots else []
        make_lines(call, budgets, by=world.staff["kitagawa"])
        call = perform(call, "approve", by=world.staff["takahashi"])
        return perform(call, "announce", by=world.staff["kitagawa"])


def organisation(world: World, call: Call | None = None) -> tuple[Organisation, User]:
    """A new fictitious firm (three of twenty sole proprietors) with its representative."""
    rng, n = world.rng, world.serial
    world.serial += 1
    areas, industries = (
        list(Area.objects.all()),
        list(Industry.objects.filter(code__range=("06", "92"))),
    )
    rules = {rule.rule: rule for rule in call.stated.rules} if call else {}
    if "industry_in" in rules:
        industries = [row for row in industries if row.code in rules["industry_in"].industries]
    elif "industry_not_in" in rules:
        industries = [
            row for row in industries if row.code not in rules["industry_not_in"].industries
        ]
    if "head_office" not in rules or len(rules["head_office"].areas) == 1:
        areas = [row for row in areas if row.municipality_id == "011002"] * 2
    area = rng.choice(areas[:10] if rng.random() < 0.7 else areas[10:])
    sole = n % 10 == 9 or n % 20 == 8
    person_name = f"{rng.choice(NAMES)} {rng.choice(('健一', '遥', '誠', '恵', '大樹', '千春'))}"
    head, tail = HEADS[n % len(HEADS)], TAILS[(n // len(HEADS) + n) % len(TAILS)]
    name = f"{head}{tail}" if sole else f"{'株式会社' if n % 3 else '有限会社'}{head}{tail}"
    if n >= len(HEADS) * len(TAILS):
        name += f"{n}"
    employees = rng.choice((2, 5, 8, 14, 28, 45, 80, 96))
    firm = Organisation.objects.create(
        kind="sole_proprietor" if sole else "corporation",
        corporate_number=None if sole else fictitious(n + 1),
        name=name,
        kana="フィクティシャス",
        postal_code="",
        area=area,
        address=f"{area.full_name}架空町0丁目0番{n % 30 + 1}号",
        industry=rng.choice(industries),
        has_sapporo_office=area.municipality_id == "011002",
        capital=None if sole else rng.choice((1, 3, 10, 30, 50)) * 1_000_000,
        employees=employees,
        established_on=date(1968 + n * 7 % 57, n % 12 + 1, n % 28 + 1),
        representative_title="" if sole else "代表取締役",
        representative_name=person_name,
        tax_basis="general",
        phone="011-000-0000",
        is_fictitious=True,
        created_at=clock.now(),
    )
    person = User.objects.filter(email=f"mikami@{demo.DOMAIN}").first() if n == 0 else None
    person = person or User.objects.create_user(
        f"firm{n}@{demo.DOMAIN}".replace(demo.DOMAIN, "firms.example"), None, name=person_name
    )
    Membership.objects.create(
        user=person, organisation=firm, role="representative", joined_at=clock.now()
    )
    return firm, person


def one_case(world: World, call: Call, stage: str) -> Application:
    """One case from its first day to `stage` ("decided" stops at accepted; `decide` does the rest call by call)."""
    rng = world.rng
    period = call.periods.all()[0]
    last = min(period.closes_at, clock.now()) - timedelta(days=8)
    start = period.opens_at + (max(last - period.opens_at, timedelta(hours=1)) * rng.random())
    start = at(clock.day_of(start), rng.randint(9, 11), rng.randint(0, 59))
    with clock.at(start):
        firm, person = organisation(world, call)
        application = begin(Application, by=person, call=call, organisation=firm)
        fill(world, application, person, complete=stage != "draft")
    if stage == "draft":
        return application
    with clock.at(
        min(
            start + timedelta(days=rng.randint(1, 5), minutes=rng.randint(0, 400)),
            period.closes_at - timedelta(minutes=1),
        )
    ):
        application = submit.submit(application, by=person)
    submitted = application.arrived_at or start
    officer = world.staff["mizuno" if call.programme_code == "telework" else "kitagawa"]
    with clock.at(submitted + timedelta(days=1, hours=2)):
        assign(application.case, officer, by=officer)
        if rng.random() < 0.3:
            talk.write(
                application.case,
                body="見積書の日付が申請日より後でも問題ないでしょうか。",
                by=person,
            )
            if stage != "submitted":
                talk.write(
                    application.case,
                    body="問題ありません。注文より前の日付であれば大丈夫です。",
                    by=officer,
                )
    if stage == "submitted":
        return application
    return examine(world, application, officer, person, stage, submitted)


def examine(
    world: World,
    application: Application,
    officer: User,
    person: User,
    stage: str,
    submitted: datetime,
) -> Application:
    """The formal check: some are returned once; then the ledger is filled and the application accepted."""
    if stage == "returned" or world.rng.random() < 0.25:
        with clock.at(submitted + timedelta(days=2)):
            document = application.case.documents.first()
            formal.raise_defect(
                application,
                by=officer,
                part=f"documents.{document.key}" if document else "plan.title",
                part_label="見積書",
                cite="要綱 第6条第4号",
                text="見積書の3行目が「設定作業 一式」です。作業の内容と数量がわかる見積書をお送りください。",
            )
            application = perform(application, "return_for_correction", by=officer)
        if stage == "returned":
            return application
        with clock.at(submitted + timedelta(days=4)):
            if document is None:
                correcting.answer(application, 1, "名称は、社内の計画書と同じものです。", by=person)
            else:
                data = paper(f"{application.pk} mended")
                store.add(
                    application.case, key=document.key, name="見積書_修正.pdf", data=data, by=person
                )
            application = submit.submit(application, by=person)
            for defect in application.defects.filter(resolved_at=None):
                formal.resolve_defect(defect, by=officer)
    with clock.at(submitted + timedelta(days=5)):
        for row in application.checks.all():
            formal.check(row, by=officer, result="clear", evidence="照会の回答・同意による確認")
        return perform(application, "accept", by=officer)


def parts(name: str, day: date | None) -> dict[str, str]:
    """A day as the form's three boxes send it."""
    return (
        {f"{name}_y": str(day.year), f"{name}_m": str(day.month), f"{name}_d": str(day.day)}
        if day
        else {}
    )


def fill(
    world: World,
    application: Application,
    person: User,
    *,
    complete: bool,
    skip: tuple[str, ...] = (),
) -> None:
    """Type every section but those in `skip` as the firm would; an incomplete draft stops after a few."""
    rng, case, call = world.rng, application.case, application.call
    firm = case.organisation
    partial = rng.randint(1, 4)
    data: dict[str, dict[str, str]] = {
        "organisation": drafts.starting_data(application, "organisation")
        | {"has_sapporo_office": "yes", "kana": firm.kana}
        | parts("established_on", firm.established_on),
        "contact": {
            "name": person.name,
            "department": "総務",
            "phone": "011-000-0000",
            "email": "contact@firms.example",
        },
        "eligibility": _answers(application),
        "plan": _plan(rng, application),
        "costs": costs(rng, application),
        "consent": {"tax_lookup": "yes", "registry_lookup": "yes"},
    }
    for n, (key, typed) in enumerate(data.items()):
        if not complete and n >= partial:
            return
        if key not in skip:
            drafts.save(application, key, typed, by=person, page=drafts.Page(0))
    officer = {"name": person.name, "kana": "ヤマダ タロウ", "born_on": "1970-01-01", "sex": "X"}
    officer["address"] = firm.address
    drafts.save_officers(application, [officer])
    if case.on_paper:
        store.add(
            case, key="paper_scan", name="申請書.pdf", data=paper(f"{case.number} scan"), by=person
        )
    for wanted in call.stated.documents:
        if wanted.required:
            store.add(
                case,
                key=wanted.key,
                name=f"{wanted.name.ja}.pdf",
                data=paper(f"{case.number} {wanted.key}"),
                by=person,
            )


def _answers(application: Application) -> dict[str, str]:
    names = {rule.rule for rule in application.call.stated.rules}
    answers = {"tax_paid": "yes", "no_antisocial": "yes", "other_subsidies": ""}
    if "not_repeat" in names:
        answers["received_before"] = "no"
    if "tenant" in names:
        answers["tenant"] = "yes"
    if "partner" in names:
        answers |= {"partner_name": "株式会社ポプラシステムズ", "partner_area": "011002"}
    if "group" in names:
        answers["group_members"] = ""
    return answers


def _plan(rng: random.Random, application: Application) -> dict[str, str]:
    topic = rng.choice(TOPICS)
    texts = {"title": topic}
    for question in application.call.stated.questions:
        said = {"number": "3", "choice": question.choices[0].ja if question.choices else ""}
        long = f"{topic}により、いま1日およそ6時間かかっている手作業を1.5時間に減らします。"
        texts[f"q_{question.key}"] = said.get(question.kind, long)
    return texts


def costs(rng: random.Random, application: Application) -> dict[str, str]:
    """Two or three items around half of what would reach the cap."""
    stated, call = application.call.stated, application.call
    frame = rng.choice(stated.frames)
    target = int(frame.cap / frame.rate)
    order_on = call.decision_on + timedelta(days=5)
    typed = {"own_funds": "cash", "frame": frame.key, "support_year": "1", "months": "12"}
    items = min(len(stated.categories), rng.choice((2, 3)))
    for n in range(items):
        amount = max(int(target * rng.uniform(0.25, 0.5)) // 1000 * 1000, 180_000)
        typed |= {
            f"item-{n}-what": f"{stated.categories[n].name.ja}（{n + 1}）",
            f"item-{n}-category": stated.categories[n].key,
            **parts(f"item-{n}-order_on", order_on),
            f"item-{n}-amount": f"{amount:,}",
        }
    return typed | {"item-TOTAL_FORMS": str(items), "item-INITIAL_FORMS": "0"}


def paper(text: str) -> bytes:
    """A one-page PDF that says it is a sample; different for every text."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(420, 595), invariant=1)
    canvas.setFont("Helvetica", 16)
    canvas.drawString(60, 520, "SAMPLE - not a real document")
    canvas.setFont("Helvetica", 11)
    canvas.drawString(60, 490, text.encode("ascii", "replace").decode())
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def decide(world: World, call: Call, accepted: list[Application]) -> None:
    """Select as the call says: score where it is competitive, then award inside the budget, waitlist or reject the rest."""
    if not accepted:
        return
    moment = max(
        (a.state_since for a in accepted if a.state_since), default=clock.now()
    ) + timedelta(days=3)
    moment = min(moment, clock.now() - timedelta(hours=1))
    is_past = is_over(call)
    if is_past and call.last_closes_at is not None:
        moment = max(
            moment, call.last_closes_at + timedelta(days=1)
        )  # nobody is compared before the intake is over
    if is_past and call.stated.selection == "lottery":
        with clock.at(moment):
            call = perform(call, "select", by=world.staff["kitagawa"])
    if call.stated.selection == "competitive":
        _score(world, call, accepted, moment, finish=is_past or world.rng.random() < 0.5)
    for frame in call.stated.frames:
        with clock.at(moment + timedelta(days=10) if is_past else moment):
            rows = [
                row for row in selection.ranking(call, frame.key) if row["application"] in accepted
            ]
        if not is_past:
            rows = rows[:1] if call.stated.selection == "first_come" else []
        with clock.at(moment + timedelta(days=12) if is_past else moment):
            _conclude(world, rows)
    if is_past and not deciding.undecided(call):
        with clock.at(moment + timedelta(days=20)):
            perform(call, "publish_results", by=world.staff["takahashi"])


def _score(
    world: World, call: Call, accepted: list[Application], moment: datetime, *, finish: bool
) -> None:
    reviewers = [world.staff[name] for name in ("ito", "endo", "ueda")]
    officer = world.staff["kitagawa"]
    with clock.at(moment):
        panel = begin(
            ReviewPanel,
            by=officer,
            call=call,
            applications=accepted,
            members=reviewers,
            due_on=clock.day_of(moment + timedelta(days=21)),
        )
    for n, review in enumerate(Review.objects.filter(panel=panel).order_by("pk")):
        if not finish and n % 3 == 2:
            continue
        with clock.at(moment + timedelta(days=2, minutes=n) if finish else moment):
            review = perform(review, "declare", by=review.reviewer)
            said = "計画の数字に根拠があります。"
            points = {c.key: (world.rng.randint(2, c.maximum), said) for c in call.stated.criteria}
            perform(review, "score", by=review.reviewer, points=points, comment="")
    if finish:
        with clock.at(moment + timedelta(days=5)):
            perform(panel, "close", by=officer, minutes="同点の案件はなかった。")


def _conclude(world: World, rows: list[dict[str, Any]]) -> None:
    """Draft, circulate and approve: award what fits, waitlist or reject the rest."""
    officer, agree, decider = (
        world.staff["kitagawa"],
        world.staff["takahashi"],
        world.staff["sasaki"],
    )
    acts: dict[str, list[tuple[Application, dict[str, str]]]] = {
        "award": [],
        "waitlist": [],
        "reject": [],
    }
    for row in rows:
        application = Application.objects.get(pk=row["application"].pk)
        if application.state not in ("accepted", "reviewed"):
            continue
        place = row["place"]
        if place.inside:
            acts["award"].append((application, {}))
        elif place.passed and len(acts["waitlist"]) < 2:
            acts["waitlist"].append((application, {}))
        else:
            reason = (
                "基準点に届きませんでした。" if not place.passed else "予算の範囲を超えました。"
            )
            acts["reject"].append((application, {"reason": reason}))
    for act, subjects in acts.items():
        if subjects:
            title = f"{subjects[0][0].call.stated.name.ja}　{len(subjects)}件"
            approval = begin(
                Approval,
                by=officer,
                act=act,
                title=title,
                rows=subjects,
                steps=[("agree", agree), ("decide", decider)],
            )
            approval = perform(approval, "circulate", by=officer)
            approval = perform(approval, "agree", by=agree)
            try:
                perform(approval, "approve", by=decider)
            except Refused:
                perform(approval, "send_back", by=decider, reason="予算の残りを確かめてください。")
