"""People, organisations, and who may act for whom, since when and until when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth import hashers
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _lazy

from portal import clock, jptext
from portal.registry import seats, trades
from portal.registry.models import Area, Industry
from portal.registry.seats import Seat

if TYPE_CHECKING:
    from portal.accounts.models.roles import StaffRole


def in_force(today: date | None = None) -> Q:
    """Rows with starts_on / ends_on that hold today."""
    day = today or clock.today()
    return Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gte=day))


class UserManager(BaseUserManager["User"]):
    def create_user(
        self, email: str, password: str | None = None, *, name: str = "", office: str = ""
    ) -> User:
        user = self.model(email=self.normalize_email(email).lower(), name=name, office=office)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def system(self, slug: str = "portal", name: str = "システム") -> User:
        """The named system user that jobs act as. It holds no duty and cannot sign in."""
        user, made = self.get_or_create(
            email=f"{slug}@system.invalid", defaults={"name": name, "is_system": True}
        )
        if made:
            user.set_unusable_password()
            user.save()
        return user


class User(AbstractBaseUser):
    email = models.EmailField(_lazy("メールアドレス"), unique=True)
    name = models.CharField(_lazy("お名前"), max_length=80, blank=True)
    office = models.CharField(_lazy("所属"), max_length=80, blank=True)
    is_active = models.BooleanField(default=True)
    is_system = models.BooleanField(default=False)
    language = models.CharField(
        max_length=2, choices=[("ja", "日本語"), ("en", "English")], default="ja"
    )
    date_joined = models.DateTimeField(default=clock.now)
    # when a second factor was offered, which only the office must have
    factor_offered_at = models.DateTimeField(null=True, editable=False)
    # when the office took lost factors away; none once a new one is set up
    factor_lost_at = models.DateTimeField(null=True, editable=False)
    # how often all sessions, or all others, were ended: none from before is good any more
    sign_outs = models.PositiveIntegerField(default=0, editable=False)

    # keys of the cases closed to the person, by what closes them, as `visibility.look_beyond` found them
    closed_cases: dict[str, set[int]] | None = None

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    objects = UserManager()

    def __str__(self) -> str:
        return self.name or str(_lazy("名前未登録"))

    def check_password(self, raw_password: str | None) -> bool:
        """Is it right? It is not kept anew here: that would end the person's sessions in the middle of an
        act that asks for the password.
        """
        return hashers.check_password(raw_password, self.password)

    def keep_anew(self, right_password: str) -> None:
        """Keep a right password by today's hasher, where it is kept by an earlier one."""
        today = hashers.get_hasher()
        kept_by = hashers.identify_hasher(self.password)
        if kept_by.algorithm != today.algorithm or today.must_update(self.password):
            super().check_password(right_password)

    def get_session_auth_hash(self) -> str:
        return f"{super().get_session_auth_hash()}{self.sign_outs or ''}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under earlier SECRET_KEYs."""
        for told in super().get_session_auth_fallback_hash():
            yield f"{told}{self.sign_outs or ''}"

    def roles(self) -> list[StaffRole]:
        """Staff roles in force today; read once per request object."""
        if not hasattr(self, "_roles"):
            self._roles = list(self.staff_roles.filter(in_force()).select_related("municipality"))
        return self._roles

    def forget_roles(self) -> None:
        self.__dict__.pop("_roles", None)
        self.closed_cases = None

    @property
    def is_office(self) -> bool:
        return bool(self.roles())

    @property
    def role_ended(self) -> date | datetime | None:
        """Until when somebody held the last role of theirs who holds none of the office any more."""
        if self.is_office:
            return None
        over = self.staff_roles.filter(ends_on__lt=clock.today())
        last = over.order_by("-ends_on", F("ended_at").desc(nulls_last=True)).first()
        return last.ended if last else None

    @property
    def first_page(self) -> str:
        """The name of the address at which this person's day begins, after signing in."""
        if not self.is_office:
            return "my_cases" if self.firms() else "home"
        return "inbox" if any(r.role != "administrator" for r in self.roles()) else "role_list"

    def has_role(self, *names: str) -> bool:
        return any(role.role in names for role in self.roles())

    def firms(self) -> list[Organisation]:
        """For whom the person acts today: of whom they are, then whose adviser they are."""
        own = self.memberships.filter(left_at=None).select_related("organisation")
        entrusted = self.delegations.filter(in_force()).select_related("organisation")
        rows: list[Membership | Delegation] = [*own.order_by("pk"), *entrusted.order_by("pk")]
        return list(dict.fromkeys(row.organisation for row in rows))

    @property
    def may_only_draft(self) -> bool:
        """True for whoever comes in by GビズIDエントリー alone (account_type 1: nobody checked who they
        are).
        """
        claims = [
            account.extra_data.get("userinfo", account.extra_data)
            for account in self.socialaccount_set.all()  # type: ignore[attr-defined]  # allauth has no types
        ]
        levels = {str(claim["account_type"]) for claim in claims if "account_type" in claim}
        return levels == {"1"}

    def capacity_for(self, obj: models.Model) -> str:
        """In which capacity the person acts on `obj`: system, office, representative, member,
        adviser or person.
        """
        if self.is_system:
            return "system"
        if self.is_office:
            return "office"
        case = getattr(obj, "case", None)
        organisation_id = getattr(case or obj, "organisation_id", None)
        if organisation_id is None:
            return "person"
        member = self.memberships.filter(organisation_id=organisation_id, left_at=None).first()
        if member:
            return str(member.role)
        delegated = self.delegations.filter(in_force(), organisation_id=organisation_id).exists()
        return "adviser" if delegated else "person"


def _pairs_of_name() -> models.Func:
    """Each two neighbouring signs of `name_key`, as its index holds them (migration 0023)."""
    return models.Func(
        "name_key",
        function="portal_accounts_pairs",
        output_field=ArrayField(models.TextField()),
    )


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def named(self, text: str) -> OrganisationQuerySet:
        """Those whose name holds the text, or that have the corporate number that it is."""
        key, number = jptext.search_key(text), jptext.digits(text)
        pairs = [key[n : n + 2] for n in range(len(key) - 1)]
        rows = self.alias(pairs=_pairs_of_name())
        found = Q(name_key__contains=key, **({"pairs__contains": pairs} if pairs else {}))
        return rows.filter(found | Q(corporate_number=number) if number.isdecimal() else found)


class Organisation(models.Model):
    """A firm, a sole proprietor or another body.

    The name is kept exactly as typed; `name_key` is for search.
    """

    KINDS = [
        ("corporation", _lazy("法人")),
        ("sole_proprietor", _lazy("個人事業主")),
        ("foreign", _lazy("外国の法人")),
        ("body", _lazy("その他の団体")),
    ]
    TAX = [
        ("general", _lazy("課税事業者（本則課税）")),
        ("simple", _lazy("簡易課税")),
        ("exempt", _lazy("免税事業者")),
    ]
    PROVED = [
        ("gbizid", _lazy("GビズIDプライムでのログイン")),
        ("letter", _lazy("所在地に届いた確認の手紙")),
        ("officer", _lazy("職員による書類の確認")),
        ("earlier", _lazy("確認の手続きができる前からの利用")),
    ]

    kind = models.CharField(_lazy("種類"), max_length=20, choices=KINDS)
    corporate_number = models.CharField(
        _lazy("法人番号"), max_length=13, null=True, blank=True, unique=True
    )
    name = models.CharField(_lazy("名称・屋号"), max_length=150)
    name_key = models.CharField(max_length=200, db_index=True, editable=False)
    kana = models.CharField(_lazy("名称のカナ"), max_length=200, blank=True)
    postal_code = models.CharField(_lazy("郵便番号"), max_length=7, blank=True)
    address = models.CharField(_lazy("所在地"), max_length=300, blank=True)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, verbose_name=_lazy("本社のある区・市町村")
    )
    prefecture = models.CharField(_lazy("都道府県"), max_length=10, blank=True)  # outside the areas
    country = models.CharField(_lazy("国名"), max_length=60, blank=True)  # abroad
    has_sapporo_office = models.BooleanField(_lazy("札幌市内に事業所がある"), default=False)
    industry = models.ForeignKey(
        Industry, models.PROTECT, null=True, blank=True, verbose_name=_lazy("業種")
    )
    capital = models.BigIntegerField(_lazy("資本金（円）"), null=True, blank=True)
    employees = models.PositiveIntegerField(_lazy("常時使用する従業員数"), null=True, blank=True)
    established_on = models.DateField(_lazy("設立日（個人事業主は開業日）"), null=True, blank=True)
    representative_title = models.CharField(_lazy("代表者の役職"), max_length=40, blank=True)
    representative_name = models.CharField(_lazy("代表者の氏名"), max_length=80, blank=True)
    phone = models.CharField(_lazy("電話番号"), max_length=30, blank=True)
    tax_basis = models.CharField(_lazy("消費税の区分"), max_length=10, choices=TAX, blank=True)
    # how it was shown that whoever acts here is this firm; until then its people only draft
    proved_how = models.CharField(max_length=10, choices=PROVED, blank=True, editable=False)
    proved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    proved_at = models.DateTimeField(null=True, editable=False)
    proof_ground = models.TextField(blank=True, editable=False)
    is_fictitious = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    # as `Seat.code` says it, and the trade: what lists of cases are sorted and narrowed by
    seat_code, trade_code = seats.code_field(), trades.code_field()

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(proved_how="", proved_at=None)
                | ~Q(proved_how="") & Q(proved_at__isnull=False, proved_by__isnull=False),
                name="accounts_proved_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(proved_how="officer") | ~Q(proof_ground=""),
                name="accounts_checked_with_ground",
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at", "id"],
                condition=Q(proved_how=""),
                name="accounts_firm_unproved",
            ),
            GinIndex(_pairs_of_name(), name="accounts_firm_name_pairs"),
            # by which the office sorts its cases (`portal.cases.columns`)
            models.Index(fields=["name"], name="accounts_firm_name"),
            models.Index(
                models.F("corporate_number").desc(nulls_last=True), name="accounts_firm_number"
            ),
            models.Index(fields=["representative_name"], name="accounts_firm_person"),
            models.Index(fields=["phone"], name="accounts_firm_phone"),
            models.Index(fields=["address"], name="accounts_firm_address"),
            models.Index(fields=["seat_code", "id"], name="accounts_firm_seat"),
            models.Index(fields=["trade_code", "id"], name="accounts_firm_trade"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:  # as Django declares it
        self.name_key = jptext.search_key(self.name)[:200]
        super().save(*args, **kwargs)

    @property
    def public_name(self) -> str:
        """The name where anyone may read it: a sole proprietor's is a person's, and is not shown."""
        return gettext("個人事業主") if self.is_sole_proprietor else self.name

    @property
    def is_proved(self) -> bool:
        return bool(self.proved_how)

    @property
    def seat(self) -> Seat:
        """Where the head office is."""
        return Seat(self.area, self.prefecture, self.country)

    @property
    def names_of_people(self) -> list[str]:
        """What of its names is personal data."""
        own = [self.name] if self.is_sole_proprietor else []
        return [name for name in (*own, self.representative_name) if name]

    @property
    def is_sole_proprietor(self) -> bool:
        return self.kind == "sole_proprietor"


class Membership(models.Model):
    ROLES = [("representative", _lazy("代表者")), ("member", _lazy("担当者"))]

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=ROLES)
    joined_at = models.DateTimeField(default=clock.now)
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=Q(left_at=None),
                name="accounts_membership_live_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} @ {self.organisation}"


class Delegation(models.Model):
    """委任: an adviser acts for an organisation, for one programme or all, from a day until a day."""

    adviser = models.ForeignKey(User, models.PROTECT, related_name="delegations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="delegations")
    programme_code = models.CharField(max_length=20, blank=True)
    may_submit = models.BooleanField(default=False)
    starts_on = models.DateField()
    ends_on = models.DateField()
    granted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")), name="accounts_delegation_days"
            ),
            models.CheckConstraint(
                condition=~Q(adviser=models.F("granted_by")), name="accounts_delegation_not_self"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.adviser} → {self.organisation}"


class Invitation(models.Model):
    """An open invitation by e-mail. The link carries a secret whose hash alone is kept."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(
        max_length=20, choices=[*Membership.ROLES, ("adviser", _lazy("代理人"))]
    )
    terms = models.JSONField(default=dict)
    secret_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)
    # when its writer heard that nobody accepted it in time
    lapse_told_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.get_role_display()} @ {self.organisation}"

    @property
    def standing(self) -> str:
        """accepted, taken_back, lapsed, void (its writer could not write it any more) or open."""
        if self.accepted_at is not None:
            return "accepted"
        if self.taken_back_at is not None:
            return "taken_back"
        last: str = self.terms.get("ends_on") or "9999"  # day of the mandate that it offers
        if self.expires_at <= clock.now() or last < clock.today().isoformat():
            return "lapsed"
        return "open" if self.may_be_written() else "void"

    def may_be_written(self) -> bool:
        """An invitation holds as long as whoever wrote it could write it."""
        held = self.organisation.memberships.filter(
            user=self.invited_by, role="representative", left_at=None
        )
        return self.invited_by.is_active and held.exists()
