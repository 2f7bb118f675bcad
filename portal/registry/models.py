"""The base registry: reference data that others publish.

Rows are replaced by imports, never typed by users.
"""

from datetime import date

from django.db import models
from django.utils.translation import get_language

from portal import jptext


def in_english() -> bool:
    """True for a reader of the English pages."""
    return get_language() == "en"


class Municipality(models.Model):
    """One of the 12 municipalities of the partnership area. `code`: six digits with check digit."""

    code = models.CharField(max_length=6, primary_key=True)
    name = models.CharField(max_length=20)
    name_en = models.CharField(max_length=40)
    kana = models.CharField(max_length=40)
    corporate_number = models.CharField(max_length=13, unique=True)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name_en if in_english() else self.name


class Area(models.Model):
    """One of the 21 areas: a ward of Sapporo, or another municipality."""

    code = models.CharField(max_length=6, primary_key=True)
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="areas")
    name = models.CharField(max_length=20)
    name_en = models.CharField(max_length=40)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        if not in_english():
            return self.full_name
        whole = self.code == self.municipality_id
        return self.name_en if whole else f"{self.name_en}, {self.municipality.name_en}"

    @property
    def full_name(self) -> str:
        """The Japanese name with its municipality, whoever reads: what is frozen and printed."""
        return (
            self.name
            if self.code == self.municipality_id
            else f"{self.municipality.name}{self.name}"
        )


class Industry(models.Model):
    """A middle group of 日本標準産業分類 (14th revision), with its major group and its class in the SME
    table.
    """

    code = models.CharField(max_length=2, primary_key=True)
    major = models.CharField(max_length=1)
    major_name = models.CharField(max_length=60)
    major_name_en = models.CharField(max_length=80, default="")
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=100, default="")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name_en if in_english() else self.name}"

    @property
    def major_said(self) -> str:
        return self.major_name_en if in_english() else self.major_name


class PostalCode(models.Model):
    """A postal code of the 21 areas. One code may lie in two areas: it suggests, never forces."""

    code = models.CharField(max_length=7, db_index=True)
    area = models.ForeignKey(Area, models.CASCADE)
    town = models.CharField(max_length=80)

    def __str__(self) -> str:
        return f"{self.code} {self.town}"


class Bank(models.Model):
    code = models.CharField(max_length=4, primary_key=True)
    name = models.CharField(max_length=60)
    kana = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.name


class Branch(models.Model):
    bank = models.ForeignKey(Bank, models.CASCADE, related_name="branches")
    code = models.CharField(max_length=3)
    name = models.CharField(max_length=60)
    kana = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bank", "code"], name="registry_branch_once")
        ]

    def __str__(self) -> str:
        return f"{self.bank_id}-{self.code} {self.name}"


class Holiday(models.Model):
    day = models.DateField(primary_key=True)
    name = models.CharField(max_length=40)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


KINDS_OF_COMPANY = ("株式会社", "有限会社", "合同会社", "合資会社", "一般社団法人")


class CorporationQuerySet(models.QuerySet["Corporation"]):
    def search(self, text: str) -> "CorporationQuerySet":
        number = jptext.digits(text)
        if len(number) == 13 and number.isdigit():
            return self.filter(number=number)
        return self.filter(name_key__contains=jptext.search_key(text))

    def begins(self, name: str) -> "CorporationQuerySet":
        """Those whose name begins so, be the kind of company said before it or not."""
        key, said = jptext.search_key(name), models.Q()
        for kind in ("", *KINDS_OF_COMPANY):
            said |= models.Q(name_key__startswith=kind + key)
        return self.filter(said)


PUBLISHED_SINCE = date(2015, 10, 5)  # the agency publishes since then: no row of its files is older


class Corporation(models.Model):
    """A corporation as the National Tax Agency publishes it: the state by its newest publication
    known.

    `changed_on` is the day of the change in the register, `updated_on` the day the agency published
    the row; `sequence` is the row's place among those of that day; `latest` is False for what the
    agency itself marks as past.
    """

    number = models.CharField(max_length=13, primary_key=True)
    name = models.CharField(max_length=150)
    name_key = models.CharField(max_length=200, db_index=True)
    kana = models.CharField(max_length=500, blank=True)
    kind = models.CharField(max_length=3)
    prefecture = models.CharField(max_length=10, blank=True)
    city = models.CharField(max_length=20, blank=True)
    street = models.CharField(max_length=300, blank=True)
    area_code = models.CharField(max_length=5, blank=True, db_index=True)
    postal_code = models.CharField(max_length=7, blank=True)
    closed_on = models.DateField(null=True)
    close_cause = models.CharField(max_length=2, blank=True)
    successor = models.CharField(max_length=13, blank=True)
    process = models.CharField(max_length=2, blank=True)
    changed_on = models.DateField()
    updated_on = models.DateField(default=PUBLISHED_SINCE)
    latest = models.BooleanField(default=False)
    sequence = models.BigIntegerField()

    objects = CorporationQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def address(self) -> str:
        return f"{self.prefecture}{self.city}{self.street}"

    @property
    def area(self) -> Area | None:
        return (
            Area.objects.filter(code__startswith=self.area_code).first() if self.area_code else None
        )

    @property
    def is_closed(self) -> bool:
        return self.closed_on is not None

    @property
    def is_deleted(self) -> bool:
        """The agency took the number itself back (削除): `closed_on` is then the day of it."""
        return self.process == CorporationChange.DELETED


class CorporationChange(models.Model):
    """One published change, kept as history: opening, rename, move, closure, merger."""

    PROCESSES = {
        "01": "新規",
        "11": "商号又は名称の変更",
        "12": "国内所在地の変更",
        "13": "国外所在地の変更",
        "21": "登記記録の閉鎖等",
        "22": "登記記録の復活等",
        "71": "吸収合併",
        "72": "吸収合併無効",
        "81": "商号の登記の抹消",
        "99": "削除",
    }
    REVIVED, DELETED = "22", "99"

    corporation = models.ForeignKey(
        Corporation, models.CASCADE, related_name="changes", db_constraint=False
    )
    process = models.CharField(max_length=2)
    changed_on = models.DateField()
    name = models.CharField(max_length=150)
    address = models.CharField(max_length=330)
    successor = models.CharField(max_length=13, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["corporation", "process", "changed_on", "name", "address"],
                name="registry_change_once",
            )
        ]
        ordering = ["-changed_on", "-id"]

    def __str__(self) -> str:
        return f"{self.corporation_id} {self.get_process()} {self.changed_on}"

    def get_process(self) -> str:
        return self.PROCESSES.get(self.process, self.process)


def area_of(code5: str) -> Area | None:
    """The Area whose six-digit code begins with these five digits, or None."""
    return Area.objects.filter(code__startswith=code5).first()
