"""Components with a slot: what they write, and that text is escaped once."""

import pytest
from django.template import engines
from django.test.html import parse_html

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


@pytest.mark.parametrize(("source", "wanted"), [SECTION, CALLOUT, SENTENCE, FACT, ACTIONS, CARDS])
def test_a_component_writes_its_elements(source: str, wanted: str) -> None:
    written, expected = (
        engines["django"].from_string(text).render({"text": "<b>"}) for text in (source, wanted)
    )
    assert parse_html(written) == parse_html(expected)


def test_the_end_of_a_line_is_no_space_inside_tight() -> None:
    written = engines["django"].from_string(
        "{% tight %}\n  <a\n    href='/'\n    {% if now %}class='x'{% endif %}\n  >\n"
        "    {{ text }}\n    　{% if now %}\n      <b>c d</b>\n    {% endif %}\n  </a>\n{% endtight %}"
    )
    shown = written.render({"text": "一\n二", "now": True})
    assert shown == "<a\n    href='/'\n    class='x'\n  >一\n二　<b>c d</b></a>"


def test_tight_reaches_into_components() -> None:
    written = engines["django"].from_string(
        "{% tight %}\n  {% cell %}\n    <b>\n      x\n    </b>\n  {% endcell %}\n{% endtight %}"
    )
    assert written.render() == '<td role="cell"><b>x</b></td>'
