"""What goes out about calls that may fit."""

from django.utils.translation import gettext_lazy as _lazy

from portal.workflow.outgoing import Wording

# to one person, for all calls that are new to them
NEWS = Wording(
    _lazy("支援のお知らせ（%(n)s件）"),
    _lazy(
        "あなたに合いそうな支援のお知らせです。内容と締切は、それぞれのページで確かめてください。"
    ),
)
