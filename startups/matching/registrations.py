"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from grants.applications.models import Application
from grants.applications.ports import later_life
from portal.cases import visibility
from portal.cases.ports import (
    Assignment,
    DossierPart,
    Erasure,
    KeptDay,
    Panel,
    PublicActs,
    assignments,
    case_panels,
    dossier_parts,
    duty_subjects,
    erasures,
    keeping_rules,
    kept_days,
    loaders,
    public_acts,
    turn_sources,
)
from portal.workflow.graph import Requirement
from portal.workflow.ports import NoticeKind, joined_requirements, notice_kinds, transition_forms
from startups.challenges.models import Challenge
from startups.challenges.ports import challenge_counts
from startups.matching import (
    access,
    dossier,
    forms,
    obstacles,
    panels,
    papers,
    public,
    retention,
    turns,
)
from startups.matching.models import Match


def register() -> None:
    for name, label, facts in (
        ("match_agreed", _lazy("実証決定通知書"), papers.agreed_facts),
        ("match_declined", _lazy("提案見送り通知書"), papers.declined_facts),
    ):
        notice_kinds.add(name, NoticeKind(label=label, facts=facts))
    transition_forms.add("match_slots", forms.SlotsForm)
    transition_forms.add("match_pick", forms.PickForm)
    transition_forms.add("match_opinion", forms.OpinionForm)
    idle = Requirement("no_live_match", obstacles.live_matches)
    joined_requirements.join(Challenge, "decide", Requirement("matched", obstacles.unmatched))
    for ending in ("call_off", "decide"):
        joined_requirements.join(Challenge, ending, idle)
    for ending in ("withdraw", "reject"):
        joined_requirements.join(Application, ending, idle)

    turn_sources.add("matching", turns.SOURCE)
    kept_days.add(
        "matching",
        KeptDay(
            rows=Match.objects.live,
            field="respond_by",
            office=lambda match: str(match.municipality_id),
        ),
    )

    assignments.add("matching", Assignment(roles=("challenge_owner",), cases=access.matched))
    duty_subjects.add("matching", panels.duty_subjects)

    loaders.add("match", access.match_for)
    case_panels.add(
        "matches",
        Panel(
            template="startups/matching/panel.html",
            context=panels.of_case,
            anchor="matches",
            label=_lazy("マッチング"),
            readers=visibility.WORKERS,
            reads=(turns.matches_of,),
        ),
    )
    public_acts.add(
        "match", PublicActs(said="agree decline withdraw", bare="begin consider invite pick")
    )
    later_life.add("matching", panels.reached)
    challenge_counts.add("matching", public.counts)

    keeping_rules.add("matching", retention.keep_until)
    erasures.add(
        "startups_matching.Match", Erasure(blank={"minutes": "", "reason": "―", "place": ""})
    )
    dossier_parts.add(
        "matches",
        DossierPart(label="マッチング", readers=visibility.WORKERS, sections=dossier.matched),
    )
