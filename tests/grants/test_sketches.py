"""A sketch of a programme: need not be whole, is written by several without one undoing the other, tells
the record nothing of its text, and becomes a revision that none of its writers approves.
"""

import pytest
from django.db import IntegrityError, transaction

from grants.programmes import loading
from grants.programmes.models import Programme, Sketch
from portal import clock
from portal.accounts.models import StaffRole, User
from portal.audit.models import Event, Payload
from portal.registry.models import Municipality
from portal.workflow import duties
from portal.workflow.door import actions, begin, perform
from portal.workflow.errors import Forbidden, NotReady, Stale, TooLong, WrongState
from tests.conftest import World

TELEWORK = (loading.DATA / "telework.toml").read_text(encoding="utf-8")
RAISED = TELEWORK.replace("cap = 400000", "cap = 450000", 1)


def telework() -> Programme:
    return Programme.objects.get(code="telework", state="approved")


def sketched(world: World, by: User | None = None) -> Sketch:
    base = telework()
    return begin(Sketch, by=by or world.officer, base=base, seen=base.version)


def colleague(world: World) -> User:
    """Another officer, and an approver, too, who has not taken part yet."""
    person = world.staff["second_reviewer"]
    for role in ("programme_officer", "approver"):
        StaffRole.objects.create(
            person=person, role=role, granted_by=world.officer, starts_on=clock.today()
        )
    return User.objects.get(pk=person.pk)


def test_it_begins_as_the_revision_and_need_not_be_whole(world: World) -> None:
    sketch = sketched(world)
    assert (sketch.text, sketch.code, sketch.problems) == (TELEWORK, "telework", [])
    sketch = perform(sketch, "write", by=world.officer, text='code = "telework"\n')
    assert len(sketch.problems) > 10
    with pytest.raises(NotReady, match="直すところが"):
        perform(sketch, "propose", by=world.officer)
    assert Programme.objects.filter(code="telework").count() == 1


def test_it_becomes_the_next_revision_and_is_emptied(world: World) -> None:
    sketch = perform(sketched(world), "write", by=world.officer, text=RAISED)
    done = perform(sketch, "propose", by=world.officer)
    made = Programme.objects.get(code="telework", revision=2)
    assert (done.made, done.text, made.text, made.state) == (made, "", RAISED, "draft")
    assert done.get_absolute_url() == made.get_absolute_url()
    sketched_anew = begin(Sketch, by=world.officer, base=made, seen=made.version)
    again = perform(
        perform(sketched_anew, "write", by=world.officer, text=TELEWORK),
        "propose",
        by=world.officer,
    )
    assert again.made == made
    assert Programme.objects.get(pk=made.pk).text == TELEWORK  # a draft is revised, not followed


def test_none_of_its_writers_approves_what_it_became(world: World) -> None:
    other = colleague(world)
    sketch = perform(sketched(world), "write", by=other, text=RAISED)
    sketch = perform(sketch, "write", by=world.officer, text=RAISED + "\n# 確認済み\n")
    assert set(sketch.writers) == {world.officer, other}
    made = perform(sketch, "propose", by=world.officer).made
    assert made is not None
    with pytest.raises(Forbidden, match="制度・公募回の作成をした"):
        perform(made, "approve", by=other)
    assert duties.barred("approve_programme", made.duty_subjects()) == {world.officer.pk, other.pk}
    assert perform(made, "approve", by=world.approver).is_approved


def test_one_lives_at_a_time(world: World) -> None:
    sketch = sketched(world)
    with pytest.raises(NotReady, match="もう下書きがあります"):
        sketched(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        Sketch.objects.bulk_create(
            [Sketch(code="telework", municipality_codes=[], **{"state": "kept"})]
        )
    ended = perform(sketch, "discard", by=world.officer)
    assert ended.text == ""
    assert sketched(world).pk != sketch.pk


def test_two_writers_do_not_undo_each_other(world: World) -> None:
    sketch = sketched(world)
    perform(sketch, "write", by=colleague(world), seen=sketch.version, text=RAISED)
    with pytest.raises(Stale, match="ほかの人が先に更新しました"):
        perform(sketch, "write", by=world.officer, seen=sketch.version, text=TELEWORK)
    assert Sketch.objects.get().text == RAISED


def test_what_moved_on_beneath_it_is_not_undone(world: World) -> None:
    sketch = perform(sketched(world), "write", by=world.officer, text=RAISED)
    base = telework()
    first = begin(
        Programme, by=world.officer, text=TELEWORK + "\n# 先\n", base=base, seen=base.version
    )
    with pytest.raises(NotReady, match="制度の版が先に変わりました"):
        perform(sketch, "propose", by=world.officer)
    with pytest.raises(NotReady, match="承認を待っています"):
        begin(Sketch, by=world.officer, base=base, seen=base.version)
    perform(first, "approve", by=world.approver)
    with pytest.raises(NotReady, match="制度の版が先に変わりました"):
        perform(sketch, "propose", by=world.officer)


def test_nothing_new_is_no_revision(world: World) -> None:
    with pytest.raises(NotReady, match="もとの版から変わっていません"):
        perform(sketched(world), "propose", by=world.officer)


def test_it_stays_of_its_programme(world: World) -> None:
    text = TELEWORK.replace('code = "telework"', 'code = "another"', 1)
    sketch = perform(sketched(world), "write", by=world.officer, text=text)
    assert [problem.path for problem in sketch.problems] == [("code",)]


def test_a_programme_that_there_was_not(world: World) -> None:
    text = TELEWORK.replace('code = "telework"', 'code = "robot"', 1)
    sketch = begin(Sketch, by=world.officer, code="robot", text=text, municipality_codes=["011002"])
    made = perform(sketch, "propose", by=world.officer).made
    assert made is not None
    assert (made.code, made.revision, made.state) == ("robot", 1, "draft")
    sketch = begin(Sketch, by=world.officer, code="robot", text=text, municipality_codes=["011002"])
    with pytest.raises(NotReady, match="先に作られました"):
        perform(sketch, "propose", by=world.officer)


@pytest.mark.parametrize(
    ("text", "refusal"), [("[name\n", NotReady), ("#" * 100_001, TooLong)], ids=["no file", "long"]
)
def test_what_cannot_be_read_is_not_kept(world: World, text: str, refusal: type[Exception]) -> None:
    sketch = sketched(world)
    with pytest.raises(refusal):
        perform(sketch, "write", by=world.officer, text=text)
    assert Sketch.objects.get().text == TELEWORK


def test_what_has_ended_is_not_written(world: World) -> None:
    sketch = perform(sketched(world), "discard", by=world.officer)
    with pytest.raises(WrongState):
        perform(sketch, "write", by=world.officer, text=TELEWORK)


def test_the_record_tells_who_wrote_and_nothing_of_the_text(world: World) -> None:
    sketch = sketched(world)
    perform(sketch, "write", by=world.officer, text=RAISED)
    perform(Sketch.objects.get(), "propose", by=world.officer)
    events = Event.objects.filter(subject=sketch.subject_key).order_by("pk")
    assert [event.action for event in events] == ["sketch.begin", "sketch.write", "sketch.propose"]
    kept = " ".join(str(p.content) for p in Payload.objects.filter(event__in=events))
    assert "cap" not in kept
    assert "テレワーク" not in kept


def test_who_may(world: World) -> None:
    sketch = sketched(world)
    base = telework()
    elsewhere = world.staff["second_reviewer"]
    StaffRole.objects.create(
        person=elsewhere,
        role="programme_officer",
        municipality=Municipality.objects.exclude(code__in=base.municipality_codes)[0],
        granted_by=world.officer,
        starts_on=clock.today(),
    )
    refused = [world.outsider, User.objects.get(pk=elsewhere.pk)] + [
        person for name, person in world.staff.items() if name not in ("officer", "second_reviewer")
    ]
    for person in refused:
        if person.has_role("programme_officer") and person != refused[1]:
            continue
        with pytest.raises(Forbidden):
            perform(sketch, "write", by=person, text=RAISED)
        assert actions(person, sketch) == []
        for name in ("propose", "discard"):
            with pytest.raises(Forbidden):
                perform(sketch, name, by=person)
    perform(sketch, "discard", by=world.officer)
    for person in refused[:2]:
        with pytest.raises(Forbidden):
            begin(Sketch, by=person, base=base, seen=base.version)
