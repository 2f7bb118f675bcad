"""The states of an enrolment, with their words and whose turn each makes."""

from django.utils.translation import gettext_lazy as _lazy

from portal.workflow.graph import State, States


class EnrolmentState(States):
    ENROLLED = State(
        "enrolled",
        _lazy("受講決定"),
        _lazy("受講決定"),
        "good",
        say=_lazy("受講が決まりました。初回の日時と場所を確かめてください。"),
    )
    ATTENDING = State(
        "attending", _lazy("受講中"), _lazy("受講中"), "city", say=_lazy("講座が進んでいます。")
    )
    COMPLETED = State(
        "completed", _lazy("修了"), _lazy("修了"), "good", say=_lazy("講座を修了しました。")
    )
    DROPPED = State(
        "dropped",
        _lazy("辞退・中止"),
        _lazy("辞退・中止"),
        "rest",
        say=_lazy("受講を取りやめました。"),
    )


LIVE = (EnrolmentState.ENROLLED, EnrolmentState.ATTENDING)
