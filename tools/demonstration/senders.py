"""In whose names the papers of the demonstration go out. Fictitious."""

from portal import clock
from portal.accounts.models import User
from portal.notices import letterheads
from portal.notices.letterheads import Letterhead, Sender
from portal.registry.codes import SAPPORO
from portal.registry.models import Municipality

# of nobody who holds or held the office
MAYORS = (
    "北沢　みのり",
    "潮見　航",
    "岩見　さとし",
    "野幌　ゆき",
    "空知　まこと",
    "恵　かおる",
    "輪厚　たける",
    "浜益　なぎさ",
    "当　いつき",
    "篠津　ひろ",
    "幌向　あおい",
    "馬追　しょう",
)


def enter(staff: dict[str, User]) -> None:
    """One for each municipality, once."""
    if Letterhead.objects.exists():
        return
    for town, name in zip(Municipality.objects.all(), MAYORS, strict=True):
        own = town.pk == SAPPORO
        sender = Sender(
            title=f"{town.name}長",
            name=name,
            series="札経産" if own else town.name,
            office="経済観光局" if own else f"{town.name}　産業振興担当",
            phone=f"011-000-0{town.order:03}",
            revenue_item=letterheads.PLANNED_ITEM,
            how_to_pay=f"通知書の番号を示して、{town.name}の指定金融機関または収納代理金融機関で納めてください。",
        )
        row = letterheads.propose(town, sender, clock.today(), by=staff["administrator"])
        letterheads.confirm(row, by=staff["second_administrator"])
