"""The demonstration's people: one for every role. Fictitious, and only where DEMO is on."""

from collections.abc import Mapping
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import CommandError

from portal import clock
from portal.accounts.demo import DOMAIN, PASSWORD, totp_secret
from portal.accounts.models import Organisation, StaffRole, User
from portal.registry.codes import SAPPORO


@dataclass(frozen=True)
class Person:
    """`name`: before the @ of the address. `municipality`: whose challenges the person writes; the
    others' scope is not limited.
    """

    name: str
    full_name: str
    office: str = ""
    role: str = ""
    municipality: str | None = None


# as whom code knows them → who they are
STAFF = {
    "officer": Person(
        "kitagawa", "北川 優", "経済観光局 IT・クリエイティブ産業担当", "programme_officer"
    ),
    "second_officer": Person(
        "mizuno", "水野 千尋", "経済観光局 経営支援・雇用労働担当", "programme_officer"
    ),
    "approver": Person("takahashi", "髙橋 誠", "経済観光局 産業振興課長", "approver"),
    "director": Person("sasaki", "佐々木 薫", "経済観光局 産業振興部長", "approver"),
    "inspector": Person("ishii", "石井 大輔", "経済観光局 検査担当", "inspector"),
    "reviewer": Person("ito", "伊藤 さくら", "審査員（中小企業診断士）", "reviewer"),
    "second_reviewer": Person("endo", "遠藤 健", "審査員（大学教員）", "reviewer"),
    "third_reviewer": Person("ueda", "上田 真理", "審査員（ITコーディネータ）", "reviewer"),
    # on no panel of the year: who takes over
    "spare_reviewer": Person("hirano", "平野 美帆", "審査員（公認会計士）", "reviewer"),
    "accountant": Person("nomura", "野村 隆", "経済観光局 経理担当", "finance_officer"),
    "treasurer": Person("ogawa", "小川 由紀", "経済観光局 経理係長", "finance_officer"),
    "accounting_officer": Person("nishi", "西 美咲", "会計室", "accounting_officer"),
    "concierge": Person("kudo", "工藤 真帆", "デジタルコンシェルジュ", "concierge"),
    "owner": Person("abe", "阿部 健", "札幌市 建設局 雪対策室", "challenge_owner", SAPPORO),
    "eniwa_owner": Person(
        "sugawara", "菅原 恵", "恵庭市 基地・防災課", "challenge_owner", "012319"
    ),
    "ishikari_owner": Person(
        "honma", "本間 遥", "石狩市 企画連携推進課", "challenge_owner", "012351"
    ),
    "auditor": Person("kansa", "菅 和也", "監査事務局", "auditor"),
    "administrator": Person("kanri", "管 理子", "デジタル戦略推進局", "administrator"),
    "second_administrator": Person("kanri2", "村上 守", "デジタル戦略推進局", "administrator"),
}
APPLICANTS = {
    "representative": Person("mikami", "三上 健一"),
    "member": Person("haruka", "三上 遥"),
    "adviser": Person("yoshino", "𠮷野 弘"),
    "beginner": Person("ichinose", "一ノ瀬 元"),  # whose firm is not proved yet
}
NAMES = {key: person.name for key, person in (STAFF | APPLICANTS).items()}


def address(key: str) -> str:
    """The e-mail address of whom code knows by `key`; of anybody else of the demonstration, by the
    name before the @.
    """
    return f"{NAMES.get(key, key)}@{DOMAIN}"


def known_as(person: User) -> str:
    """As whom code knows a person; of anybody else, the name before the @."""
    name = person.email.split("@")[0]
    return next((key for key, known in NAMES.items() if known == name), name)


def refuse_elsewhere() -> None:
    """Raise CommandError where DEMO is off: these people's password is published, and some of them
    are administrators.
    """
    if not settings.DEMO:
        raise CommandError(
            "DEMO is off: the demonstration's people and cases are made only in a demonstration."
        )


def _people(wanted: Mapping[str, Person]) -> dict[str, User]:
    """Find or make them; their password is one and public, so it is hashed once for all."""
    refuse_elsewhere()
    emails = {key: address(key) for key in wanted}
    found = {user.email: user for user in User.objects.filter(email__in=emails.values())}
    hashed = make_password(PASSWORD) if len(found) < len(wanted) else ""
    for key, email in emails.items():
        if email not in found:
            found[email] = User.objects.create(
                email=email,
                password=hashed,
                name=wanted[key].full_name,
                office=wanted[key].office,
            )
            EmailAddress.objects.create(user=found[email], email=email, verified=True, primary=True)
    return {key: found[email] for key, email in emails.items()}


def staff() -> dict[str, User]:
    """Make (once) the staff, each with role and a second factor, granted by the system at the very
    start.
    """
    people = _people(STAFF)
    grantor = User.objects.system()
    for key, person in people.items():
        known = STAFF[key]
        if not person.staff_roles.exists():
            StaffRole.objects.create(
                person=person,
                role=known.role,
                starts_on=clock.today().replace(year=2024),
                granted_by=grantor,
                municipality_id=known.municipality,
            )
        if not Authenticator.objects.filter(user=person).exists():
            TOTP.activate(person, totp_secret(known.name))
    return people


def applicants() -> dict[str, User]:
    return _people(APPLICANTS)


def organisation() -> Organisation | None:
    """The firm of the demonstration's representative, once a case has made it."""
    return Organisation.objects.filter(memberships__user__email=address("representative")).first()
