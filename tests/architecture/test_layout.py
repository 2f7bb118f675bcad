"""Templates are laid out without a space that a reader of Japanese would see."""

import inspect
import re
from pathlib import Path

import pytest

from portal.ui.templatetags import components, sums
from tools import templates


def laid_out(text: str) -> str:
    (made,) = templates.formatted({Path("page.html"): text}).values()
    return made


def test_the_formatter_knows_every_component() -> None:
    source = "".join(inspect.getsource(module) for module in (components, sums))
    blocks = re.findall(r"^@register\.simple_block_tag.*\ndef (\w+)", source, re.MULTILINE)
    assert set(blocks) == set(templates.COMPONENTS)


JOINED = "<p>{{ name }}{% if date %}（{{ date }}）{% endif %}まで</p>\n"


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        pytest.param(JOINED, JOINED, id="inline pieces stay joined"),
        pytest.param(
            "<div>{% if a %}<p>い</p>{% endif %}<p>ろ</p></div>\n",
            "<div>\n  {% if a %}\n    <p>い</p>\n  {% endif %}\n  <p>ろ</p>\n</div>\n",
            id="blocks get lines of their own",
        ),
        pytest.param(
            "{% block content %}{% if a %}<p>い</p>{% endif %}{% endblock %}\n",
            "{% block content %}\n  {% if a %}\n    <p>い</p>\n  {% endif %}\n{% endblock %}\n",
            id="a block of the page is an edge",
        ),
        pytest.param(
            "<p>い{% if a %}<em>ろ</em>\n{% endif %}</p>\n",
            "<p>\n  い{% if a %}<em>ろ</em>{% endif %}\n</p>\n",
            id="what begins in a line ends there",
        ),
        pytest.param(
            '{% fact _("い") %}{{ a }}{% endfact %}{% fact _("ろ") %}{{ b }}{% endfact %}\n',
            '{% fact _("い") %}{{ a }}{% endfact %}\n{% fact _("ろ") %}{{ b }}{% endfact %}\n',
            id="components are blocks",
        ),
        pytest.param(
            "<p>{% tight %}\n<b>い</b>\n{{ a }}い <b>ろ</b>\n{% endtight %}</p>\n",
            "<p>\n  {% tight %}\n    <b>い</b>\n    {{ a }}い <b>ろ</b>\n  {% endtight %}\n</p>\n",
            id="the end of a line is no space in tight, and a space stays one",
        ),
        pytest.param(
            f"<p>{{% blocktranslate with n=rows|length %}}{'い' * 90}{{% endblocktranslate %}}</p>\n",
            f"<p>\n  {{% blocktranslate trimmed with n=rows|length %}}\n    {'い' * 90}\n"
            "  {% endblocktranslate %}\n</p>\n",
            id="a long text has a line of its own",
        ),
        pytest.param("{{ a }}", "{{ a }}", id="what is included in a line ends without one"),
    ],
)
def test_layout(source: str, wanted: str) -> None:
    assert laid_out(source) == wanted
    assert laid_out(wanted) == wanted


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("<p>い{% if a %}ろ{% endif %}は</p>", "-xxxx-"),
        ("<div>{% if a %}い{% endif %}<p>ろ</p></div>", "-------"),
        ("い{% if a %}<p>ろ</p>{% endif %}は", "x----x"),
        ("<ul>{% for a in b %}<b>い</b>{% endfor %}</ul>", "-xxxx-"),
        ("<ul>{% for a in b %}<li>い</li>{% endfor %}</ul>", "------"),
        ("<p><a>い</a><span>ろ</span></p>", "--xxx--"),
    ],
)
def test_where_a_space_is_seen(source: str, seen: str) -> None:
    found = templates.Template(source)
    assert "".join("-" if hidden else "x" for hidden in found.hidden) == seen
