"""Components with a slot, as block tags of every template: what repeats on the pages is written
once, here.

`{% section _("記録") "log-h" %}…{% endsection %}`: first what the reader sees, then names and looks.
A component knows no page and no row; what stands between its tags is its content, as it was
rendered.
"""

from django import template
from django.db.models import Model
from django.shortcuts import resolve_url
from django.template import RequestContext
from django.template.defaulttags import CsrfTokenNode
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from portal.ui.templatetags.ui import icon

register = template.Library()
Attribute = str | int | bool | None
SIGNS = {"good": "good", "info": "info", "care": "care", "stop": "care"}
BAR_LOOKS = ("still",)
BUTTON_LOOKS = ("text", "line", "solid", "s")
TABLE_LOOKS = ("dense", "cards", "narrow")


def element(tag: str, content: str, /, **attributes: Attribute) -> SafeString:
    """One element around its content; `aria_label` is written aria-label, what is empty not at
    all.
    """
    written = ""  # joined by hand: a list of 60 rows has a thousand elements
    for name, value in attributes.items():
        text = "" if value is None or value is True else conditional_escape(str(value))
        if text or value is True:
            named = name.rstrip("_").replace("_", "-")
            written += f' {named}="{text}"'
    return joined(f"<{tag}{written}>", conditional_escape(content), f"</{tag}>")


def looks(base: str, look: str, own: tuple[str, ...]) -> str:
    """The classes of a look: words of the component's own are modifiers of its class."""
    words = (f"{base}--{word}" if word in own else word for word in look.split())
    return " ".join((base, *words))


def joined(*parts: str) -> SafeString:
    return mark_safe("".join(parts))  # noqa: S308  each part is an element already, or rendered content


# -- the way to a page ---------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def menu_link(context: RequestContext, title: str, name: str, *also: str) -> SafeString:
    """A line of the main menu: marked on the page of that name, and on those `also` named."""
    request = context.get("request")
    here = request.resolver_match.url_name if request and request.resolver_match else ""
    current = "page" if here in (name, *also) else ""
    return element("li", element("a", title, href=reverse(name), aria_current=current))


@register.simple_block_tag
def crumbs(content: SafeString) -> SafeString:
    """Where a page stands: the way to it, one `crumb` after another."""
    return element("nav", element("ol", content), class_="crumbs", aria_label=_("いまいる場所"))


@register.simple_block_tag
def crumb(content: SafeString, to: str | Model = "", **arguments: str | int) -> SafeString:
    """A step of the way, to the page of a name or a row; the last one, without, is the page itself."""
    text = joined(content.strip())
    if not to:
        return element("li", text, aria_current="page")
    return element("li", element("a", text, href=resolve_url(to, **arguments)))


# -- a page's parts ------------------------------------------------------------------------------


@register.simple_block_tag
def section(
    content: SafeString,
    title: str,
    heading_id: str = "",
    look: str = "section section--near",
    *,
    heading: str = "subtitle",
    **attributes: Attribute,
) -> SafeString:
    """A part of a page under its heading; with the heading's id it is a landmark of that name."""
    head = element("h2", title, class_=heading, id=heading_id)
    return element(
        "section", joined(head, content), class_=look, aria_labelledby=heading_id, **attributes
    )


@register.simple_block_tag(takes_context=True)
def part(context: RequestContext, content: SafeString, name: str, title: str) -> SafeString:
    """A part of a case page: open for whom the page names it (`unfolded`), else one press away. A link
    to its name opens it.
    """
    unfolded = context.get("unfolded")
    return _folded(content, name, title, is_open=unfolded is None or name in unfolded)


@register.simple_block_tag(takes_context=True)
def fold(context: RequestContext, content: SafeString, name: str, title: str) -> SafeString:
    """A part of a page that is one press away, for readers who look for it by its heading: open where
    all is asked for (`is_whole`), in print, and where an address names it.
    """
    return _folded(content, name, title, is_open=bool(context.get("is_whole")))


def _folded(content: SafeString, name: str, title: str, *, is_open: bool) -> SafeString:
    heading = f"{name}-h"
    summary = element("summary", element("h2", title, class_="subtitle", id=heading))
    inside = element(
        "section", content, class_="stack", id=name, tabindex="-1", aria_labelledby=heading
    )
    return element("details", joined(summary, inside), class_="fold", open=is_open or None)


@register.simple_block_tag
def section_head(
    content: SafeString, title: str, heading_id: str, heading: str = "section__title"
) -> SafeString:
    """The heading of a part with what leads on from it, at its side."""
    head = element("h2", title, class_=heading, id=heading_id)
    return element("div", joined(head, content), class_="section__head")


@register.simple_block_tag
def callout(
    content: SafeString, tone: str, title: str = "", look: str = "", *, sign: str = ""
) -> SafeString:
    """A box that speaks: its tone, its title, and what follows from it."""
    head = element("p", title, class_="callout__title") if title else ""
    return element(
        "div",
        joined(icon(sign or SIGNS[tone]), head, content),
        class_=f"callout callout--{tone} {look}".strip(),
    )


@register.simple_block_tag
def callout_line(
    content: SafeString,
    tone: str,
    look: str = "",
    *,
    title: str = "",
    strong: bool = False,
    sign: str = "",
) -> SafeString:
    """A callout of one sentence, or of a title and a sentence."""
    head = element("span", title, class_="callout__title") if title else ""
    text = element("span", joined(content.strip()), class_="callout__title" if strong else "")
    return element(
        "p",
        joined(icon(sign or SIGNS[tone]), head, text),
        class_=f"callout callout--{tone} {look}".strip(),
    )


@register.simple_block_tag
def fact(content: SafeString, name: str, look: str = "") -> SafeString:
    """A line of a list of facts: its name and its value."""
    return element(
        "div", joined(element("dt", name), element("dd", joined(content.strip()), class_=look))
    )


@register.simple_block_tag
def error_summary(content: SafeString, title: str) -> SafeString:
    """What stops a page: first on it, and where the focus goes."""
    head = element("h2", format_html("{}{}", icon("care"), title), class_="error-summary__title")
    said = element("div", joined(head, content), role="alert")
    return element("div", said, class_="error-summary", tabindex=-1, data_focus=True)


@register.simple_block_tag
def figure(content: SafeString, name: str, look: str = "big", note: str = "") -> SafeString:
    """One of a page's great figures: its name, its value, and what is to be said of it."""
    named, value = element("dt", name), element("dd", joined(content.strip()), class_=look)
    said = element("dd", note, class_="figure__note") if note else ""
    return element("div", joined(named, value, said), class_="figure")


@register.simple_block_tag
def finding(
    content: SafeString, tone: str, what: str, verdict: str = "", why: str = "", *, sign: str = ""
) -> SafeString:
    """A line of a list of findings: what was looked at, how it is, why, and what follows from it."""
    head = format_html("{}{}", what, element("span", verdict) if verdict else "")
    reason = element("p", why, class_="finding__why") if why else ""
    said = joined(element("p", head, class_="finding__what"), reason, content)
    return element(
        "li",
        joined(icon(sign or SIGNS[tone]), element("div", said)),
        class_=f"finding finding--{tone}",
    )


@register.simple_block_tag
def step(content: SafeString, name: str, *, done: bool = False, now: bool = False) -> SafeString:
    """A step of a procedure, and when it is taken."""
    named = element("span", name, class_="steps__name")
    when = element("span", joined(content.strip()), class_="steps__when")
    return element(
        "li",
        joined(named, when),
        class_="steps__item steps__item--done" if done else "steps__item",
        aria_current="step" if now else "",
    )


@register.simple_block_tag
def entry(
    content: SafeString,
    name: str,
    to: str | Model = "",
    *,
    sign: str = "file",
    badge: str = "",
    **arguments: str | int,
) -> SafeString:
    """A line of a list of files and the like: its name, where that leads (an address, the name of
    one, or a row), what is to be said of it, and the badge of its state.
    """
    head = element("a", name, href=resolve_url(to, **arguments)) if to else name
    said = joined(content.strip())
    note = element("span", said, class_="files__meta") if said else ""
    text = element("span", format_html("{}{}", head, note))
    return element("li", joined(icon(sign), text, badge))


@register.simple_block_tag
def empty_state(content: SafeString, title: str) -> SafeString:
    """What a list says that has nothing to show, and where to go from there."""
    return element("div", joined(element("p", title, class_="subtitle"), content), class_="empty")


@register.simple_block_tag
def action_bar(content: SafeString, look: str = "", **attributes: Attribute) -> SafeString:
    """The buttons at the foot of a page; "still" stays where it stands."""
    inner = element("div", content, class_="action-bar__in")
    return element("div", inner, class_=looks("action-bar", look, BAR_LOOKS), **attributes)


@register.simple_block_tag(takes_context=True)
def act_form(
    context: RequestContext,
    content: SafeString,
    label: str,
    back: str | Model = "",
    *,
    anchor: str = "",
    leave: str = "",
    **arguments: str | int,
) -> SafeString:
    """The form of a page that does one thing: its fields, the button, and the way `back` (an
    address, the name of one, or a row). It names its address: after the password was asked again,
    the page is answered under another.
    """
    button = element("button", label, class_="button button--solid", type="submit")
    if back:
        href = resolve_url(back, **arguments) + (f"#{anchor}" if anchor else "")
        way = element("a", leave or _("やめて戻る"), class_="button button--text", href=href)
        button = element("div", joined(button, way), class_="row")
    return element(
        "form",
        joined(CsrfTokenNode().render(context), content, button),
        class_="stack section--near",
        method="post",
        action=context["request"].get_full_path() if "request" in context else "",
        novalidate=True,
    )


@register.simple_tag(takes_context=True)
def press(
    context: RequestContext,
    label: str,
    to: str,
    look: str = "text s",
    *,
    about: str | int | Model = "",
    **arguments: str | int,
) -> SafeString:
    """A button that does one thing, at the address of that name; `about`: what of, where several
    stand on a page, for who hears it.
    """
    said = element("span", f"：{about}", class_="hidden") if about else ""
    class_ = looks("button", look, BUTTON_LOOKS)
    button = element("button", format_html("{}{}", label, said), class_=class_, type="submit")
    inner = joined(CsrfTokenNode().render(context), button)
    return element("form", inner, method="post", action=resolve_url(to, **arguments))


@register.simple_block_tag(takes_context=True)
def bulk_form(context: RequestContext, content: SafeString, may_act: bool) -> SafeString:
    """The form around a table whose rows are picked; the table alone for who may only read."""
    if not may_act:
        return content
    back = context["request"].get_full_path()
    here = format_html('<input type="hidden" name="next" value="{}">', back)
    return element(
        "form",
        joined(CsrfTokenNode().render(context), here, content),
        method="post",
        action=reverse("case_bulk"),
        novalidate=True,
    )


# -- tables --------------------------------------------------------------------------------------
# On a narrow screen a table of "cards" shows each row as a card: its CSS takes the meaning of a table away,
# and the roles give it back. The tags below `table` write these roles; other tables hold plain <tr> and <td>.


@register.simple_block_tag
def table(
    content: SafeString,
    label: str,
    caption: str,
    look: str = "dense",
    *,
    near: bool = False,
    region: str = "",
) -> SafeString:
    """A table with its hidden caption, in a region of its own name that scrolls sideways; alone
    where it has no name.
    """
    whole = element(
        "table",
        joined(element("caption", caption, class_="hidden"), content),
        class_=looks("table", look, TABLE_LOOKS),
        role="table" if "cards" in look.split() else "",
    )
    if not label:
        return whole
    return element(
        "div",
        whole,
        class_=" ".join(filter(None, ("scroll", "section--near" if near else "", region))),
        tabindex=0,
        role="region",
        aria_label=label,
    )


@register.simple_block_tag
def columns(content: SafeString) -> SafeString:
    """The head of a table of cards, around its columns."""
    return element("thead", element("tr", content, role="row"), role="rowgroup")


@register.simple_tag
def column(title: str, look: str = "", *, hidden: bool = False) -> SafeString:
    text = element("span", title, class_="hidden") if hidden else title
    return element("th", text, role="columnheader", scope="col", class_=look)


@register.simple_block_tag
def rows(content: SafeString) -> SafeString:
    """The body of a table of cards, around its rows."""
    return element("tbody", content, role="rowgroup")


@register.simple_block_tag
def row(content: SafeString, look: str = "", **attributes: Attribute) -> SafeString:
    return element("tr", content, role="row", class_=look, **attributes)


@register.simple_block_tag
def row_head(content: SafeString, look: str = "") -> SafeString:
    """The cell that names its row."""
    return element("th", joined(content.strip()), role="rowheader", scope="row", class_=look)


@register.simple_block_tag
def cell(
    content: SafeString,
    label: str = "",
    look: str = "",
    *,
    bare: bool = False,
    **attributes: Attribute,
) -> SafeString:
    """A cell; a card shows its label beside it, so the content is made one box, unless it is one
    (bare).
    """
    text = joined(content.strip())
    value = element("span", text) if label and not bare else text
    return element("td", value, role="cell", data_label=label, class_=look, **attributes)
