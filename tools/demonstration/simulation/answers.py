"""What a firm types into its application, and the papers it uploads."""

import io
import random
from datetime import date, timedelta

from reportlab.pdfgen.canvas import Canvas

from grants.applications import drafts, instead, issued, officer_list
from grants.applications.content import Officer
from grants.applications.models import Application
from grants.programmes import sizes
from portal import clock
from portal.accounts.models import User
from portal.registry.codes import SAPPORO
from tools.demonstration.simulation.files import attach
from tools.demonstration.simulation.world import World

LONG = 30  # days: a paper that may follow so late takes long to get
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
    follows: bool = False,
) -> None:
    """Type every section but those in `skip` as the firm would; an incomplete draft stops after a few.

    `follows`: what takes a firm long to get is promised for a later day, where the programme allows it.
    """
    rng, case = world.rng, application.case
    partial = rng.randint(1, 4)
    data = typed_by(world, application, person)
    for n, (key, typed) in enumerate(data.items()):
        if not complete and n >= partial:
            return
        if key not in skip:
            drafts.save(application, key, typed, by=person, page=drafts.Page(0))
    address = case.organisation.address
    officer = Officer(
        name=person.name, kana="ヤマダ タロウ", born_on="1970-01-01", sex="X", address=address
    )
    officer_list.save(application, [officer])
    if case.on_paper:
        attach(
            case, key="paper_scan", name="申請書.pdf", data=paper(f"{case.number} scan"), by=person
        )
    for wanted in instead.needed(application):
        if follows and (wanted.later_days or 0) >= LONG:
            instead.promise(application, wanted.key, instead.last_day(wanted), by=person)
            continue
        attach(
            case,
            key=wanted.key,
            name=f"{wanted.name.ja}.pdf",
            data=paper(f"{case.number} {wanted.key}"),
            by=person,
        )
        if wanted.issued_within_days:
            issued.keep(application, wanted.key, clock.today() - timedelta(days=9), by=person)


def typed_by(world: World, application: Application, person: User) -> dict[str, dict[str, str]]:
    """What the firm types into each section."""
    rng, firm = world.rng, application.case.organisation
    return {
        "organisation": drafts.starting_data(application, "organisation")
        | {"has_sapporo_office": "yes", "kana": firm.kana}
        | parts("established_on", firm.established_on),
        "contact": {
            "name": person.name,
            "department": "総務",
            "phone": "011-000-0000",
            "email": "contact@firms.example",
            "adviser": "no",
            "mails": "ja" if firm.kind == "sole_proprietor" else "no",
        },
        "eligibility": _answers(application),
        "plan": _plan(rng, application),
        "costs": costs(rng, application),
        "consent": {"tax_lookup": "yes"}
        | ({"registry_lookup": "yes"} if firm.kind == "corporation" else {}),
    }


def _answers(application: Application) -> dict[str, str]:
    names = {rule.rule for rule in application.stated.rules}
    answers = {"tax_paid": "yes", "no_antisocial": "yes", "other_subsidies": ""}
    if "independent" in names:
        answers |= dict.fromkeys(sizes.LARGE_TESTS, "no")
    if trades := sizes.parts_of(application.case.organisation.industry_id):
        answers["trade"] = trades[0].key
    if "not_repeat" in names:
        answers["received_before"] = "no"
    if "tenant" in names:
        answers["tenant"] = "yes"
    if "partner" in names:
        answers |= {"partner_name": "株式会社ポプラシステムズ", "partner_area": SAPPORO}
    if "group" in names:
        answers["group_members"] = ""
    return answers


def _plan(rng: random.Random, application: Application) -> dict[str, str]:
    topic = rng.choice(TOPICS)
    texts = {"title": topic}
    for question in application.stated.questions:
        said = {"number": "3", "choice": question.choices[0].ja if question.choices else ""}
        long = f"{topic}により、いま1日およそ6時間かかっている手作業を1.5時間に減らします。"
        texts[f"q_{question.key}"] = said.get(question.kind, long)
    return texts


def costs(rng: random.Random, application: Application) -> dict[str, str]:
    """Two or three items around half of what would reach the cap."""
    stated, call = application.stated, application.call
    frame = rng.choice(stated.frames)
    target = int(frame.cap / frame.rate)
    order_on = call.decision_on + timedelta(days=5)
    typed = {"own_funds": "cash", "frame": frame.key, "support_year": "1", "months": "12"}
    if frame.before:
        typed |= parts("before_on", call.periods.earliest("opens_at").opens_at.date())
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
