"""A call is decided: scored, selected and concluded, as its programme says."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import F

from grants.applications import deciding
from grants.applications.models import Application
from grants.programmes.models import Call
from grants.reviews import ranking
from grants.reviews.models import Review, ReviewPanel
from grants.reviews.rules import Place
from portal import clock
from portal.approvals.models import Approval
from portal.correspondence.models import Mail
from portal.workflow.door import begin, perform
from portal.workflow.errors import Refused
from tools.demonstration.simulation.world import World, is_over


def decide(world: World, call: Call, accepted: list[Application]) -> None:
    """Select as the call says: score where it is competitive, then award inside the budget.

    The rest is put on the waiting list or rejected.
    """
    if not accepted:
        return
    moment = max(
        (a.state_since for a in accepted if a.state_since), default=clock.now()
    ) + timedelta(days=3)
    moment = min(moment, clock.now() - timedelta(hours=1))
    is_past = is_over(call)
    if is_past and call.last_closes_at is not None:
        # nobody is compared before the intake is over
        moment = max(moment, call.last_closes_at + timedelta(days=1))
    if is_past and call.stated.selection == "lottery":
        with clock.at(moment):
            call = perform(call, "select", by=world.staff["officer"])
    if call.stated.selection == "competitive":
        _score(world, call, accepted, moment, finish=is_past or world.rng.random() < 0.5)
    for frame in call.stated.frames:
        with clock.at(moment + timedelta(days=10) if is_past else moment):
            ranked = [
                (row["application"], row["place"])
                for row in ranking.ranked(call, frame.key)
                if row["application"] in accepted
            ]
        if not is_past:
            ranked = ranked[:1] if call.stated.selection == "first_come" else []
        with clock.at(moment + timedelta(days=12) if is_past else moment):
            _conclude(world, ranked)
    if is_past and not deciding.undecided(call):
        with clock.at(moment + timedelta(days=20)):
            perform(call, "publish_results", by=world.staff["approver"])


def _score(
    world: World, call: Call, accepted: list[Application], moment: datetime, *, finish: bool
) -> None:
    reviewers = [world.staff[name] for name in ("reviewer", "second_reviewer", "third_reviewer")]
    officer = world.staff["officer"]
    with clock.at(moment):
        panel = begin(
            ReviewPanel,
            by=officer,
            call=call,
            applications=accepted,
            members=reviewers,
            due_on=clock.day_of(moment + timedelta(days=21)),
        )
    for n, review in enumerate(Review.objects.filter(panel=panel).order_by("pk")):
        if not finish and n % 3 == 2:
            continue
        with clock.at(moment + timedelta(days=2, minutes=n) if finish else moment):
            review = perform(review, "declare", by=review.reviewer)
            said = "計画の数字に根拠があります。"
            points = {c.key: (world.rng.randint(2, c.maximum), said) for c in call.stated.criteria}
            perform(review, "score", by=review.reviewer, points=points, comment="")
    if finish:
        with clock.at(moment + timedelta(days=5)):
            perform(panel, "close", by=officer, minutes="同点の案件はなかった。")


def _conclude(world: World, ranked: Iterable[tuple[Application, Place]]) -> None:
    """Draft, circulate and approve: award what fits, waitlist or reject the rest."""
    acts: dict[str, list[tuple[Application, dict[str, str]]]] = {
        "award": [],
        "waitlist": [],
        "reject": [],
    }
    for row, place in ranked:
        application = Application.objects.get(pk=row.pk)
        if application.state not in ("accepted", "reviewed"):
            continue
        if place.inside:
            acts["award"].append((application, {}))
        elif place.passed and len(acts["waitlist"]) < 2:
            acts["waitlist"].append((application, {}))
        else:
            reason = (
                "基準点に届きませんでした。" if not place.passed else "予算の範囲を超えました。"
            )
            acts["reject"].append((application, {"reason": reason}))
    for act, subjects in acts.items():
        if subjects:
            _approve(world, act, subjects)


def _approve(world: World, act: str, subjects: list[tuple[Application, dict[str, str]]]) -> None:
    """Through every station; sent back where the budget no longer allows it."""
    officer, agree = world.staff["officer"], world.staff["approver"]
    decider = world.staff["director"]
    approval = begin(
        Approval,
        by=officer,
        act=act,
        title=f"{subjects[0][0].call.stated.name.ja}　{len(subjects)}件",
        rows=subjects,
        steps=[("agree", agree), ("decide", decider)],
    )
    approval = perform(approval, "circulate", by=officer)
    approval = perform(approval, "agree", by=agree)
    try:
        perform(approval, "approve", by=decider)
    except Refused:
        perform(approval, "send_back", by=decider, reason="予算の残りを確かめてください。")
    # received on its day, which the days to withdraw are counted from
    Mail.objects.filter(case__in=[row.case_id for row, _given in subjects], state="queued").update(
        state="sent", sent_at=F("queued_at")
    )
