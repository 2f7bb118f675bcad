"""Components with a slot: what they write, and that text is escaped once."""

import pytest
from django.template import Context, Template, engines
from django.test import RequestFactory
from django.test.html import parse_html
from django.urls import ResolverMatch
from django.utils import translation
from django.utils.safestring import mark_safe

from portal.ui.context import in_both_languages
from portal.ui.templatetags.ui import in_man_yen, man_unit, man_yen

SECTION = (
    '{% section _("記録") "log-h" %}<p>{{ text }}</p>{% endsection %}',
    '<section class="section section--near" aria-labelledby="log-h">'
    '<h2 class="subtitle" id="log-h">記録</h2><p>&lt;b&gt;</p></section>',
)
CALLOUT = (
    '{% callout "care" text "section--near" sign="flag" %}<p>x</p>{% endcallout %}',
    '<div class="callout callout--care section--near">'
    '{% icon "flag" %}<p class="callout__title">&lt;b&gt;</p><p>x</p></div>',
)
SENTENCE = (
    '{% callout_line "good" strong=True %} {{ text }} {% endcallout_line %}',
    '<p class="callout callout--good">'
    '{% icon "good" %}<span class="callout__title">&lt;b&gt;</span></p>',
)
FACT = (
    '{% fact _("件数") "num" %} {{ text }} {% endfact %}',
    '<div><dt>件数</dt><dd class="num">&lt;b&gt;</dd></div>',
)
ACTIONS = (
    '{% action_bar "still" %}<p>x</p>{% endaction_bar %}',
    '<div class="action-bar action-bar--still"><div class="action-bar__in"><p>x</p></div></div>',
)
CARDS = (
    '{% table _("中身") text "dense cards rank" %}{% columns %}{% column text "num" %}'
    "{% column text hidden=True %}{% endcolumns %}{% rows %}{% row %}"
    '{% row_head %}x{% endrow_head %}{% cell "" "num" %}1{% endcell %}{% cell text %}y{% endcell %}'
    "{% cell text bare=True %}<strong>z</strong>{% endcell %}{% endrow %}{% endrows %}{% endtable %}",
    '<div class="scroll" tabindex="0" role="region" aria-label="中身">'
    '<table class="table table--dense table--cards rank" role="table">'
    '<caption class="hidden">&lt;b&gt;</caption><thead role="rowgroup"><tr role="row">'
    '<th role="columnheader" scope="col" class="num">&lt;b&gt;</th>'
    '<th role="columnheader" scope="col"><span class="hidden">&lt;b&gt;</span></th></tr></thead>'
    '<tbody role="rowgroup"><tr role="row"><th role="rowheader" scope="row">x</th>'
    '<td role="cell" class="num">1</td><td role="cell" data-label="&lt;b&gt;"><span>y</span></td>'
    '<td role="cell" data-label="&lt;b&gt;"><strong>z</strong></td></tr></tbody></table></div>',
)

WAY = (
    '{% crumbs %}{% crumb "home" %}い{% endcrumb %}{% crumb "call" code="a-1" %} {{ text }} {% endcrumb %}'
    "{% crumb %}は{% endcrumb %}{% endcrumbs %}",
    '<nav class="crumbs" aria-label="いまいる場所"><ol><li><a href="{% url "home" %}">い</a></li>'
    '<li><a href="{% url "call" code="a-1" %}">&lt;b&gt;</a></li><li aria-current="page">は</li></ol></nav>',
)
TITLED = (
    '{% callout_line "info" title=text %}x{% endcallout_line %}',
    '<p class="callout callout--info">{% icon "info" %}'
    '<span class="callout__title">&lt;b&gt;</span><span>x</span></p>',
)
HEAD = (
    '{% section_head text "a-h" %}<p>x</p>{% endsection_head %}',
    '<div class="section__head"><h2 class="section__title" id="a-h">&lt;b&gt;</h2><p>x</p></div>',
)
STOPPED = (
    "{% error_summary text %}<ul></ul>{% enderror_summary %}",
    '<div class="error-summary" tabindex="-1" data-focus><div role="alert">'
    '<h2 class="error-summary__title">{% icon "care" %}&lt;b&gt;</h2><ul></ul></div></div>',
)
FIGURE = (
    '{% figure text "big big--s" note=text %}1{% endfigure %}',
    '<div class="figure"><dt>&lt;b&gt;</dt><dd class="big big--s">1</dd>'
    '<dd class="figure__note">&lt;b&gt;</dd></div>',
)
FINDING = (
    '{% finding "stop" text text text sign="flag" %}<p>x</p>{% endfinding %}',
    '<li class="finding finding--stop">{% icon "flag" %}<div>'
    '<p class="finding__what">&lt;b&gt;<span>&lt;b&gt;</span></p>'
    '<p class="finding__why">&lt;b&gt;</p><p>x</p></div></li>',
)
STEP = (
    "{% step text done=True now=True %}x{% endstep %}",
    '<li class="steps__item steps__item--done" aria-current="step">'
    '<span class="steps__name">&lt;b&gt;</span><span class="steps__when">x</span></li>',
)
SUM = (
    "{% sum_table text shown=True %}{% sum_line text %}1{% endsum_line %}"
    "{% sum_answer text text %}{{ yen|yen_figure }}{% endsum_answer %}{% endsum_table %}",
    '<table class="sum"><caption>&lt;b&gt;</caption><tbody>'
    '<tr><th scope="row">&lt;b&gt;</th><td>1</td></tr>'
    '<tr class="sum__answer"><th scope="row">&lt;b&gt;<span class="sum__note">&lt;b&gt;</span></th>'
    '<td class="big">1,000<small>円</small></td></tr></tbody></table>',
)
ENTRY = (
    '{% entry text "call" code="a-1" sign="flag" badge=badge %} x {% endentry %}{% entry text %}{% endentry %}',
    '<li>{% icon "flag" %}<span><a href="{% url "call" code="a-1" %}">&lt;b&gt;</a>'
    '<span class="files__meta">x</span></span><i></i></li><li>{% icon "file" %}<span>&lt;b&gt;</span></li>',
)
ACT = (
    '{% act_form text "call" code="a-1" anchor="x" %}<p>x</p>{% endact_form %}',
    '<form class="stack section--near" method="post" novalidate><p>x</p><div class="row">'
    '<button class="button button--solid" type="submit">&lt;b&gt;</button>'
    '<a class="button button--text" href="{% url "call" code="a-1" %}#x">やめて戻る</a></div></form>',
)
PRESSED = (
    '{% press _("外す") "role_end" about=text pk=3 %}',
    '<form method="post" action="/staff/roles/3/end/">'
    '<button class="button button--text button--s" type="submit">外す'
    '<span class="hidden">：&lt;b&gt;</span></button></form>',
)
ALONE = (
    '{% table "" text %}{% endtable %}',
    '<table class="table table--dense"><caption class="hidden">&lt;b&gt;</caption></table>',
)


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        *(SECTION, CALLOUT, SENTENCE, FACT, ACTIONS, CARDS, WAY, TITLED, HEAD, STOPPED),
        *(FIGURE, FINDING, STEP, SUM, ENTRY, ACT, PRESSED, ALONE),
    ],
)
def test_a_component_writes_its_elements(source: str, wanted: str) -> None:
    written, expected = (
        engines["django"]
        .from_string(text)
        .render({"text": "<b>", "yen": 1000, "badge": mark_safe("<i></i>")})
        for text in (source, wanted)
    )
    assert parse_html(written) == parse_html(expected)


def test_the_end_of_a_line_is_no_space_inside_tight() -> None:
    written = engines["django"].from_string(
        "{% tight %}\n  <a\n    href='/'\n    {% if now %}class='x'{% endif %}\n  >\n"
        "    {{ text }}\n    　{% if now %}\n      <b>c d</b>\n    {% endif %}\n  </a>\n{% endtight %}"
    )
    shown = written.render({"text": "一\n二", "now": True})
    assert shown == "<a\n    href='/'\n    class='x'\n  >一\n二　<b>c d</b></a>"


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("ja", "<b>One.</b>Two.<a href='/'>Three</a>(<i>four</i>)."),
        ("en", "<b>One.</b> Two. <a href='/'>Three</a>(<i>four</i>)."),
    ],
)
def test_tight_parts_the_sentences_of_another_language(language: str, shown: str) -> None:
    written = engines["django"].from_string(
        "{% tight %}\n  <b>\n    {{ one }}\n  </b>\n  {% if one %}\n    Two.\n  {% endif %}\n"
        "  <a href='/'>\n    Three\n  </a>\n  (\n  <i>four</i>\n  ).\n{% endtight %}"
    )
    with translation.override(language):
        assert written.render({"one": "One."}) == shown


def test_tight_reaches_into_components() -> None:
    written = engines["django"].from_string(
        "{% tight %}\n  {% cell %}\n    <b>\n      x\n    </b>\n  {% endcell %}\n{% endtight %}"
    )
    assert written.render() == '<td role="cell"><b>x</b></td>'


@pytest.mark.parametrize(
    ("name", "current"), [("home", ""), ("statistics", "page"), ("release", "page")]
)
def test_the_menu_marks_the_page_that_is_open(rf: RequestFactory, name: str, current: str) -> None:
    request = rf.get("/")
    request.resolver_match = ResolverMatch(print, (), {}, name)
    link = Template('{% menu_link _("成果と統計") "statistics" "release" %}')
    marked = ' aria-current="page"' if current else ""
    written = link.render(Context({"request": request}))
    assert written == f'<li><a href="/statistics/"{marked}>成果と統計</a></li>'


@pytest.mark.parametrize(
    ("language", "amount", "shown"),
    [
        ("ja", 5_000_000, "500万円"),
        ("en", 5_000_000, "5,000,000 yen"),
        ("ja", 25_000_000, "2,500万円"),
        ("en", 25_000_000, "25,000,000 yen"),
        ("ja", 1_234_567, "1,234,567円"),
        ("en", 1_234_567, "1,234,567 yen"),
    ],
)
def test_ten_thousands_are_a_unit_of_japanese_alone(language: str, amount: int, shown: str) -> None:
    with translation.override(language):
        assert f"{man_yen(amount)}{man_unit(amount)}" == in_man_yen(amount) == shown


@pytest.mark.parametrize(
    ("asked", "bare"),
    [
        ("/", "/"),
        ("/en/", "/"),
        ("/cases/?q=a%20b", "/cases/?q=a%20b"),
        ("/en/cases/?q=/en/", "/cases/?q=/en/"),
        ("/enquiry/", "/enquiry/"),
        ("/en//evil.example/", "/%2Fevil.example/"),  # leads to no other site
        ("/no/such/page/", "/no/such/page/"),
    ],
)
def test_each_page_names_itself_in_both_languages(
    rf: RequestFactory, asked: str, bare: str
) -> None:
    found = in_both_languages(rf.get(asked))
    assert found == {"url_ja": bare, "url_en": f"/en{bare}"}


@pytest.mark.parametrize(
    ("language", "text", "shown"),
    [
        ("en", "除雪", '<as-typed lang="ja">除雪</as-typed>|<span lang="ja">除雪</span>|True'),
        ("en", "<Snow>", "<as-typed>&lt;Snow&gt;</as-typed>|&lt;Snow&gt;|False"),
        ("ja", "除雪", "<as-typed>除雪</as-typed>|除雪|False"),
    ],
)
def test_what_was_written_in_japanese_says_so_on_an_english_page(
    language: str, text: str, shown: str
) -> None:
    page = "{{ text|typed }}|{{ text|written }}|{% only_japanese text as said %}{{ said|yesno:'True,False' }}"
    with translation.override(language):
        assert engines["django"].from_string(page).render({"text": text}) == shown
