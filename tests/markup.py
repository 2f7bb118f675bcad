"""Reading a page's HTML in a test, whatever the layout of its template."""

import re

from django.http import HttpResponseBase


def one_line(page: HttpResponseBase) -> str:
    """The page as if it were written on one line, without the white space beside and inside tags."""
    text = re.sub(r"\s+", " ", page.getvalue().decode())
    return re.sub(r" ?(</?\w[^<>]*?) ?> ?", r"\1>", text)
