"""The demonstration's people: one for every role. Fictitious, and only where DEMO is on."""

from collections.abc import Iterable

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

STAFF = (
    ("kitagawa", "北川 優", "経済観光局 IT・クリエイティブ産業担当", "programme_officer"),
    ("mizuno", "水野 千尋", "経済観光局 経営支援・雇用労働担当", "programme_officer"),
    ("takahashi", "髙橋 誠", "経済観光局 産業振興課長", "approver"),
    ("sasaki", "佐々木 薫", "経済観光局 産業振興部長", "approver"),
    ("ishii", "石井 大輔", "経済観光局 検査担当", "inspector"),
    ("ito", "伊藤 さくら", "審査員（中小企業診断士）", "reviewer"),
    ("endo", "遠藤 健", "審査員（大学教員）", "reviewer"),
    ("ueda", "上田 真理", "審査員（ITコーディネータ）", "reviewer"),
    (
        "hirano",
        "平野 美帆",
        "審査員（公認会計士）",
        "reviewer",
    ),  # on no panel of the year: who takes over
    ("nomura", "野村 隆", "経済観光局 経理担当", "finance_officer"),
    ("nishi", "西 美咲", "会計室", "finance_officer"),
    ("kudo", "工藤 真帆", "デジタルコンシェルジュ", "concierge"),
    ("abe", "阿部 健", "札幌市 建設局 雪対策室", "challenge_owner"),
    ("sugawara", "菅原 恵", "恵庭市 基地・防災課", "challenge_owner"),
    ("honma", "本間 遥", "石狩市 企画連携推進課", "challenge_owner"),
    ("kansa", "菅 和也", "監査事務局", "auditor"),
    ("kanri", "管 理子", "デジタル戦略推進局", "administrator"),
    ("kanri2", "村上 守", "デジタル戦略推進局", "administrator"),
)
# whose challenges the person writes; the others' scope is not limited
MUNICIPALITY = {
    "abe": SAPPORO,
    "sugawara": "012319",
    "honma": "012351",
}
APPLICANTS = (
    ("mikami", "三上 健一", "representative"),
    ("haruka", "三上 遥", "member"),
    ("yoshino", "𠮷野 弘", "adviser"),
)


def refuse_elsewhere() -> None:
    """Raise CommandError where DEMO is off: these people's password is published, and some of them
    are administrators.
    """
    if not settings.DEMO:
        raise CommandError(
            "DEMO is off: the demonstration's people and cases are made only in a demonstration."
        )


def _people(rows: Iterable[tuple[str, str, str]]) -> dict[str, User]:
    """Find or make people of (name in the address, full name, office).

    Their password is one and public: it is hashed once for all.
    """
    refuse_elsewhere()
    wanted = {f"{name}@{DOMAIN}": (name, full_name, office) for name, full_name, office in rows}
    found = {user.email: user for user in User.objects.filter(email__in=wanted)}
    hashed = make_password(PASSWORD) if len(found) < len(wanted) else ""
    for email, (_name, full_name, office) in wanted.items():
        if email not in found:
            found[email] = User.objects.create(
                email=email, password=hashed, name=full_name, office=office
            )
            EmailAddress.objects.create(user=found[email], email=email, verified=True, primary=True)
    return {name: found[email] for email, (name, _full_name, _office) in wanted.items()}


def staff() -> dict[str, User]:
    """Make (once) the staff, each with role and a second factor, granted by the system at the very
    start.
    """
    people = _people(row[:3] for row in STAFF)
    grantor = User.objects.system()
    for name, _full_name, _office, role in STAFF:
        person = people[name]
        if not person.staff_roles.exists():
            StaffRole.objects.create(
                person=person,
                role=role,
                starts_on=clock.today().replace(year=2024),
                granted_by=grantor,
                municipality_id=MUNICIPALITY.get(name),
            )
        if not Authenticator.objects.filter(user=person).exists():
            TOTP.activate(person, totp_secret(name))
    return people


def applicants() -> dict[str, User]:
    return _people((name, full_name, "") for name, full_name, _role in APPLICANTS)


def organisation() -> Organisation | None:
    return Organisation.objects.filter(memberships__user__email=f"mikami@{DOMAIN}").first()
