"""A programme's own words on a paper: typed on its page, seen on a specimen, proposed, approved by another."""

import io
import re
import tomllib

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse

from grants.programmes import entries, loading
from grants.programmes.models import Call, Programme
from grants.programmes.wordings import FIELDS
from portal.cases.models import Case
from portal.notices.models import Notice
from portal.workflow.door import begin, perform
from portal.workflow.errors import Forbidden
from portal.workflow.ports import notice_kinds
from tests.conftest import World
from tests.markup import one_line
from tests.roles import granted

TEXT = (loading.DATA / "telework.toml").read_text(encoding="utf-8")
OWN = """
# 課で決めた文言（起案第12号）
[[texts]]
paper = "award"  # 決定
form = '様式第3号'
body = \"\"\"
{firm}　様
[[texts]]
{standard}\"\"\"
# 次の書面
[[texts]]
paper = "lapse"
note = "終わりです"  # 短く

# ---- ここから下は別の話 ----
"""
WORDS = {"form": "様式第4号", "body": "{firm}　様\n{standard}", "note": "問合せは{office}へ。"}


def at(programme: Programme, name: str = "programme_wording", paper: str = "rejection") -> str:
    return reverse(name, args=[programme.pk, paper])


def typed(programme: Programme, **words: str) -> dict[str, object]:
    return {"seen": programme.version, **WORDS, **words}


@pytest.fixture
def programme(world: World, client: Client) -> Programme:
    client.force_login(world.officer)
    return Programme.objects.get(code="telework")


# -- the entry in the file -----------------------------------------------------------------------
def changed(text: str, paper: str, **words: str) -> list[str]:
    """The lines that differ, "-" gone and "+" new."""
    after = entries.with_words(text, paper, {"form": "", "body": "", "note": ""} | words)
    before, now = text.splitlines(), after.splitlines()
    gone = [f"-{line}" for line in before if line and line not in now]
    return gone + [f"+{line}" for line in now if line and line not in before]


def test_new_words_come_last_and_nothing_else_moves() -> None:
    after = entries.with_words(TEXT, "lapse", WORDS)
    assert after.startswith(TEXT.rstrip("\n"))
    assert tomllib.loads(after)["texts"] == [{"paper": "lapse", **WORDS}]


def test_words_are_put_where_they_stood_with_every_comment() -> None:
    text = TEXT + OWN
    same = {"form": "様式第3号", "body": "{firm}　様\n[[texts]]\n{standard}"}
    assert changed(text, "award", **same | {"form": "様式第5号"}) == [
        "-form = '様式第3号'",
        '+form = "様式第5号"',
    ]
    assert changed(text, "lapse", note='「終」\\"です"') == [
        '-note = "終わりです"  # 短く',
        '+note = "「終」\\\\\\"です\\""  # 短く',
    ]
    assert changed(text, "lapse", form="様式第6号", note="終わりです") == ['+form = "様式第6号"']


def test_words_that_are_taken_back_leave_the_rest() -> None:
    text = TEXT + OWN
    assert changed(text, "lapse") == [
        "-# 次の書面",  # what stands right above an entry is about it
        '-paper = "lapse"',
        '-note = "終わりです"  # 短く',
    ]
    assert tomllib.loads(entries.with_words(text, "award", {}))["texts"] == [
        {"paper": "lapse", "note": "終わりです"}
    ]
    whole = {"form": "", "body": "{standard}", "note": ""}
    assert "form" not in tomllib.loads(entries.with_words(text, "award", whole))["texts"][0]


@pytest.mark.parametrize(
    "own",
    [
        'texts = [{paper = "lapse", note = "一行で"}]\n',
        '[["texts"]]\npaper = "lapse"\nnote = "別の書き方"\n',
        '[[texts]]\n"paper" = "lapse"\n"note" = "別の書き方"\n',
    ],
    ids=["inline", "quoted table", "quoted name"],
)
def test_a_file_in_another_hand_is_written_too(own: str) -> None:
    after = entries.with_words(own, "lapse", WORDS)
    assert tomllib.loads(after) == {"texts": [{"paper": "lapse", **WORDS}]}


# -- the page --------------------------------------------------------------------------------------
def test_the_page_of_a_programme_leads_to_each_paper(programme: Programme, client: Client) -> None:
    page = client.get(programme.get_absolute_url()).content.decode()
    assert [paper for paper in notice_kinds if at(programme, paper=paper) not in page] == []
    page = client.get(at(programme)).content.decode()
    assert [name for name in FIELDS if f"<code>&#123;{name}&#125;</code>" not in page] == []


def test_typed_words_are_proposed_approved_and_issued_and_older_papers_keep_theirs(
    world: World, programme: Programme, client: Client
) -> None:
    def rejected() -> Case:
        application = world.accepted()[0]
        world.decided("reject", [application], {"reason": "対象外"})
        return application.case

    before = Notice.objects.get(case=rejected(), kind="rejection")
    assert client.post(at(programme), typed(programme)).status_code == 302
    draft = Programme.objects.get(code="telework", state="draft")
    assert draft.text.startswith(programme.text.rstrip("\n"))
    assert not programme.stated.texts
    with pytest.raises(Forbidden):
        perform(draft, "approve", by=world.officer)
    perform(draft, "approve", by=world.approver)
    Call.objects.filter(code=world.calls["telework"].code).update(parameters=draft.parameters)
    facts = Notice.objects.get(case=rejected(), kind="rejection").facts
    assert facts["form"] == "様式第4号"
    assert re.match(r".+　様\n令和.+要綱第8条第2項の規定により", facts["body"], re.DOTALL)
    assert facts["small"].startswith("問合せは経済観光局")
    kept = Notice.objects.get(pk=before.pk).facts
    assert (kept.get("form"), kept["body"]) == (None, before.facts["body"])


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("body", "標準の文がない", "本文（body）には、標準の文{standard}を入れて"),
        ("body", "{standard}{firm.__class__}", "差し込める項目ではありません"),
        ("body", "{standard}" + "あ" * 600, "600文字までに"),
        ("note", "{standard}", "本文（body）だけに入れられます"),
        ("note", "{telephone}へ", "{telephone}は、差し込める項目ではありません"),
        ("form", "様" * 21, "20文字までに"),
        ("note", "目に見えない\u200e字", "制御文字"),
    ],
)
def test_wrong_words_are_refused_at_their_field_also_of_a_specimen(
    programme: Programme, client: Client, field: str, value: str, reason: str
) -> None:
    for name in ("programme_wording", "programme_specimen"):
        page = client.post(at(programme, name), typed(programme, **{field: value}))
        assert page.status_code == 422
        assert [reason in error for error in page.context["form"].errors[field]] == [True]
        assert page.context["form"][field].value() == value  # what was typed still stands
    assert not Programme.objects.filter(state="draft").exists()


def test_nothing_at_all_is_no_proposal_but_takes_words_back(
    world: World, programme: Programme, client: Client
) -> None:
    page = client.post(at(programme), typed(programme, form="", body="{standard}", note=""))
    assert (page.status_code, "のどれかを書いてください" in one_line(page)) == (422, True)
    text = entries.with_words(TEXT, "rejection", WORDS)
    draft = begin(Programme, by=world.officer, text=text)
    page = client.post(at(draft), typed(draft))
    assert (page.status_code, "いまの文言から変わっていません" in one_line(page)) == (422, True)
    assert client.post(at(draft), typed(draft, form="", body="", note="")).status_code == 302
    assert Programme.objects.get(pk=draft.pk).stated.texts == ()


def test_a_specimen_is_drawn_of_every_paper_and_saved_nowhere(
    programme: Programme, client: Client
) -> None:
    for paper in notice_kinds:
        answer = client.post(at(programme, "programme_specimen", paper), typed(programme))
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        text = pypdfium2.PdfDocument(io.BytesIO(answer.content))[0].get_textpage().get_text_range()
        whole = "".join(text.split())
        assert notice_kinds[paper].heading in whole
        for said in (
            "様式第4号",
            "株式会社見本様",
            "標準の文：",
            "問合せは経済観光局",
            "見本（値は架空",
        ):
            assert said in whole
    assert not Programme.objects.filter(state="draft").exists()
    assert not Notice.objects.exists()


def test_where_a_revision_waits_the_page_leads_to_it_and_takes_no_second_one(
    world: World, programme: Programme, client: Client
) -> None:
    waiting = begin(Programme, by=world.staff["second_officer"], text=TEXT)
    page = one_line(client.get(at(programme)))
    assert at(waiting) in page
    assert "提案する" not in page
    seen = programme.version
    for address, given in (
        (at(programme), typed(programme)),
        (reverse("programme_edit", args=[programme.pk]), {"text": TEXT, "seen": seen}),
    ):
        answer = client.post(address, given)
        assert answer.status_code == 422
        assert f"第{waiting.revision}版が、承認を待っています" in one_line(answer)
    assert Programme.objects.filter(state="draft").get() == waiting
    assert client.post(at(waiting), typed(waiting)).status_code == 302  # that one takes them


def test_another_programme_is_not_begun_as_a_revision_of_this_one(
    world: World, programme: Programme, client: Client
) -> None:
    text = TEXT.replace('code = "telework"', 'code = "others"', 1)
    given = {"text": text, "seen": programme.version}
    answer = client.post(reverse("programme_edit", args=[programme.pk]), given)
    assert answer.status_code == 422
    assert "codeは「telework」のままにしてください" in one_line(answer)
    assert not Programme.objects.filter(state="draft").exists()


def test_words_written_from_what_is_no_longer_so_are_refused(
    world: World, programme: Programme, client: Client
) -> None:
    draft = begin(Programme, by=world.officer, text=TEXT)
    perform(draft, "revise", by=world.staff["second_officer"], text=TEXT + "\n")
    for name, given in (("programme_wording", WORDS), ("programme_edit", {"text": TEXT})):
        args = [draft.pk, "rejection"] if name == "programme_wording" else [draft.pk]
        answer = client.post(reverse(name, args=args), {**given, "seen": draft.version})
        assert (answer.status_code, "ほかの人が先に更新しました" in one_line(answer)) == (409, True)
    perform(draft, "approve", by=world.approver)
    answer = client.post(at(programme), typed(programme))  # retired meanwhile
    assert answer.status_code == 409
    assert not Programme.objects.filter(state="draft").exists()


def test_who_proposes_no_programme_writes_none_of_its_words(
    world: World, programme: Programme, client: Client
) -> None:
    granted(world.officer.staff_roles.all(), municipality="012319")
    assert client.get(at(programme)).status_code == 403
    assert at(programme) not in one_line(client.get(programme.get_absolute_url()))
    for name in ("programme_wording", "programme_specimen"):
        assert client.post(at(programme, name), typed(programme)).status_code == 403
        assert client.post(at(programme, name, "no-such"), typed(programme)).status_code == 403
    assert not Programme.objects.filter(state="draft").exists()


def test_a_paper_that_there_is_not_has_no_page(programme: Programme, client: Client) -> None:
    assert client.get(at(programme, paper="no-such")).status_code == 404
