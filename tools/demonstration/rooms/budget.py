"""The fictitious year's 予算科目, a 補正 and a 流用: planning values, no budget's own."""

from collections.abc import Mapping
from functools import partial

from grants.applications.models import Application
from grants.budget import changes, classifying
from grants.budget.models import BudgetLine
from portal.accounts.models import User
from tools.demonstration.simulation import World

SAME = {
    "chapter_code": "07",
    "chapter_title": "商工費",
    "section_code": "01",
    "section_title": "商工費",
    "expense_code": "18",
    "expense_title": "負担金、補助及び交付金",
}
ITEMS = {
    "trade": {"item_code": "02", "item_title": "商工業振興費"},
    "innovation": {"item_code": "03", "item_title": "産業創出費"},
}
# code of the programme → its 目, and the number and name of its 事業
ACTIVITIES = {
    "dx_promotion": ("trade", "0210", "中小企業デジタル化推進事業"),
    "telework": ("trade", "0220", "テレワーク導入支援事業"),
    "sales_channel": ("trade", "0230", "販路拡大支援事業"),
    "ai_training": ("trade", "0240", "デジタル人材育成事業"),
    "iot": ("innovation", "0310", "IoT活用促進事業"),
    "it_bio": ("innovation", "0320", "IT・バイオ産業振興事業"),
    "dx_creation": ("innovation", "0330", "イノベーション創出事業"),
    "open_innovation": ("innovation", "0340", "官民連携実証事業"),
    "pilot_support": ("innovation", "0340", "官民連携実証事業"),
}


def classification(programme: str) -> dict[str, str]:
    item, code, title = ACTIVITIES[programme]
    return SAME | ITEMS[item] | {"activity_code": code, "activity_title": title}


def classify(line: BudgetLine, said: Mapping[str, str], staff: Mapping[str, User]) -> None:
    """As one person of finance proposes it and another confirms it; what was proposed after the
    programme's last call gives way.
    """
    for waiting in classifying.open_of(line):
        classifying.take_back(waiting, by=staff["accountant"])
    proposal = classifying.propose(line, said, by=staff["accountant"], whole_call=False)
    classifying.confirm(proposal, by=staff["treasurer"])


def run(world: World, _applications: list[Application]) -> None:
    """Every line in yen stands under its 予算科目; the newest call of DX gets a 補正, half of which goes on
    to its other frame; a cut waits for whoever confirms it.
    """
    lines = BudgetLine.objects.filter(unit="yen", chapter_code="").select_related("call")
    for line in lines.order_by("pk"):
        if line.call.programme_code in ACTIVITIES:
            classify(line, classification(line.call.programme_code), world.staff)
    found = BudgetLine.objects.filter(unit="yen", call__programme__code="dx_promotion")
    newest = {line.frame: line for line in found.order_by("call__fiscal_year", "call__round_no")}
    first, second = world.staff["accountant"], world.staff["treasurer"]
    propose = partial(changes.propose, newest["dx"], by=first)
    more = propose("supplement", 10_000_000, note="一般会計補正予算（第2号）")
    changes.confirm(more, by=second)
    note = "デジタライゼーション枠の申込みが見込みを上回るため"
    moved = propose("transfer", 5_000_000, note=note, to=newest["digitalisation"])
    changes.confirm(moved, by=second)
    propose("supplement_cut", 2_000_000, note="一般会計補正予算（第3号）")
