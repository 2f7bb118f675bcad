"""How a firm becomes its people's: letters with a code to its address, claims that the office decides,
and decisions on them that take two.
"""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.accounts.models import Membership, Organisation, User
from portal.types import Visitor
from portal.workflow.proposals import CLOSED_BY_ANOTHER, Proposal

TRIES = 5


class ProofLetter(models.Model):
    """A letter to a firm's address as it was when it was asked for: with a code, or with what a claim
    on a firm that nobody signs in for has come to.

    The code exists on paper alone: it is made when the letter is printed, and its hash is kept.
    `asked_by`: of the office, for a person who lost every second factor and cannot sign in: registered
    post, whose code its person reads out (factor_letters.py). `claim`, `tells`: a letter without a
    person and without a code (`letters.tell`); `last_day` of it: until when the firm may answer.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="proof_letters")
    person = models.ForeignKey(User, models.PROTECT, null=True, related_name="proof_letters")
    claim = models.ForeignKey("FirmClaim", models.PROTECT, null=True, related_name="letters")
    tells = models.CharField(max_length=10, blank=True)
    name = models.CharField(max_length=150)
    postal_code = models.CharField(max_length=7, blank=True)
    address = models.CharField(max_length=330)
    asked_at = models.DateTimeField(default=clock.now)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    code_hash = models.CharField(max_length=128, blank=True)
    last_day = models.DateField(null=True)  # on which the code may be entered
    printed_at = models.DateTimeField(null=True)
    printed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    posted_at = models.DateTimeField(null=True)
    posted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    tries = models.PositiveSmallIntegerField(default=0)  # wrong ones
    used_at = models.DateTimeField(null=True)
    # used, tried too often, asked for anew, or taken out of the list to print
    ended_at = models.DateTimeField(null=True)
    dropped_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    dropped_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person"],
                condition=Q(ended_at=None, asked_by=None),
                name="firms_letter_live_once",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(ended_at=None, asked_by__isnull=False),
                name="firms_letter_of_factor_once",
            ),
            models.CheckConstraint(
                condition=Q(dropped_by=None, dropped_reason="")
                | Q(dropped_by__isnull=False, ended_at__isnull=False, posted_at=None)
                & ~Q(dropped_reason=""),
                name="firms_letter_dropped",
            ),
            models.CheckConstraint(condition=Q(tries__lte=TRIES), name="firms_letter_tries"),
            models.CheckConstraint(
                condition=Q(claim=None, tells="", person__isnull=False)
                | Q(claim__isnull=False, person=None, asked_by=None, code_hash="") & ~Q(tells=""),
                name="firms_letter_tells",
            ),
        ]
        ordering = ["asked_at", "pk"]

    def __str__(self) -> str:
        return self.told_as

    @property
    def told_as(self) -> str:
        if self.claim_id is not None:
            words = _("お知らせの手紙 第%(n)s号")
        else:
            words = _("書留の手紙 第%(n)s号") if self.is_of_factor else _("確認の手紙 第%(n)s号")
        return words % {"n": self.pk}

    @property
    def is_of_factor(self) -> bool:
        """Whether its code shows who somebody is, and not whose a firm is."""
        return self.asked_by_id is not None

    def address_for(self, user: User) -> str:
        if self.is_of_factor:
            return reverse("account_login")
        open_ones = self.organisation.claims.filter(person=user, outcome="")
        claim = open_ones.exclude(matter="record").first()
        if claim is not None:
            return claim.address_for(user)
        return reverse("firm_proof", args=[self.organisation_id])

    @property
    def is_over(self) -> bool:
        """True where its code is not taken any more."""
        late = self.last_day is not None and self.last_day < clock.today()
        return self.ended_at is not None or late

    @property
    def tries_left(self) -> int:
        return TRIES - self.tries


class FirmClaim(models.Model):
    """Somebody says that a registered firm is theirs, that its number is wrong, or that a proved firm
    is called or led otherwise now.

    Whoever holds the firm may answer; an officer decides. Neither side is told who the other is.
    """

    MATTERS = [
        ("belongs", _lazy("この事業者の代表者、または代表者から任された者です")),
        ("left", _lazy("登録されている代表者が退いたので、引き継ぎたい")),
        ("number", _lazy("法人番号をまちがえて登録しました")),
        ("record", _lazy("確認を受けた名称・所在地・代表者を改めたい")),
    ]
    WHOSE = ("belongs", "left")  # whose the firm is; the other matters are the firm's own
    OUTCOMES = [
        ("hand_over", _lazy("引き渡した")),
        ("add", _lazy("加えた")),
        ("correct", _lazy("番号を改めた")),
        ("adopt", _lazy("登録を改めた")),
        ("refuse", _lazy("認めなかった")),
        ("withdraw", _lazy("取り下げられた")),
    ]

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="claims")
    person = models.ForeignKey(User, models.PROTECT, related_name="firm_claims")
    matter = models.CharField(max_length=10, choices=MATTERS)
    words = models.TextField()
    right_number = models.CharField(max_length=13, blank=True)
    proposed = models.JSONField(default=dict)  # of a record: column → what it is to say
    # what the person has proved on their own meanwhile
    proved_how = models.CharField(max_length=10, choices=Organisation.PROVED, blank=True)
    made_at = models.DateTimeField(default=clock.now)
    answer = models.TextField(blank=True)  # of whoever holds the firm
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=OUTCOMES, blank=True)
    ground = models.TextField(blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person"],
                condition=Q(outcome="") & ~Q(matter="record"),
                name="firms_claim_open_once",
            ),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(outcome="", matter="record"),
                name="firms_record_open_once",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at=None)
                | ~Q(outcome="") & Q(decided_at__isnull=False, decided_by__isnull=False),
                name="firms_claim_decided_by_somebody",
            ),
        ]
        ordering = ["made_at", "pk"]

    def __str__(self) -> str:
        return self.told_as

    @property
    def told_as(self) -> str:
        return _("事業者についての申し出 第%(n)s号") % {"n": self.pk}

    @property
    def is_open(self) -> bool:
        return not self.outcome

    @property
    def asks_whose(self) -> bool:
        """True where it says whose the firm is."""
        return self.matter in self.WHOSE

    @property
    def passing(self) -> "Passing | None":
        """The decision that waits for another officer."""
        return self.passings.filter(outcome="").select_related("proposed_by").first()

    def address_for(self, user: User) -> str:
        """To each side its own page: the office decides, the claimant waits, the holder answers."""
        if user.is_office:
            return reverse("firm_claim_staff", args=[self.pk])
        if user.pk == self.person_id:
            return reverse("firm_claim", args=[self.pk])
        if self.matter == "record":
            return reverse("organisation", args=[self.organisation_id])
        return reverse("firm_proof", args=[self.organisation_id])


class Passing(Proposal):
    """A decision by which a proved firm passes to somebody else (passing.py): one officer proposes it,
    its representatives may object until `answer_by` and for as long as nobody has confirmed it.
    """

    OUTCOMES = [
        ("confirmed", _lazy("確認した")),
        ("objected", _lazy("代表者が異議を述べた")),
        ("taken_back", _lazy("取り下げた")),
    ]
    DECISIONS = [
        ("hand_over", _lazy("申し出た方に引き渡す")),
        ("add", _lazy("申し出た方を代表者として加える")),
        ("correct", _lazy("法人番号を改める")),
    ]
    BY_ANOTHER = _lazy("提案した方は確認できません。別の担当が確認します。")
    IS_CLOSED = _lazy("この提案は、もう終わっています。")

    claim = models.ForeignKey(FirmClaim, models.PROTECT, related_name="passings")
    decision = models.CharField(max_length=10, choices=DECISIONS)
    role = models.CharField(max_length=20, choices=Membership.ROLES)
    number = models.CharField(max_length=13, blank=True)
    ground = models.TextField()
    answer_by = models.DateField()
    outcome = models.CharField(max_length=10, choices=OUTCOMES, blank=True)
    objection = models.TextField(blank=True)

    class Meta:
        ordering = ["proposed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim"], condition=Q(outcome=""), name="firms_passing_open_once"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", closed_at=None)
                | ~Q(outcome="") & Q(closed_at__isnull=False, closed_by__isnull=False),
                name="firms_passing_closed",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="confirmed") | CLOSED_BY_ANOTHER,
                name="firms_passing_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim} {self.proposed_at:%Y-%m-%d}"

    @property
    def has_waited(self) -> bool:
        """Whether the representatives had their days to answer."""
        return clock.today() > self.answer_by

    def is_anothers(self, person: Visitor) -> bool:
        return super().is_anothers(person) and person.pk != self.claim.person_id

    @property
    def told_as(self) -> str:
        return self.claim.told_as

    def address_for(self, user: User) -> str:
        """To whoever may object, the page that leads to it; to all others, that of the claim."""
        if user.is_office or user.pk == self.claim.person_id:
            return self.claim.address_for(user)
        return reverse("firm_passing_object", args=[self.pk])
