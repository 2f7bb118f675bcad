"""A programme is written on screen: its parts and rows filled in, what is wrong told beside each field, two
writers kept from undoing each other, and the whole taken along and read in as a file.
"""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from grants.programmes import loading
from grants.programmes.editing import document
from grants.programmes.editing.forms import PartForm
from grants.programmes.editing.layout import PAGES, fields_of
from grants.programmes.models import Programme, Sketch
from grants.programmes.parameters import read
from portal.workflow.door import begin, perform
from tests.conftest import World
from tests.grants.test_sketches import RAISED, TELEWORK, colleague, sketched, telework
from tests.markup import one_line


def part(sketch: Sketch, key: str) -> str:
    return reverse("sketch_part", args=[sketch.pk, key])


def row(sketch: Sketch, rows: str, n: int) -> str:
    return reverse("sketch_row", args=[sketch.pk, rows, n])


def shown(client: Client, where: str) -> dict[str, list[str]]:
    """What the form of the page would send as it is."""
    answer = client.get(where)
    assert answer.status_code == 200, where
    form = html.fromstring(answer.content.decode()).xpath("//main//form[@novalidate]")[0]
    sent: dict[str, list[str]] = {}
    for name, value in form.form_values():
        sent.setdefault(name, []).append(value)
    return sent


def send(client: Client, where: str, **typed: object) -> str:
    answer = client.post(where, shown(client, where) | typed)
    assert answer.status_code == 302, one_line(answer)
    return answer.headers["Location"]


def propose(client: Client, sketch: Sketch) -> None:
    where = reverse("do", args=["sketch", sketch.pk, "propose"])
    assert where in client.get(sketch.get_absolute_url()).content.decode()
    send(client, where)


def typed_of(form: QueryDict) -> dict[str, object]:
    return {name: form.getlist(name) for name in form}


def test_a_shipped_programme_is_rebuilt_by_the_pages(world: World, client: Client) -> None:
    """Twice, as lines and choices come that hang on what other pages name."""
    client.force_login(world.officer)
    whole = document.loads(TELEWORK.replace('code = "telework"', 'code = "robot"', 1))
    typed = {"code": "robot", "letters": "RB", "ja": "ロボット", "en": "Robot"}
    client.post(reverse("programme_empty"), typed | {"municipalities": ["011002"]})
    sketch = Sketch.objects.get()
    for _time in range(2):
        for page in PAGES:
            for rows in page.rows:
                for n, _row in enumerate(whole.get(rows.path, [])):
                    form = PartForm(fields=rows.fields, stated=whole, base=(rows.path, n))
                    fill(client, row(sketch, rows.path, n), form)
            if page.groups:
                form = PartForm(fields=fields_of(page), stated=whole)
                fill(client, part(sketch, page.key), form)
    sketch = Sketch.objects.get()
    text = TELEWORK.replace('code = "telework"', 'code = "robot"', 1)
    assert sketch.problems == []
    assert read(sketch.text) == read(text)
    propose(client, sketch)
    made = Programme.objects.get(code="robot")
    assert perform(made, "approve", by=world.approver).is_approved


def fill(client: Client, where: str, whole: PartForm) -> None:
    """As often as lines and choices come that were not offered yet."""
    for _time in range(6):
        offered = html.fromstring(client.get(where).content.decode())
        choices = {
            (name, value)
            for name in whole.controls
            for value in offered.xpath(f"//*[@name='{name}']/option/@value")
            + offered.xpath(f"//input[@name='{name}' and @type='checkbox']/@value")
        }
        names = {name for name in whole.controls if offered.xpath(f"//*[@name='{name}']")}
        chosen = {name for name, _value in choices}
        before = shown(client, where)
        sent = {
            name: [v for v in values if name not in chosen or (name, v) in choices]
            for name, values in typed_of(whole.as_shown).items()
            if name in names and isinstance(values, list)
        }
        if all(before.get(name, []) == values for name, values in sent.items()):
            return
        answer = client.post(where, {"seen": before["seen"]} | sent)
        assert answer.status_code == 302, (where, one_line(answer))


def test_what_is_typed_is_kept_right_or_wrong_and_told_at_its_field(
    world: World, client: Client
) -> None:
    sketch = sketched(world)
    client.force_login(world.officer)
    where = row(sketch, "frames", 0)
    assert send(client, where, cap="多め") == part(sketch, "frames") + "#frames"
    page = html.fromstring(client.get(where).content.decode())
    [control] = page.xpath("//input[@name='cap']")
    assert (control.get("value"), control.get("aria-invalid")) == ("多め", "true")
    [lead] = page.xpath("//div[@class='error-summary']//a")
    assert lead.get("href") == f"#{control.get('id')}"
    assert "整数で入力してください（例：1,200,000）。" in lead.text_content()
    listed = html.fromstring(client.get(part(sketch, "frames")).content.decode())
    [lead] = listed.xpath("//div[@class='error-summary']//a")
    assert lead.get("href") == "#frames-0"
    assert listed.get_element_by_id("frames-0") is not None
    overview = one_line(client.get(sketch.get_absolute_url()))
    assert "枠 1：上限（円。受講席の制度では、1者の席数）：整数で入力してください" in overview
    assert "直すところ 1件" in overview
    assert "まだ計算できません" in one_line(client.get(reverse("sketch_example", args=[sketch.pk])))
    english = client.get("/en" + where).content.decode()
    assert "整数で" not in english
    send(client, where, cap="450000")
    assert Sketch.objects.get().text == RAISED


def test_rows_are_added_moved_and_taken_out(world: World, client: Client) -> None:
    sketch = sketched(world)
    client.force_login(world.officer)

    def texts() -> list[str]:
        return [one["q"]["ja"] for one in Sketch.objects.get().stated["faq"]]

    def move(n: int, do: str) -> int:
        seen = Sketch.objects.get().version
        at = reverse("sketch_row_move", args=[sketch.pk, "faq", n])
        return client.post(at, {"do": do, "seen": seen}).status_code

    first = texts()
    send(client, row(sketch, "faq", len(first)), **{"q-ja": "いつ", "q-en": "When", "a-ja": "春"})
    assert texts() == [*first, "いつ"]
    assert move(len(first), "up") == 302
    assert texts() == [*first[:-1], "いつ", first[-1]]
    assert move(len(first) - 1, "down") == 302
    assert texts() == [*first, "いつ"]
    assert move(len(first), "out") == 302
    assert texts() == first
    assert Sketch.objects.get().text == TELEWORK
    assert move(0, "copy") == 302
    assert texts() == [first[0], *first]
    assert move(1, "out") == 302
    assert Sketch.objects.get().text == TELEWORK
    assert [move(99, "up"), move(0, "sideways")] == [404, 404]
    empty = client.post(
        row(sketch, "faq", len(first)), shown(client, row(sketch, "faq", len(first)))
    )
    assert (empty.status_code, "まだ何も入力されていません" in one_line(empty)) == (422, True)


def test_a_question_is_asked_under_a_heading_and_only_for_some_answers(
    world: World, client: Client
) -> None:
    sketch = sketched(world)
    client.force_login(world.officer)

    def keys() -> list[str]:
        return [one["key"] for one in Sketch.objects.get().stated["questions"]]

    send(client, row(sketch, "headings", 0), **{"title-ja": "効果", "title-en": "Effect"})
    first = {"label-ja": "進め方", "label-en": "How", "key": "way", "kind": "choice"}
    send(client, row(sketch, "questions", 3), **first, **{"choices-0-ja": "雇う"})
    told = one_line(client.get(part(sketch, "questions")))
    assert "質問 4：選択肢：入力するか、選んでください。" in told
    choices = {"choices-0-en": "Hire", "choices-1-ja": "頼む", "choices-1-en": "Order"}
    send(client, row(sketch, "questions", 3), **choices)
    copied = reverse("sketch_row_move", args=[sketch.pk, "questions", 2])
    client.post(copied, {"do": "copy", "seen": Sketch.objects.get().version})
    assert keys() == ["purpose", "plan", "people", "people_2", "way"]
    client.post(copied[:-7] + "4/move/", {"do": "up", "seen": Sketch.objects.get().version})
    where = row(sketch, "questions", 4)
    offered = html.fromstring(client.get(where).content.decode())
    asked = offered.xpath("//select[@name='only_when-question']/option/@value")
    assert asked == ["", "purpose", "plan", "people", "way"]  # and not itself
    assert not offered.xpath("//select[@name='only_when-value']")
    told = one_line(client.get(where))  # a copy has to be called otherwise
    assert "同じ名前がほかにあります。" in told
    send(client, where, **{"label-ja": "使う人", "label-en": "Who will use it"})
    send(client, where, heading="headings_1", **{"only_when-question": "way"})
    told = one_line(client.get(where))
    assert "この質問をする条件：答え：入力するか、選んでください。" in told
    offered = html.fromstring(client.get(where).content.decode())
    assert offered.xpath("//select[@name='only_when-value']/option/@value") == ["", "雇う", "頼む"]
    send(client, where, **{"only_when-value": "雇う"})
    made = Sketch.objects.get().looked[0]
    assert made is not None
    assert Sketch.objects.get().problems == []
    question = made.questions[4]
    assert question.heading == "headings_1"
    assert question.only_when is not None
    assert (question.only_when.question, question.only_when.value) == ("way", "雇う")


def test_two_writers_of_one_part_see_each_other(world: World, client: Client) -> None:
    sketch = sketched(world)
    client.force_login(world.officer)
    where, elsewhere = row(sketch, "frames", 0), part(sketch, "easy")
    mine, apart = shown(client, where), shown(client, elsewhere)
    perform(sketch, "write", by=colleague(world), text=RAISED)
    answer = client.post(where, mine | {"cap": ["300000"]})
    page = one_line(answer)
    assert answer.status_code == 409
    assert "ほかの画面で先に保存されました" in page
    assert "保存されている内容：450,000" in page
    assert "あなたの入力：300000" in page.replace("<strong>", "").replace("</strong>", "")
    assert Sketch.objects.get().text == RAISED
    # another part is written beside it
    assert client.post(elsewhere, apart | {"easy-what": "お金です。"}).status_code == 302
    assert document.value_at(Sketch.objects.get().stated, ("frames", 0, "cap")) == 450_000
    # once theirs was seen, it may be written over
    send(client, where, cap="300000")
    assert document.value_at(Sketch.objects.get().stated, ("frames", 0, "cap")) == 300_000
    # what was too long is shown again beside what the page showed first
    stale = shown(client, where)
    perform(Sketch.objects.get(), "write", by=world.officer, text=RAISED)
    refused = client.post(where, stale | {"before-ja": "長" * 4_001})
    assert refused.status_code == 422
    page_again = html.fromstring(refused.content.decode())
    assert page_again.xpath("//input[@name='seen']/@value")[:1] == stale["seen"]


def test_a_list_that_moved_on_is_not_moved_blindly(world: World, client: Client) -> None:
    sketch = sketched(world)
    client.force_login(world.officer)
    perform(sketch, "write", by=world.officer, text=RAISED)
    at = reverse("sketch_row_move", args=[sketch.pk, "faq", 0])
    answer = client.post(at, {"do": "out", "seen": sketch.version}, follow=True)
    assert "先に進めています" in one_line(answer)
    assert Sketch.objects.get().text == RAISED


def test_as_a_file(world: World, client: Client) -> None:
    sketch = sketched(world)
    client.force_login(world.officer)
    where = reverse("sketch_file", args=[sketch.pk])
    taken = client.get(reverse("sketch_download", args=[sketch.pk]))
    assert taken.content.decode() == TELEWORK
    assert "telework.toml" in taken.headers["Content-Disposition"]
    file = SimpleUploadedFile("next.toml", RAISED.encode())
    look = client.post(where, {"upload": "1", "file": file})
    page = html.fromstring(look.content.decode())
    assert [e.text_content().strip() for e in page.xpath("//del | //ins")] == [
        "－ cap = 400000",
        "＋ cap = 450000",
    ]
    assert "枠と補助の額" in one_line(look)
    assert Sketch.objects.get().text == TELEWORK  # looked at, and nothing more
    [form] = page.xpath("//main//form[@novalidate]")
    sent = dict(form.form_values()) | {"replace": "1"}
    stale = sent | {"seen": "0"}
    assert client.post(where, stale).status_code == 409
    assert Sketch.objects.get().text == TELEWORK
    assert client.post(where, sent).headers["Location"] == sketch.get_absolute_url()
    assert Sketch.objects.get().text == RAISED


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"upload": "1"}, "入力するか、選んでください。"),
        ({"upload": "1", "file": b"\xff\xfe\x00"}, "UTF-8で保存し直してください"),
        ({"upload": "1", "file": b"[name\n"}, "TOMLの書き方になっていません"),
        ({"look": "1", "seen": "1", "text": "[name\n"}, "TOMLの書き方になっていません"),
        ({"look": "1", "seen": "1", "text": "#" * 100_001}, "ファイルが長すぎます"),
        ({"replace": "1", "seen": "1", "text": "[name\n"}, "TOMLの書き方になっていません"),
    ],
)
def test_what_is_no_file_is_refused_with_its_reason(
    world: World, client: Client, given: dict[str, object], said: str
) -> None:
    sketch = sketched(world)
    client.force_login(world.officer)
    sent = dict(given)
    if isinstance(data := sent.get("file"), bytes):
        sent["file"] = SimpleUploadedFile("x.toml", data)
    answer = client.post(reverse("sketch_file", args=[sketch.pk]), sent)
    assert (answer.status_code, said in one_line(answer)) == (422, True), one_line(answer)
    assert Sketch.objects.get().text == TELEWORK


def test_from_the_page_of_the_programme_to_the_page_of_the_revision(
    world: World, client: Client
) -> None:
    base = telework()
    client.force_login(world.officer)
    begun = reverse("sketch_begin", args=[base.pk])
    assert begun in client.get(base.get_absolute_url()).content.decode()
    where = client.post(begun).headers["Location"]
    assert client.post(begun).headers["Location"] == where  # the one that there is
    sketch = Sketch.objects.get()
    assert where in client.get(reverse("programme_list")).content.decode()
    send(client, row(sketch, "frames", 0), cap="450000")
    assert "450,000" not in one_line(client.get(reverse("sketch_example", args=[sketch.pk])))
    send(client, part(sketch, "example"), **{"example-items-0-amount": "9000000"})
    assert "450,000" in one_line(client.get(reverse("sketch_example", args=[sketch.pk])))
    send(client, part(sketch, "example"), **{"example-items-0-amount": "400000"})
    propose(client, sketch)
    made = Programme.objects.get(code="telework", revision=2)
    assert client.get(where).headers["Location"] == made.get_absolute_url()
    over = client.post(part(sketch, "frames"), {"payment": "advance"}, follow=True)
    assert "この下書きは、もう終わっています。" in one_line(over)


def test_the_form_is_tried_and_leaves_no_trace(world: World, client: Client) -> None:
    sketch = sketched(world)
    client.force_login(world.officer)
    where = reverse("sketch_trial", args=[sketch.pk])
    assert where in client.get(sketch.get_absolute_url()).content.decode()
    page = one_line(client.get(where))
    assert "テレワークを使う人数" in page
    typed = {"title": "在宅", "q_purpose": "通勤", "q_plan": "端末", "q_people": "多い"}
    costs = {"frame": sketch.looked[0].frames[0].key} if sketch.looked[0] else {}
    costs |= {name: "1000000" for name in shown(client, where) if name.startswith("cost_")}
    with CaptureQueriesContext(connection) as asked:
        wrong = client.post(where, typed | costs)
        right = client.post(where, typed | costs | {"q_people": "12"})
    assert (wrong.status_code, right.status_code) == (422, 200)
    assert "テレワークを使う人数：数字で入力してください" in one_line(wrong)
    assert "断られるところはありません" in one_line(right)
    assert "400,000" in one_line(right)  # the cap, whatever the costs
    written = [
        q["sql"] for q in asked.captured_queries if re.match("(INSERT|UPDATE|DEL)", q["sql"])
    ]
    assert written == []
    perform(sketch, "write", by=world.officer, text=TELEWORK.replace("cap = 400000", "", 1))
    assert "まだ試せません" in one_line(client.get(where))


def test_a_question_of_another_programme_is_taken(world: World, client: Client) -> None:
    sketch = sketched(world)
    client.force_login(world.officer)
    where = reverse("sketch_bank", args=[sketch.pk])
    assert where in client.get(part(sketch, "questions")).content.decode()
    page = html.fromstring(client.get(where + "?q=技術の段階").content.decode())
    [form] = page.xpath("//main//form[@novalidate]")
    sent = dict(form.form_values())
    client.post(where, sent)
    taken = Sketch.objects.get()
    assert taken.problems == []
    assert taken.stated["questions"][-1]["key"] == "readiness"
    assert taken.stated["questions"][-1]["choices"][0] == {"ja": "構想の段階", "en": "Concept"}
    client.post(where, sent | {"seen": str(taken.version)})  # twice, under a key of its own
    assert Sketch.objects.get().stated["questions"][-1]["key"] == "readiness_2"
    client.post(where, sent)  # of a page that others wrote past
    assert len(Sketch.objects.get().stated["questions"]) == 5
    assert client.post(where, sent | {"key": "nothing"}).status_code == 404
    none = client.get(where + "?q=ないことば")
    assert "この言葉の質問はありません。" in one_line(none)


ADDRESSES = (
    "sketch",
    "sketch_file",
    "sketch_download",
    "sketch_example",
    "sketch_trial",
    "sketch_bank",
)


def test_nobody_else_enters(world: World, client: Client) -> None:
    sketch = sketched(world)
    addresses = [reverse(name, args=[sketch.pk]) for name in ADDRESSES]
    addresses += [part(sketch, "names"), row(sketch, "frames", 0)]
    for name, status in (("approver", 403), ("auditor", 403), ("reviewer", 403), ("owner", 403)):
        client.force_login(world.staff[name])
        assert {client.get(where).status_code for where in addresses} == {status}
        assert {client.post(where, {}).status_code for where in addresses} == {status}
    client.force_login(world.outsider)
    assert {client.get(where).status_code for where in addresses} == {404}
    client.force_login(world.officer)
    assert {client.get(where).status_code for where in addresses} == {200}
    missing = [part(sketch, "nothing"), row(sketch, "nothing", 0), row(sketch, "frames", 99)]
    assert [client.get(where).status_code for where in missing] == [404, 404, 404]
    assert "下書き" not in re.sub(r"\s", "", list_of(client, world, "auditor"))


def list_of(client: Client, world: World, name: str) -> str:
    client.force_login(world.staff[name])
    page = html.fromstring(client.get(reverse("programme_list")).content.decode())
    return " ".join(page.xpath("//main//h2/text()"))


def test_every_shipped_programme_opens_on_every_page(world: World, client: Client) -> None:
    client.force_login(world.officer)
    for base in Programme.objects.filter(state="approved"):
        sketch = begin(Sketch, by=world.officer, base=base, seen=base.version)
        for page in PAGES:
            where = part(sketch, page.key)
            assert client.get(where).status_code == 200, (base.code, page.key)
            if page.groups:
                send(client, where)
        assert Sketch.objects.get(pk=sketch.pk).text == base.text
        assert loading.DATA.joinpath(f"{base.code}.toml").exists()


def test_what_stands_on_a_page_is_kept_by_the_press_that_adds_a_row(
    world: World, client: Client
) -> None:
    client.force_login(world.officer)
    sketch = sketched(world)
    where = part(sketch, "frames")
    sent = shown(client, where) | {"rounding_unit": ["100"], "add": ["frames"]}
    answer = client.post(where, sent)
    assert answer.status_code == 302
    assert answer["Location"] == row(sketch, "frames", 2)
    assert Sketch.objects.get(pk=sketch.pk).stated["rounding_unit"] == 100
    assert client.get(answer["Location"]).status_code == 200


def test_no_part_is_good_before_the_parts_were_read_together(world: World, client: Client) -> None:
    client.force_login(world.officer)
    sketch = sketched(world)
    page = one_line(client.get(sketch.get_absolute_url()))
    assert "よい</span>" in page
    broken = sketch.text.replace('rate = "2/3"', 'rate = "5/3"', 1)
    sketch = perform(sketch, "write", by=world.officer, seen=sketch.version, text=broken)
    page = one_line(client.get(sketch.get_absolute_url()))
    assert "よい</span>" not in page
    assert "部分どうしで決まることは、これらを直したあとに確かめます。" in page


def test_two_rows_of_one_name_are_told_apart_first(world: World) -> None:
    sketch = sketched(world)
    same = sketch.text.replace("専門家派遣枠", "通常枠")
    sketch = perform(sketch, "write", by=world.officer, seen=sketch.version, text=same)
    assert [problem.path for problem in sketch.problems] == [("frames", 1, "name")]
