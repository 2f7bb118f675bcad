"""Firms that are not proved yet: one whose letter is on its way, one whose letter waits to be printed, and
a claim on the representative's firm. Fictitious.
"""

from portal import clock, jptext
from portal.accounts import people as writing
from portal.accounts.models import Organisation, User
from portal.firms import claims, letters
from portal.firms.models import ProofLetter
from portal.registry.codes import SAPPORO
from portal.registry.corporate_number import fictitious
from portal.registry.models import Area, Corporation
from tools.demonstration import people
from tools.demonstration.simulation import World

FIRST = 9_000_000  # beyond the numbers of the year's own firms


def run(world: World, _applications: object) -> None:
    if ProofLetter.objects.exists():
        return
    officer = world.staff["officer"]
    beginner = people.applicants()["beginner"]
    other, _made = User.objects.get_or_create(
        email="letter@firms.example", defaults={"name": "白石 和"}
    )
    posted = letters.ask(_firm(0, "株式会社ゆきみち配送", beginner), by=beginner)
    letters.print_out([posted.pk], by=officer)
    letters.posted([posted.pk], by=world.staff["second_officer"])
    letters.ask(_firm(1, "合同会社こなゆき菓子", other), by=other)
    held = people.organisation()
    if held is not None and held.corporate_number:
        claims.make(
            held,
            by=beginner,
            matter="left",
            words="前の代表者が今年6月に退き、わたしが後任です。登記事項証明書をお見せできます。",
        )


def _firm(n: int, name: str, person: User) -> Organisation:
    """A firm with its row in the registry, where it has none from the agency."""
    number, area = fictitious(FIRST + n), Area.objects.filter(municipality=SAPPORO).first()
    found, _made = Corporation.objects.get_or_create(
        number=number,
        defaults={
            "name": name,
            "name_key": jptext.search_key(name),
            "kind": "301",
            "prefecture": "北海道",
            "city": area.full_name if area else "",
            "street": f"架空町0丁目0番{n + 1}号",
            "area_code": area.code[:5] if area else "",
            "postal_code": "0600000",
            "changed_on": clock.today(),
            "sequence": n,
        },
    )
    return writing.create_organisation(
        by=person,
        kind="corporation",
        corporate_number=number,
        name=name,
        address=found.address,
        postal_code=found.postal_code,
        area=area,
        is_fictitious=True,
    )
