"""What an approver reads of a programme: all of it in words, what a revision changes, and a way to send it back."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.translation import override

from grants.programmes import catalogue, loading
from grants.programmes.editing import in_full
from grants.programmes.editing.document import loads
from grants.programmes.models import Call, Programme
from grants.programmes.parameters import read
from portal import clock
from portal.correspondence.models import Mail
from portal.types import Given
from portal.workflow.door import begin, perform
from portal.workflow.errors import Forbidden
from tests.conftest import World
from tests.grants.test_call_drafts import drafted, typed
from tests.markup import one_line

FILES = sorted(path.name for path in loading.DATA.glob("*.toml"))
# what a file says by a word of its own, and an officer never reads
CODES = {
    "first_come",
    "competitive",
    "lottery",
    "settlement",
    "not_repeat",
    "head_office",
    "disposition",
}


def stated(name: str) -> Given:
    return loads((loading.DATA / name).read_text(encoding="utf-8"))


def lines(told: list[in_full.Part]) -> list[str]:
    return [
        line
        for part in told
        for block in part.blocks
        for fact in block.facts.values()
        for line in fact.lines
    ]


def texts(value: object) -> list[str]:
    """Every Japanese text of a file that stands in two languages."""
    if isinstance(value, dict):
        own = [str(value["ja"])] if {"ja", "en"} <= value.keys() else []
        return own + [text for each in value.values() for text in texts(each)]
    return [text for each in value for text in texts(each)] if isinstance(value, list) else []


@pytest.mark.parametrize("name", FILES)
def test_all_that_a_shipped_file_says_is_told_in_words(world: World, name: str) -> None:
    found = lines(in_full.parts(stated(name)))
    assert {
        text for text in texts(stated(name)) if not any(text in line for line in found)
    } == set()
    assert CODES & set(found) == set()
    with override("en"):
        assert CODES & set(lines(in_full.parts(stated(name)))) == set()


def revised() -> str:
    """The telework file with a lower rate, a frame called otherwise, and a limit more of one question."""
    text = (loading.DATA / "telework.toml").read_text(encoding="utf-8")
    other = text.replace('rate = "2/3"', 'rate = "1/2"', 1).replace("通常枠", "ふつうの枠", 1)
    return other.replace("limit = 600", "limit = 700", 1)


def test_a_revision_says_what_it_changes_and_nothing_else(world: World) -> None:
    before, after = stated("telework.toml"), loads(revised())
    found = {
        str(part.label): [(row.what, row.before[:1], row.after[:1]) for row in rows]
        for part, rows in in_full.differences(before, after)
    }
    assert found["枠と補助の額"] == [
        ("枠 1：ふつうの枠：枠の名称", ("通常枠",), ("ふつうの枠",)),
        ("枠 1：ふつうの枠：補助率", ("2/3",), ("1/2",)),
    ]
    [(what, was, now)] = found["質問"]
    assert what.endswith("：文字数の上限")
    assert (was, now) == (("600",), ("700",))
    fewer = {**after, "questions": after["questions"][:-1]}
    assert [row.after for _part, rows in in_full.differences(after, fewer) for row in rows] == [
        (),
        (),
    ]
    assert in_full.differences(before, before) == []


def proposed(world: World) -> Programme:
    base = Programme.objects.get(code="telework", state="approved")
    return begin(Programme, by=world.officer, text=revised(), base=base, seen=base.version)


def test_an_approver_reads_the_changes_and_sends_it_back(world: World, client: Client) -> None:
    draft = proposed(world)
    client.force_login(world.director)
    page = one_line(client.get(draft.get_absolute_url()))
    assert f"第{draft.revision - 1}版から変わるところ" in page
    assert "ふつうの枠" in page
    assert "補助率" in page
    assert "あなたの承認を待っています" in one_line(client.get("/inbox/"))
    with pytest.raises(Forbidden):
        perform(draft, "send_back", by=world.officer, reason="x")
    draft = perform(draft, "send_back", by=world.director, reason="補助率の根拠がありません。")
    [mail] = Mail.objects.filter(to=world.officer, subject__startswith="制度が差し戻されました")
    assert draft.get_absolute_url() in mail.body
    assert "あなたの承認を待っています" not in one_line(client.get("/inbox/"))
    client.force_login(world.officer)
    assert "補助率の根拠がありません。" in one_line(client.get(draft.get_absolute_url()))
    draft = perform(draft, "revise", by=world.officer, text=revised().replace("1/2", "3/5", 1))
    assert draft.returned_for == ""
    perform(draft, "approve", by=world.director)


def test_a_briefing_is_told_as_it_was_typed_and_put_right_in_public(
    world: World, client: Client
) -> None:
    call = drafted(world)
    client.force_login(world.officer)
    day = clock.today() + timedelta(days=9)
    days = {f"briefing_on_{part}": str(n) for part, n in zip("ymd", day.timetuple(), strict=False)}
    where = f"/staff/calls/{call.pk}/edit/"
    refused = client.post(where, typed(call, **days, briefing_at="10:30"))
    assert refused.status_code == 422  # no place
    sent = client.post(where, typed(call, **days, briefing_at="10:30", briefing_place="第1会議室"))
    assert sent.status_code == 302
    call = Call.objects.get(pk=call.pk)
    assert call.briefings == [{"at": f"{day}T10:30:00+09:00", "place": "第1会議室"}]
    client.force_login(world.director)
    page = one_line(client.get(call.get_absolute_url()))
    assert "10:30" in page
    assert "第1会議室" in page
    call = perform(perform(call, "approve", by=world.director), "announce", by=world.officer)
    client.force_login(world.officer)
    form = client.get(f"/do/call/{call.pk}/rebrief/")
    assert "第1会議室" in one_line(form)
    later = {
        "briefing_on_y": "",
        "briefing_on_m": "",
        "briefing_on_d": "",
        "seen": call.version,
        "key": "k",
    }
    answer = client.post(f"/do/call/{call.pk}/rebrief/", later)
    assert answer.status_code == 302, one_line(answer)[-3000:]
    assert Call.objects.get(pk=call.pk).briefings == []


def test_a_call_that_is_not_open_yet_says_when_it_opens(world: World, client: Client) -> None:
    call = world.calls["telework"]
    period = call.periods.first()
    assert period is not None
    period.opens_at = clock.now() + timedelta(days=3)
    period.save()
    page = one_line(client.get(call.public_url))
    opening = page.index("受付の始まり")
    assert opening < page.index("締切", opening)


def test_days_on_which_the_office_is_closed_are_said_before_approval(
    world: World, client: Client
) -> None:
    call = drafted(world)
    saturday = clock.today() + timedelta(days=(5 - clock.today().weekday()) % 7 + 14)
    type(call).objects.filter(pk=call.pk).update(decision_on=saturday)
    client.force_login(world.director)
    page = one_line(client.get(call.get_absolute_url()))
    assert "閉庁日にあたる日があります" in page
    assert "交付決定の予定日：" in page


def test_what_cuts_an_example_is_said_in_words() -> None:
    text = (loading.DATA / "telework.toml").read_text(encoding="utf-8")
    made = read(text)
    assert made.example is not None
    cap = made.frame(made.example.frame).cap
    lower = read(
        text.replace(f"cap = {cap:_}", "cap = 100_000", 1).replace(
            f"cap = {cap}\n", "cap = 100_000\n", 1
        )
    )
    example = catalogue.worked_example(lower)
    assert example is not None
    assert example["cut"] == ["上限額まで 100,000円"]
