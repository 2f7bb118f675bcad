"""What people wrote, as a page shows it: with its lines, and marked where it is in another language."""

import re

from django import template
from django.template.defaultfilters import linebreaksbr
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.ui.templatetags.components import element

register = template.Library()
JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")  # kana and kanji


@register.filter
def typed(text: str) -> SafeString:
    """What somebody typed, with its lines; no readings stand above it (`portal.ui.furigana`)."""
    return element("as-typed", linebreaksbr(text), lang=_language_of(text))


@register.filter
def written(text: str) -> str:
    """A line that somebody wrote, marked where it is Japanese on an English page."""
    found = _language_of(text)
    return element("span", text, lang=found) if found else text


@register.simple_tag
def only_japanese(text: str) -> str:
    """Says to readers of English that a text of this page has none."""
    words = _(
        "このページの日本語の文章は、書いた方の言葉のままです。英語はなく、機械では訳していません。"
    )
    return element("p", words, class_="quiet section--near") if _language_of(text) else ""


def _language_of(text: str) -> str:
    """ "ja", where it is another language than the page's."""
    return "ja" if get_language() == "en" and JAPANESE.search(str(text)) else ""
