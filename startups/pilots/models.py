"""実証: from agreed matches to an evaluated result, or to a stop with its reasons.

What is kept of it stands in `record.py`; the ledger lies in `entries.py` and `ledger.py`.
"""

from datetime import date

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import override

from grants.applications.obstacles import open_findings
from portal import clock, jptext
from portal.accounts.models import User
from portal.accounts.permissions import Applicant, office
from portal.closures import calendars
from portal.types import Given
from portal.workflow.errors import NotReady
from portal.workflow.graph import UNBORN, Requirement, transition
from startups.matching.models import Match
from startups.matching.states import MatchState
from startups.pilots import earlier, schedule
from startups.pilots.bookings import Booking
from startups.pilots.cases import following
from startups.pilots.entries import Evaluation, Incident, Indicator, Partner, Reading, Status
from startups.pilots.extending import DECIDER, FIRM, OWNER
from startups.pilots.states import PilotState
from startups.pilots.stopping import Stopping

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

BEGINNERS = ("challenge_owner", "concierge", "programme_officer")


def _no_terms(pilot: "Pilot") -> list[str]:
    missing = [] if pilot.terms else [_("先に、担当課が協定の案を書きます。")]
    rows = list(pilot.indicators.all())
    if not rows or any(row.baseline is None or row.target is None for row in rows):
        missing.append(_("指標の、現状値と目標値を数で入れてください。"))
    return missing


def _no_consent(pilot: "Pilot") -> list[str]:
    return [] if pilot.consented_at else [_("提案者が、協定の案に同意すると結べます。")]


def _consented(pilot: "Pilot") -> list[str]:
    return [_("この協定の案には、すでに同意しています。")] if pilot.consented_at else []


def _findings(pilot: "Pilot") -> list[str]:
    return open_findings(pilot.application)


def _not_measured(pilot: "Pilot") -> list[str]:
    missing = [row.name for row in pilot.indicators.filter(readings=None)]
    return (
        [_("まだ一度も測っていない指標があります：%(names)s") % {"names": "、".join(missing)}]
        if missing
        else []
    )


def _not_assessed(pilot: "Pilot") -> list[str]:
    have = set(pilot.evaluations.values_list("side", flat=True))
    missing = [str(label) for side, label in Evaluation.SIDES if side not in have]
    return [_("評価がまだです：%(names)s") % {"names": "、".join(missing)}] if missing else []


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


class Pilot(Stopping):
    """One pilot of a proposal for one challenge, with every municipality whose match was agreed."""

    objects = PilotQuerySet.as_manager()

    @property
    def report_due(self) -> date:
        return schedule.report_due(self.ends_on, calendars.of_case(self.case))

    @property
    def value(self) -> int:
        """協定の額: yen that the municipalities together bear."""
        return sum(partner.support for partner in self.partners.all())

    @transition(
        source=UNBORN,
        target=PilotState.PREPARING,
        label=_lazy("実証の準備を始める"),
        done=_lazy("実証の準備が始まりました"),
        internal=True,
        permission=office(*BEGINNERS),
        locks=lambda _obj, given: [*(m.case for m in given["matches"][:1]), *given["matches"]],
    )
    def begin(self, *, matches: list[Match], **_given: object) -> None:
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
            or any(m.state != MatchState.AGREED for m in fresh)
            or len({(m.application_id, m.challenge_id) for m in fresh}) > 1
        ):
            raise NotReady(_("実証に進むことが決まったマッチングだけから始められます。"))
        if Partner.objects.filter(match__in=fresh).exists():
            raise NotReady(_("この決定の実証は、すでに始まっています。"))
        first, challenge = fresh[0], fresh[0].challenge
        asked = challenge.content
        self.application, self.challenge = first.application, challenge
        self.title, self.title_en = challenge.title, challenge.title_en
        self.starts_on = max(date.fromisoformat(asked["starts_on"]), clock.today())
        self.ends_on = max(
            date.fromisoformat(asked["ends_on"]), date.fromordinal(self.starts_on.toordinal() + 28)
        )
        self.case = following(
            first.case,
            kind="pilot",
            series=f"PI{first.application.call.fiscal_year - 2018}",
            municipality_codes=sorted({m.municipality_id for m in fresh}),
            title=self.title,
        )

    def born(self, by: User, given: Given) -> None:
        """The first municipality is taken for the one that pays the support,
        until the terms say otherwise.
        """
        for n, match in enumerate(sorted(given["matches"], key=lambda m: m.pk)):
            support = self.challenge.content.get("support") or 0 if n == 0 else 0
            Partner.objects.create(
                pilot=self, match=match, municipality=match.municipality, support=support
            )
        stated = self.challenge.content.get("indicators", [])
        indicators = [Indicator.stated(n, row) for n, row in enumerate(stated, 1)]
        for indicator in indicators:
            indicator.pilot = self
        Indicator.objects.bulk_create(indicators)

    # -- agreement ---------------------------------------------------------------------------------
    @transition(
        source=PilotState.PREPARING,
        target=PilotState.PREPARING,
        label=_lazy("協定の案を書く"),
        done=_lazy("協定の案を書きました"),
        permission=OWNER,
        duty="draft_agreement",
        form="pilot_terms",
        tone="solid",
        unsaid=("terms", "supports"),
    )
    def draft_terms(
        self,
        *,
        by: User,
        terms: dict[str, str],
        starts_on: date,
        midterm_on: date,
        ends_on: date,
        supports: dict[str, int],
        title: str,
        title_en: str,
        **_given: object,
    ) -> None:
        """The consent to an earlier draft does not hold for this one.

        `supports`: municipality code → yen. Raises Forbidden where they change that of a town over
        which the person has no role.
        """
        self.terms, self.starts_on = terms, starts_on
        self.midterm_on, self.ends_on = midterm_on, ends_on
        self.title, self.title_en, self.consented_at = title, title_en, None
        for partner in self.partners.select_related("municipality"):
            partner.write_support(supports.get(partner.municipality_id, partner.support), by)

    @transition(
        source=PilotState.PREPARING,
        target=PilotState.PREPARING,
        label=_lazy("協定の案に同意する"),
        done=_lazy("提案者が協定の案に同意しました"),
        permission=FIRM,
        requirements=(Requirement("terms", _no_terms), Requirement("new", _consented)),
        tone="solid",
    )
    def consent(self, **_given: object) -> None:
        self.consented_at = clock.now()

    @transition(
        source=PilotState.PREPARING,
        target=PilotState.AGREED,
        label=_lazy("協定を結ぶ"),
        done=_lazy("基本協定を結びました"),
        permission=DECIDER,
        duty="sign_agreement",
        requirements=(
            Requirement("terms", _no_terms),
            Requirement("consent", _no_consent),
            Requirement("findings", _findings),
        ),
        sensitive=True,
        tone="solid",
    )
    def sign(self, **_given: object) -> None:
        self.agreed_on, self.agreed_until = clock.today(), self.ends_on

    # -- the pilot ---------------------------------------------------------------------------------
    @transition(
        source=PilotState.AGREED,
        target=PilotState.RUNNING,
        label=_lazy("実証を始める"),
        done=_lazy("実証が始まりました"),
        permission=OWNER,
        tone="solid",
    )
    def start(self, **_given: object) -> None:
        pass

    @transition(
        source=PilotState.RUNNING,
        target=PilotState.RUNNING,
        label=_lazy("中間の判定を書く"),
        done=_lazy("中間の判定をしました"),
        permission=OWNER,
        form="pilot_gate",
        duty="assess_pilot",
    )
    def judge(self, *, gate: str, gate_text: str, **_given: object) -> None:
        self.gate, self.gate_text, self.gate_on = gate, gate_text, clock.today()

    @transition(
        source=PilotState.RUNNING,
        target=PilotState.REPORTED,
        label=_lazy("実証の結果を報告する"),
        done=_lazy("実証の結果を報告しました"),
        permission=FIRM,
        requirements=(Requirement("measured", _not_measured),),
        form="pilot_report",
        tone="solid",
        unsaid=("report",),
    )
    def hand_in(self, *, report: dict[str, str], by: User, **_given: object) -> None:
        """Whatever waits for an extension is over."""
        earlier.keep_report(self, by)
        self.report = report
        self.forget_extension()

    @transition(
        source=PilotState.REPORTED,
        target=PilotState.RUNNING,
        label=_lazy("報告を差し戻す"),
        done=_lazy("報告を差し戻しました"),
        permission=OWNER,
        reason="required",
    )
    def send_back(self, *, by: User, **_given: object) -> None:
        earlier.take_evaluations_away(self, by)

    # -- evaluation --------------------------------------------------------------------------------
    @transition(
        source=PilotState.REPORTED,
        target=PilotState.REPORTED,
        label=_lazy("担当課の評価を書く"),
        done=_lazy("担当課が評価を書きました"),
        permission=OWNER,
        duty="assess_pilot",
        form="pilot_assessment",
        unsaid=("text",),
    )
    def assess_department(self, *, by: User, mark: str, text: str, **_given: object) -> None:
        self._assess("department", by, mark, text)

    @transition(
        source=PilotState.REPORTED,
        target=PilotState.REPORTED,
        label=_lazy("提案者の評価を書く"),
        done=_lazy("提案者が評価を書きました"),
        permission=Applicant(),
        form="pilot_assessment",
        unsaid=("text",),
    )
    def assess_firm(self, *, by: User, mark: str, text: str, **_given: object) -> None:
        self._assess("firm", by, mark, text)

    @transition(
        source=PilotState.REPORTED,
        target=PilotState.REPORTED,
        label=_lazy("ボードの評価を書く"),
        done=_lazy("アドバイザリーボードが評価を書きました"),
        permission=office("reviewer"),
        duty="assess_board",
        form="pilot_assessment",
        unsaid=("text",),
    )
    def assess_board(self, *, by: User, mark: str, text: str, **_given: object) -> None:
        self._assess("board", by, mark, text)

    def _assess(self, side: str, by: User, mark: str, text: str) -> None:
        """Keep one side's evaluation; until the decision it may be written again."""
        earlier.keep_evaluations(self, by, side)
        said = {"mark": mark, "text": text, "by": by, "at": clock.now()}
        self.evaluations.update_or_create(side=side, defaults=said)

    @transition(
        source=PilotState.REPORTED,
        target=PilotState.EVALUATED,
        label=_lazy("評価を決定して公表する"),
        done=_lazy("実証の評価を決定し、公表しました"),
        permission=DECIDER,
        duty="conclude_pilot",
        requirements=(Requirement("assessed", _not_assessed),),
        form="pilot_result",
        sensitive=True,
        tone="solid",
    )
    def conclude(
        self, *, verdict: str, summary: str, summary_en: str, lessons: str, **_given: object
    ) -> None:
        self.verdict, self.lessons = verdict, lessons
        self.summary, self.summary_en = summary, summary_en
        self.ended_on = clock.today()

    def mirror(self) -> None:
        case = self.case
        with override("ja"):  # stored as the message id, shown in the reader's language
            case.state, case.state_label = self.state, str(self.info.label)
        case.title, case.amount = self.title, self.value or None
        case.closed_at = clock.now() if self.is_over else None
        case.save()
        Pilot.objects.filter(pk=self.pk).update(
            search_text=" ".join(jptext.search_key(word) for word in self.words if word)
        )
