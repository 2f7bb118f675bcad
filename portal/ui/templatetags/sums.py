"""A sum worked out, line by line."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.ui.templatetags.components import element, joined

register = template.Library()


@register.simple_block_tag
def sum_table(
    content: SafeString, caption: str, look: str = "", *, shown: bool = False
) -> SafeString:
    """A sum worked out, `sum_line` by `sum_line`, down to its `sum_answer`."""
    head = element("caption", caption, class_="" if shown else "hidden")
    return element("table", joined(head, element("tbody", content)), class_=f"sum {look}".strip())


@register.simple_block_tag
def sum_line(content: SafeString, name: str, note: str = "", *, look: str = "") -> SafeString:
    """A line of a sum; "sum__line" is a subtotal."""
    return _line_of_sum(name, note, element("td", joined(content.strip())), look)


@register.simple_block_tag
def sum_answer(content: SafeString, name: str, note: str = "") -> SafeString:
    """What the sum comes to."""
    value = element("td", joined(content.strip()), class_="big")
    return _line_of_sum(name, note, value, "sum__answer")


def _line_of_sum(name: str, note: str, value: SafeString, look: str) -> SafeString:
    said = element("span", note, class_="sum__note") if note else ""
    head = element("th", format_html("{}{}", name, said), scope="row")
    return element("tr", joined(head, value), class_=look)
