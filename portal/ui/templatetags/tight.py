"""{% tight %} … {% endtight %}: text without the spaces that the lines of a template would make."""

import re
from collections.abc import Iterable, Iterator

from django import template
from django.template import Context, Node, NodeList
from django.template.base import Parser, TextNode, Token
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()
SIGNS = re.compile(r"([<>]|[ \t]*\n[ \t\n]*)")
LINE_END = "\x1f"  # counts as a space for whatever strips, and is typed by nobody
# the end of a sentence, what closes there, and a line's end before the next words
BETWEEN = re.compile(
    rf"(?<=[.?!:;,)])((?:</[^>]*>|{LINE_END})*{LINE_END})(?=(?:<[^>]*>|{LINE_END})*[^\s<.,;:!?)])"
)


def texts_of(nodes: Iterable[Node]) -> Iterator[TextNode]:
    for node in nodes:
        if isinstance(node, TextNode):
            yield node
        for name in node.child_nodelists or ("nodelist",):
            yield from texts_of(getattr(node, name, ()))


@register.tag
def tight(parser: Parser, token: Token) -> Node:
    """The end of a line is no space, as between Japanese words; between two sentences of another
    language it is one.

    Read once, with the template; inside <…> a line's end stays.
    """
    nodes = parser.parse(("endtight",))
    parser.delete_first_token()
    inside = False
    for piece in texts_of(nodes):
        kept = []
        for part in SIGNS.split(piece.s):
            inside = part == "<" if part in ("<", ">") else inside
            kept.append(part if inside or "\n" not in part else LINE_END)
        piece.s = "".join(kept)
    return TightNode(nodes)


class TightNode(Node):
    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        shown: str = self.nodelist.render(context)
        if get_language() != "ja":
            shown = BETWEEN.sub(lambda found: found[1].replace(LINE_END, "") + " ", shown)
        return mark_safe(shown.replace(LINE_END, ""))  # noqa: S308  rendered above
