"""The states of an application: their words, whose turn each makes it, and its clock."""

from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import gettext_noop

from portal.workflow.graph import State

APPLICATION_STATES = {
    "draft": State(
        _lazy("下書き"),
        _lazy("下書き"),
        "you",
        "applicant",
        todo=gettext_noop("申請を書いて提出する"),
        say=_lazy("申請を書いているところです。"),
    ),
    "submitted": State(
        _lazy("提出"),
        _lazy("書類の確認"),
        "city",
        "office",
        "programme_officer",
        gettext_noop("書類を確認する"),
        5,
        _lazy("いま、市が書類を確認しています。"),
    ),
    "returned": State(
        _lazy("補正待ち"),
        _lazy("補正のお願い"),
        "you",
        "applicant",
        todo=gettext_noop("直して、もう一度提出する"),
        say=_lazy("直していただきたいところがあります。"),
    ),
    "accepted": State(
        _lazy("受理"),
        _lazy("受理"),
        "city",
        "office",
        "programme_officer",
        gettext_noop("審査または起案に進める"),
        10,
        _lazy("申請を受理しました。決定に向けて進めています。"),
    ),
    "under_review": State(
        _lazy("審査中"),
        _lazy("審査中"),
        "city",
        "office",
        "",
        "",
        20,
        _lazy("いま、審査員が申請の内容を審査しています。"),
    ),
    "reviewed": State(
        _lazy("審査済み"),
        _lazy("審査済み"),
        "city",
        "office",
        "programme_officer",
        gettext_noop("決定を起案する"),
        5,
        _lazy("審査が終わり、決定の手続きをしています。"),
    ),
    "selected": State(
        _lazy("採択"),
        _lazy("採択"),
        "good",
        "office",
        "programme_officer",
        gettext_noop("交付決定を起案する"),
        5,
        _lazy("採択されました。交付決定の手続きをしています。"),
    ),
    "waitlisted": State(
        _lazy("補欠"), _lazy("補欠"), "city", say=_lazy("補欠として順番をお待ちいただいています。")
    ),
    "awarded": State(
        _lazy("交付決定"), _lazy("交付決定"), "good", say=_lazy("交付が決まりました。")
    ),
    "rejected": State(
        _lazy("不採択・不交付"),
        _lazy("不採択"),
        "rest",
        say=_lazy("今回は採択に至りませんでした。"),
    ),
    "inadmissible": State(
        _lazy("却下"), _lazy("却下"), "rest", say=_lazy("申請は却下となりました。")
    ),
    "lapsed": State(
        _lazy("期限切れ"),
        _lazy("期限切れ"),
        "rest",
        say=_lazy("期限までに補正がなく、手続きを終えました。"),
    ),
    "withdrawn": State(
        _lazy("取下げ"), _lazy("取下げ"), "rest", say=_lazy("申請は取り下げられました。")
    ),
    "concluded": State(
        _lazy("提案の終結"), _lazy("終結"), "rest", say=_lazy("提案の手続きは終わりました。")
    ),
}

# one of these at a time in a call: what is under way, or was granted
LIVE = (
    "draft",
    "submitted",
    "returned",
    "accepted",
    "under_review",
    "reviewed",
    "selected",
    "waitlisted",
    "awarded",
)
# handed in, and no outcome that ends it
UNDECIDED = (
    "submitted",
    "returned",
    "accepted",
    "under_review",
    "reviewed",
    "selected",
    "waitlisted",
)
ENDED = ("rejected", "inadmissible", "lapsed", "withdrawn", "concluded")
# from which the applicant may step back: nothing was granted yet
WITHDRAWABLE = (
    "draft",
    "submitted",
    "returned",
    "accepted",
    "under_review",
    "reviewed",
    "waitlisted",
)
