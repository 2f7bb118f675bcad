"""Reading a page's HTML in a test, whatever the layout of its template."""

import re

from django.http import HttpResponseBase


def one_line(page: HttpResponseBase) -> str:
    """The page as if it were written on one line, without the white space beside and inside tags, nor
    the mark around what people typed.
    """
    text = re.sub(r"</?as-typed[^>]*>", "", page.getvalue().decode())
    text = re.sub(r"\s+", " ", text)
    return re.sub(r" ?(</?\w[^<>]*?) ?> ?", r"\1>", text)


def mark_on(page: HttpResponseBase) -> str:
    """What a page sends back of what it showed ("" where it sends nothing of the kind)."""
    found = re.search(r'name="seen" value="(\w*)"', one_line(page))
    return found[1] if found else ""
