"""What goes out to everyone who has a draft in a call, when something happens to the call."""

from django.utils.translation import gettext_lazy as _lazy

from portal.workflow.outgoing import Outgoing, Wording

SUSPENDED = Outgoing(
    applicant=Wording(
        _lazy("公募の受付を一時停止しました"),
        _lazy(
            "下書きのある公募の受付を一時停止しました。理由は公募のページにあります。下書きは残り、書き進められます。再開したらメールでお知らせします。"
        ),
        follows=_lazy("再開するか中止するかが決まったら、お知らせします。"),
    ),
)
RESUMED = Outgoing(
    applicant=Wording(
        _lazy("公募の受付を再開しました"),
        _lazy(
            "下書きのある公募の受付を再開しました。停止していた日数だけ締切を延ばし、新しい締切は%(until)sです。それまでに提出してください。"
        ),
        follows=_lazy("提出すると、受付票をお送りします。"),
    ),
)
REOPENED = Outgoing(
    applicant=Wording(
        _lazy("公募の受付をもう一度開きました"),
        _lazy(
            "下書きのある公募の受付をもう一度開きました。新しい締切は%(until)sです。それまでに提出してください。"
        ),
        follows=_lazy("提出すると、受付票をお送りします。"),
    ),
)
EXTENDED = Outgoing(
    applicant=Wording(
        _lazy("公募の締切を延ばしました"),
        _lazy(
            "下書きのある公募の締切を延ばしました。新しい締切は%(until)sです。それまでに提出してください。"
        ),
        follows=_lazy("新しい締切の前に、もう一度お知らせします。"),
    ),
)
MADE_UP = Outgoing(
    applicant=Wording(
        _lazy("障害のため公募の締切を延ばしました"),
        _lazy(
            "締切の前後にこのサイトを使えない時間があったため、下書きのある公募の締切を延ばしました。新しい締切は%(until)sです。それまでに提出してください。理由は公募のページにあります。"
        ),
        follows=_lazy("新しい締切の前に、もう一度お知らせします。"),
    ),
)
REBRIEFED = Outgoing(
    applicant=Wording(
        _lazy("公募の説明会の予定が変わりました"),
        _lazy(
            "下書きのある公募の説明会の日時か場所が変わりました。いまの予定を、公募のページで確かめてください。"
        ),
        follows=_lazy("申請の締切は変わりません。"),
    ),
)
CANCELLED = Outgoing(
    applicant=Wording(
        _lazy("公募を中止しました"),
        _lazy(
            "下書きのある公募を中止しました。提出はできません。下書きは申請のページで読めます。くわしいことは担当にお尋ねください。"
        ),
        follows=_lazy("この公募について、していただくことはもうありません。"),
    ),
)
ENDS_EARLY = Outgoing(
    applicant=Wording(
        _lazy("公募の締切を早めました"),
        _lazy(
            "下書きのある公募の締切を早めました。新しい締切は%(until)sです。それまでに提出してください。理由は公募のページにあります。"
        ),
        follows=_lazy("早めた締切の前に、もう一度お知らせします。"),
    ),
)
AMENDED = Outgoing(
    applicant=Wording(
        _lazy("公募の内容を変えました"),
        _lazy(
            "下書きのある公募の内容を変えました。変わった所と理由は公募のページにあります。下書きは残っています。新しい内容に合わせて確かめ、%(until)sまでに提出してください。"
        ),
        follows=_lazy("提出すると、新しい内容に沿って審査します。"),
    ),
)
AMENDED_AFTER = Outgoing(
    applicant=Wording(
        _lazy("申請のあった公募の内容を変えました"),
        _lazy(
            "申請のあった公募の内容を変えました。変わった所と理由は公募のページにあります。"
            "提出済みの申請には、提出したときの要件と補助率が続けて適用されます。日程の変更は、提出済みの申請にも当てはまります。いま必要な手続きはありません。"
        ),
        follows=_lazy("申請の手続きは、いままでどおり続きます。"),
        kind="progress",
    ),
)
# to each who may approve, for all of them
PROPOSED_CHANGES = Wording(
    _lazy("承認を待つ公募の変更があります"),
    _lazy(
        "別の職員が提案した公募の変更が%(n)s件、承認を待っています。下のページから公募回を開き、確かめてください。"
    ),
)
PROPOSED_OUTAGES = Wording(
    _lazy("決定を待つ、障害による締切の延長があります"),
    _lazy(
        "別の職員が提案した、障害による締切の延長が%(n)s件、決定を待っています。下のページで確かめ、延ばすか、取り下げてください。"
    ),
)
PREPARED = Wording(
    _lazy("承認を待つ制度・公募回があります"),
    _lazy(
        "別の職員が作った制度・公募回が%(n)s件、承認を待っています。下のページから開き、内容を確かめて承認してください。直すところがあるときは、理由を書いて差し戻してください。"
    ),
)
PROGRAMME_SENT_BACK = Wording(
    _lazy("制度が差し戻されました"),
    _lazy(
        "作った制度が、承認されずに差し戻されました。理由を下のページで確かめ、制度を書き直してください。"
    ),
    follows=_lazy("書き直すと、承認する職員がもう一度確かめます。"),
)
CALL_SENT_BACK = Wording(
    _lazy("公募回が差し戻されました"),
    _lazy(
        "作った公募回が、承認されずに差し戻されました。理由を下のページで確かめ、公募回を直してください。"
    ),
    follows=_lazy("直すと、承認する職員がもう一度確かめます。"),
)
