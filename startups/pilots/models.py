"""実証: from agreed matches to an evaluated result, or to a stop with its reasons.

The ledger lies in `ledger.py`.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from grants.applications.models import Application
from grants.applications.obstacles import open_findings
from portal import clock, jptext
from portal.accounts.permissions import Applicant, office
from portal.cases.models import Case, NumberSeries
from portal.registry.models import in_english
from portal.workflow.errors import NotReady
from portal.workflow.graph import (
    UNBORN,
    LifeCycle,
    Requirement,
    State,
    state_check,
    state_field,
    transition,
)
from startups.challenges.models import Challenge
from startups.matching.models import Match
from startups.pilots.bookings import Booking
from startups.pilots.ledger import (
    Evaluation,
    Incident,
    Indicator,
    Partner,
    Reading,
    Status,
    found,
    take_indicators,
)

__all__ = [
    "Booking",
    "Evaluation",
    "Incident",
    "Indicator",
    "Partner",
    "Pilot",
    "Reading",
    "Status",
]

OWNER = office("challenge_owner")
DECIDER = office("approver")
BEGINNERS = ("challenge_owner", "concierge", "programme_officer")
FIRM = Applicant(submitting=True)


def _no_terms(pilot: "Pilot") -> list[str]:
    missing = [] if pilot.terms else [_now("先に、担当課が協定の案を書きます。")]
    rows = list(pilot.indicators.all())
    if not rows or any(row.baseline is None or row.target is None for row in rows):
        missing.append(_now("指標の、はじめの値とめざす値を数で入れてください。"))
    return missing


def _no_consent(pilot: "Pilot") -> list[str]:
    return [] if pilot.consented_at else [_now("提案者が、協定の案に同意すると結べます。")]


def _findings(pilot: "Pilot") -> list[str]:
    return open_findings(pilot.application)


def _not_measured(pilot: "Pilot") -> list[str]:
    missing = [row.name for row in pilot.indicators.filter(readings=None)]
    return (
        [_now("まだ一度も測っていない指標があります：%(names)s") % {"names": "、".join(missing)}]
        if missing
        else []
    )


def _not_assessed(pilot: "Pilot") -> list[str]:
    have = set(pilot.evaluations.values_list("side", flat=True))
    missing = [str(label) for side, label in Evaluation.SIDES if side not in have]
    return [_now("評価がまだです：%(names)s") % {"names": "、".join(missing)}] if missing else []


PILOT_STATES = {
    "preparing": State(
        _("協定の準備"),
        _("協定の準備"),
        "city",
        say=_("実証の条件を、市町村といっしょに決めています。"),
    ),
    "agreed": State(
        _("協定を締結"),
        _("協定を結びました"),
        "good",
        say=_("協定を結びました。まもなく実証が始まります。"),
    ),
    "running": State(_("実証中"), _("実証中"), "city", say=_("いま、実証を行っています。")),
    "reported": State(
        _("結果の評価"),
        _("結果の評価"),
        "city",
        say=_("結果を、担当課・提案者・アドバイザリーボードで評価しています。"),
    ),
    "evaluated": State(
        _("評価済み"),
        _("評価が終わりました"),
        "good",
        say=_("実証の評価が終わり、結果を公表しました。"),
    ),
    "stopped": State(_("中止"), _("中止"), "stop", say=_("実証は中止になりました。")),
}


class PilotQuerySet(models.QuerySet["Pilot"]):
    def public(self) -> "PilotQuerySet":
        """Those with an agreement, whatever became of them:
        bad results are kept, so that nobody repeats them.
        """
        return self._agreed().prefetch_related("indicators__readings", "evaluations")

    def for_rows(self) -> "PilotQuerySet":
        """The same with what a row of a list says: neither readings nor evaluations."""
        return self._agreed().prefetch_related("indicators")

    def _agreed(self) -> "PilotQuerySet":
        rows = self.exclude(agreed_on=None).select_related("case__organisation__area", "challenge")
        return rows.prefetch_related(
            models.Prefetch("partners", Partner.objects.select_related("municipality"))
        )

    def search(self, text: str) -> "PilotQuerySet":
        rows = self
        for word in text.split()[:5]:
            rows = rows.filter(search_text__contains=jptext.search_key(word))
        return rows


class Pilot(LifeCycle):
    """One pilot of a proposal for one challenge, with every municipality whose match was agreed.

    terms: the fields of `TermsForm` as drafted (text), frozen by the signature; report: those of
    `ReportForm`.
    """

    lock_rank = 82
    STATES = PILOT_STATES
    LIVE = ("preparing", "agreed", "running", "reported")
    GATES = [
        ("go", _("続ける")),
        ("adjust", _("やり方を変えて続ける")),
        ("stop", _("やめることを提案する")),
    ]
    VERDICTS = [
        ("adopt", _("本格導入を検討する")),
        ("again", _("条件を変えて、もう一度試す")),
        ("not", _("導入しない")),
    ]

    case = models.OneToOneField(Case, models.PROTECT, related_name="pilot")
    application = models.ForeignKey(Application, models.PROTECT, related_name="pilots")
    challenge = models.ForeignKey(Challenge, models.PROTECT, related_name="pilots")
    title = models.CharField(max_length=80)
    title_en = models.CharField(max_length=160, blank=True)
    starts_on = models.DateField()
    midterm_on = models.DateField(null=True)
    ends_on = models.DateField()
    terms = models.JSONField(default=dict)
    consented_at = models.DateTimeField(null=True)
    agreed_on = models.DateField(null=True)
    gate = models.CharField(max_length=8, blank=True, choices=GATES)
    gate_text = models.TextField(blank=True)
    gate_on = models.DateField(null=True)
    report = models.JSONField(default=dict)
    verdict = models.CharField(max_length=8, blank=True, choices=VERDICTS)
    summary = models.TextField(blank=True)
    summary_en = models.TextField(blank=True)
    lessons = models.TextField(blank=True)
    reason = models.TextField(blank=True)  # why it was stopped
    ended_on = models.DateField(null=True)
    search_text = models.TextField(blank=True)
    state = state_field()

    objects = PilotQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            state_check(PILOT_STATES, "pilots_state"),
            models.CheckConstraint(
                condition=models.Q(ends_on__gt=models.F("starts_on")), name="pilots_period"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="stopped") | ~models.Q(reason=""),
                name="pilots_stopped_has_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="evaluated")
                | ~(models.Q(verdict="") | models.Q(summary="")),
                name="pilots_evaluated_has_result",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["preparing", "stopped"])
                | models.Q(agreed_on__isnull=False),
                name="pilots_agreed_on",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.shown_title}"

    def get_absolute_url(self) -> str:
        return self.case.get_absolute_url()

    @property
    def public_url(self) -> str:
        return reverse("pilot", args=[self.case.number])

    @property
    def shown_title(self) -> str:
        return self.title_en if in_english() and self.title_en else self.title

    @property
    def shown_summary(self) -> str:
        return self.summary_en if in_english() and self.summary_en else self.summary

    @property
    def value(self) -> int:
        """協定の額: yen that the municipalities together bear."""
        return sum(partner.support for partner in self.partners.all())

    @property
    def is_over(self) -> bool:
        return self.state not in self.LIVE

    @transition(
        source=UNBORN,
        target="preparing",
        label=_("実証の準備を始める"),
        done=_("実証の準備が始まりました"),
        internal=True,
        tell="applicant",
        permission=office(*BEGINNERS),
        locks=lambda _obj, given: (
            [m.case for m in given["matches"]][:1] + [m for m in given["matches"]]
        ),
    )
    def begin(self, *, matches: list[Match], **_given: Any) -> None:
        """From the agreed matches of one proposal to one challenge.

        Raises NotReady for any other.
        """
        fresh = list(
            Match.objects.filter(pk__in=[m.pk for m in matches]).select_related(
                "application__call", "challenge", "case__organisation"
            )
        )
        if (
            not fresh
            or any(m.state != "agreed" for m in fresh)
            or len({(m.application_id, m.challenge_id) for m in fresh}) > 1
        ):
            raise NotReady(_now("実証に進むことが決まったマッチングだけから始められます。"))
        if Partner.objects.filter(match__in=fresh).exists():
            raise NotReady(_now("この決定の実証は、すでに始まっています。"))
        first, challenge = fresh[0], fresh[0].challenge
        asked = challenge.content
        self.application, self.challenge = first.application, challenge
        self.title, self.title_en = challenge.title, challenge.title_en
        self.starts_on = max(date.fromisoformat(asked["starts_on"]), clock.today())
        self.ends_on = max(
            date.fromisoformat(asked["ends_on"]), date.fromordinal(self.starts_on.toordinal() + 28)
        )
        of, series = first.case, f"PI{first.application.call.fiscal_year - 2018}"
        self.case = Case.objects.create(
            number=f"{series}-{NumberSeries.one(series):03}",
            kind="pilot",
            organisation=of.organisation,
            programme_code=of.programme_code,
            programme_name=of.programme_name,
            programme_name_en=of.programme_name_en,
            call_label=of.call_label,
            call_label_en=of.call_label_en,
            municipality_codes=sorted({m.municipality_id for m in fresh}),
            title=self.title,
            is_draft=False,
            opened_at=clock.now(),
        )

    def born(self, by: Any, given: dict[str, Any]) -> None:
        """The first municipality is taken for the one that pays the support,
        until the terms say otherwise.
        """
        for n, match in enumerate(sorted(given["matches"], key=lambda m: m.pk)):
            support = self.challenge.content.get("support") or 0 if n == 0 else 0
            Partner.objects.create(
                pilot=self, match=match, municipality=match.municipality, support=support
            )
        take_indicators(self, self.challenge.content.get("indicators", []))

    # -- agreement ---------------------------------------------------------------------------------
    @transition(
        source="preparing",
        target="preparing",
        label=_("協定の案を書く"),
        done=_("協定の案を書きました"),
        permission=OWNER,
        duty="draft_agreement",
        form="pilot_terms",
        tell="applicant",
        tone="solid",
        unsaid=("terms", "supports"),
    )
    def draft_terms(
        self,
        *,
        terms: dict[str, str],
        starts_on: date,
        midterm_on: date,
        ends_on: date,
        supports: dict[str, int],
        title: str,
        title_en: str,
        **_given: Any,
    ) -> None:
        """The consent to an earlier draft does not hold for this one.

        `supports`: municipality code → yen.
        """
        self.terms, self.starts_on, self.midterm_on, self.ends_on = (
            terms,
            starts_on,
            midterm_on,
            ends_on,
        )
        self.title, self.title_en, self.consented_at = title, title_en, None
        for partner in self.partners.all():
            partner.support = supports.get(partner.municipality_id, partner.support)
            partner.save(update_fields=["support"])

    @transition(
        source="preparing",
        target="preparing",
        label=_("協定の案に同意する"),
        done=_("提案者が協定の案に同意しました"),
        permission=FIRM,
        requirements=(Requirement("terms", _no_terms),),
        tell="office",
        heard=_("提案者が協定の案に同意しました"),
        tone="solid",
    )
    def consent(self, **_given: Any) -> None:
        self.consented_at = clock.now()

    @transition(
        source="preparing",
        target="agreed",
        label=_("協定を結ぶ"),
        done=_("基本協定を結びました"),
        permission=DECIDER,
        duty="sign_agreement",
        requirements=(
            Requirement("terms", _no_terms),
            Requirement("consent", _no_consent),
            Requirement("findings", _findings),
        ),
        notice="pilot_agreement",
        sensitive=True,
        tone="solid",
    )
    def sign(self, **_given: Any) -> None:
        self.agreed_on = clock.today()

    # -- the pilot ---------------------------------------------------------------------------------
    @transition(
        source="agreed",
        target="running",
        label=_("実証を始める"),
        done=_("実証が始まりました"),
        permission=OWNER,
        tell="applicant",
        tone="solid",
    )
    def start(self, **_given: Any) -> None:
        pass

    @transition(
        source="running",
        target="running",
        label=_("中間の判定を書く"),
        done=_("中間の判定をしました"),
        permission=OWNER,
        form="pilot_gate",
        duty="assess_pilot",
        tell="applicant",
    )
    def judge(self, *, gate: str, gate_text: str, **_given: Any) -> None:
        self.gate, self.gate_text, self.gate_on = gate, gate_text, clock.today()

    @transition(
        source=("running", "reported"),
        target="running",
        label=_("期間を延ばす"),
        done=_("実証の期間を延ばしました"),
        permission=DECIDER,
        form="pilot_extension",
        reason="required",
        tell="applicant",
    )
    def extend(self, *, ends_on: date, **_given: Any) -> None:
        """Raises NotReady for a day that does not lie after the present end."""
        if ends_on <= self.ends_on:
            raise NotReady(_now("いまの終わりの日より後の日にしてください。"))
        self.ends_on, self.report = ends_on, {}
        self.evaluations.all().delete()

    @transition(
        source="running",
        target="reported",
        label=_("実証の結果を報告する"),
        done=_("実証の結果を報告しました"),
        permission=FIRM,
        requirements=(Requirement("measured", _not_measured),),
        form="pilot_report",
        tell="office",
        heard=_("実証の結果の報告が届きました"),
        tone="solid",
        unsaid=("report",),
    )
    def hand_in(self, *, report: dict[str, str], **_given: Any) -> None:
        self.report = report

    @transition(
        source="reported",
        target="running",
        label=_("報告を差し戻す"),
        done=_("報告を差し戻しました"),
        permission=OWNER,
        reason="required",
        tell="applicant",
    )
    def send_back(self, **_given: Any) -> None:
        self.evaluations.all().delete()

    # -- evaluation --------------------------------------------------------------------------------
    @transition(
        source="reported",
        target="reported",
        label=_("担当課の評価を書く"),
        done=_("担当課が評価を書きました"),
        permission=OWNER,
        duty="assess_pilot",
        form="pilot_assessment",
        unsaid=("text",),
    )
    def assess_department(self, *, by: Any, **given: Any) -> None:
        found(self, "department", by, given)

    @transition(
        source="reported",
        target="reported",
        label=_("提案者の評価を書く"),
        done=_("提案者が評価を書きました"),
        permission=Applicant(),
        form="pilot_assessment",
        unsaid=("text",),
    )
    def assess_firm(self, *, by: Any, **given: Any) -> None:
        found(self, "firm", by, given)

    @transition(
        source="reported",
        target="reported",
        label=_("ボードの評価を書く"),
        done=_("アドバイザリーボードが評価を書きました"),
        permission=office("reviewer"),
        duty="assess_pilot",
        form="pilot_assessment",
        unsaid=("text",),
    )
    def assess_board(self, *, by: Any, **given: Any) -> None:
        found(self, "board", by, given)

    @transition(
        source="reported",
        target="evaluated",
        label=_("評価を決定して公表する"),
        done=_("実証の評価を決定し、公表しました"),
        permission=DECIDER,
        duty="conclude_pilot",
        requirements=(Requirement("assessed", _not_assessed),),
        form="pilot_result",
        notice="pilot_result",
        sensitive=True,
        tone="solid",
    )
    def conclude(
        self, *, verdict: str, summary: str, summary_en: str, lessons: str, **_given: Any
    ) -> None:
        self.verdict, self.summary, self.summary_en, self.lessons = (
            verdict,
            summary,
            summary_en,
            lessons,
        )
        self.ended_on = clock.today()

    @transition(
        source=("preparing", "agreed", "running", "reported"),
        target="stopped",
        label=_("実証を中止する"),
        done=_("実証を中止しました"),
        permission=DECIDER,
        duty="conclude_pilot",
        reason="required",
        form="pilot_stop",
        notice="pilot_stopped",
        sensitive=True,
        tone="danger",
    )
    def stop(self, *, reason: str, lessons: str = "", **_given: Any) -> None:
        """After an agreement the reason is published, with what was learned."""
        self.reason, self.lessons, self.ended_on = reason, lessons, clock.today()

    def mirror(self) -> None:
        case = self.case
        with override("ja"):  # stored as the message id, shown in the reader's language
            case.state, case.state_label = self.state, str(self.info.label)
        case.title, case.amount = self.title, self.value or None
        case.closed_at = clock.now() if self.is_over else None
        case.index_for_search()
        case.save()
        words: Iterable[str] = (
            case.number,
            case.organisation.public_name,
            self.title,
            self.title_en,
            self.challenge.content.get("background", ""),
            self.summary,
            self.lessons,
            self.reason,
        )
        type(self).objects.filter(pk=self.pk).update(
            search_text=" ".join(jptext.search_key(word) for word in words if word)
        )
