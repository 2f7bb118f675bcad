"""Made-up firms and the people who act for them."""

from datetime import date

from grants.programmes.models import Call
from portal import clock
from portal.accounts.models import Membership, Organisation, User
from portal.registry.codes import SAPPORO
from portal.registry.corporate_number import fictitious
from portal.registry.models import Area, Industry
from tools.demonstration import people
from tools.demonstration.simulation.world import World

# parts of firms' names, with their reading
HEADS = (
    ("ゆきあかり", "ユキアカリ"),
    ("もいわ", "モイワ"),
    ("ポプラ", "ポプラ"),
    ("しののめ", "シノノメ"),
    ("すずらん", "スズラン"),
    ("つきさむ", "ツキサム"),
    ("北紡", "ホクボウ"),
    ("羊ケ丘", "ヒツジガオカ"),
    ("藻岩", "モイワ"),
    ("豊平", "トヨヒラ"),
    ("あいの里", "アイノサト"),
    ("石狩湾", "イシカリワン"),
    ("円山", "マルヤマ"),
    ("手稲", "テイネ"),
    ("定山", "ジョウザン"),
    ("真駒", "マコマ"),
    ("琴似", "コトニ"),
    ("白樺", "シラカバ"),
    ("ななかまど", "ナナカマド"),
    ("はまなす", "ハマナス"),
    ("エゾリス", "エゾリス"),
    ("ライラック", "ライラック"),
    ("雪虫", "ユキムシ"),
    ("千歳川", "チトセガワ"),
)
TAILS = (
    ("製作所", "セイサクショ"),
    ("商店", "ショウテン"),
    ("フーズ", "フーズ"),
    ("物流", "ブツリュウ"),
    ("印刷", "インサツ"),
    ("製菓", "セイカ"),
    ("設計", "セッケイ"),
    ("クリーニング", "クリーニング"),
    ("精機", "セイキ"),
    ("デザイン", "デザイン"),
    ("ファーム", "ファーム"),
    ("運輸", "ウンユ"),
    ("技研", "ギケン"),
    ("システムズ", "システムズ"),
    ("工房", "コウボウ"),
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


def named(n: int, *, sole: bool) -> tuple[str, str]:
    """Name and reading of a firm; no two have the same, legal form aside: the portal keeps such for a
    look of their own.
    """
    rounds, place = divmod(n, len(HEADS))
    head, tail = HEADS[place], TAILS[(rounds + place) % len(TAILS)]
    forms = (("有限会社", "ユウゲンガイシャ "), ("株式会社", "カブシキガイシャ "))
    form = ("", "") if sole else forms[n % 3 > 0]
    again = f"{n}" if n >= len(HEADS) * len(TAILS) else ""
    name, kana = (f"{form[i]}{head[i]}{tail[i]}{again}" for i in (0, 1))
    return name, kana


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
        areas = [row for row in areas if row.municipality_id == SAPPORO] * 2
    area = rng.choice(areas[:10] if rng.random() < 0.7 else areas[10:])
    sole = n % 10 == 9 or n % 20 == 8
    person_name = f"{rng.choice(NAMES)} {rng.choice(('健一', '遥', '誠', '恵', '大樹', '千春'))}"
    name, kana = named(n, sole=sole)
    employees = rng.choice((2, 5, 8, 14, 28, 45, 80, 96))
    firm = Organisation.objects.create(
        kind="sole_proprietor" if sole else "corporation",
        corporate_number=None if sole else fictitious(n + 1),
        name=name,
        kana=kana,
        postal_code="",
        area=area,
        address=f"{area.full_name}架空町0丁目0番{n % 30 + 1}号",
        industry=rng.choice(industries),
        has_sapporo_office=area.municipality_id == SAPPORO,
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
    person = User.objects.filter(email=people.address("representative")).first() if n == 0 else None
    person = person or User.objects.create_user(f"firm{n}@firms.example", None, name=person_name)
    Membership.objects.create(
        user=person, organisation=firm, role="representative", joined_at=clock.now()
    )
    prove(firm, person, n)
    return firm, person


def prove(firm: Organisation, person: User, n: int) -> None:
    """Whose the firm is was proved in one of the ways, the next firm's in the next."""
    how = ("gbizid", "letter", "officer", "gbizid", "earlier")[n % 5]
    firm.proved_how, firm.proved_at = how, clock.now()
    firm.proved_by = person if how in ("gbizid", "letter") else User.objects.system()
    if how == "officer":
        firm.proof_ground = "履歴事項全部証明書と代表者の運転免許証を窓口で確かめた（架空）"
    elif how == "earlier":
        firm.proof_ground = "確認の手続きができる前に、申請を提出していました。"
    firm.save()
