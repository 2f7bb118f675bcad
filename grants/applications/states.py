"""The states of an application: their words, whose turn each makes it, and its clock."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from portal.workflow.graph import State

APPLICATION_STATES = {
    "draft": State(
        _("下書き"),
        _("下書き"),
        "you",
        "applicant",
        todo=gettext_noop("申請を書いて提出する"),
        say=_("申請を書いているところです。"),
    ),
    "submitted": State(
        _("提出"),
        _("書類の確認"),
        "city",
        "office",
        "programme_officer",
        gettext_noop("書類を確認する"),
        5,
        _("いま、市が書類を確認しています。"),
    ),
    "returned": State(
        _("補正待ち"),
        _("補正のお願い"),
        "you",
        "applicant",
        todo=gettext_noop("直して、もう一度提出する"),
        say=_("直していただきたいところがあります。"),
    ),
    "accepted": State(
        _("受理"),
        _("受理"),
        "city",
        "office",
        "programme_officer",
        gettext_noop("審査または起案に進める"),
        10,
        _("申請を受理しました。決定に向けて進めています。"),
    ),
    "under_review": State(
        _("審査中"),
        _("審査中"),
        "city",
        "office",
        "",
        "",
        20,
        _("いま、審査員が申請の内容を審査しています。"),
    ),
    "reviewed": State(
        _("審査済み"),
        _("審査済み"),
        "city",
        "office",
        "programme_officer",
        gettext_noop("決定を起案する"),
        5,
        _("審査が終わり、決定の手続きをしています。"),
    ),
    "selected": State(
        _("採択"),
        _("採択"),
        "good",
        "office",
        "programme_officer",
        gettext_noop("交付決定を起案する"),
        5,
        _("採択されました。交付決定の手続きをしています。"),
    ),
    "waitlisted": State(
        _("補欠"), _("補欠"), "city", say=_("補欠として順番をお待ちいただいています。")
    ),
    "awarded": State(_("交付決定"), _("交付決定"), "good", say=_("交付が決まりました。")),
    "rejected": State(
        _("不採択・不交付"), _("不採択"), "rest", say=_("今回は採択に至りませんでした。")
    ),
    "inadmissible": State(_("却下"), _("却下"), "rest", say=_("申請は却下となりました。")),
    "lapsed": State(
        _("期限切れ"), _("期限切れ"), "rest", say=_("期限までに補正がなく、手続きを終えました。")
    ),
    "withdrawn": State(_("取下げ"), _("取下げ"), "rest", say=_("申請は取り下げられました。")),
    "concluded": State(_("提案の終結"), _("終結"), "rest", say=_("提案の手続きは終わりました。")),
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
