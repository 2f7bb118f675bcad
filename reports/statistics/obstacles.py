"""What stops a release from being published."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from reports.statistics.states import ReleaseState

if TYPE_CHECKING:
    from reports.statistics.models import Release


def unbuilt(release: "Release") -> list[str]:
    return [] if release.as_of else [_("数値がまだできていません。できあがるまでお待ちください。")]


def unreconciled(release: "Release") -> list[str]:
    n = len(release.faults)
    return (
        [_("台帳と合わないところが%(n)s件あります。合うまで公表できません。") % {"n": n}]
        if n
        else []
    )


def overtaken(release: "Release") -> list[str]:
    later = (
        type(release)
        .objects.filter(fiscal_year=release.fiscal_year, n__gt=release.n)
        .exclude(state=ReleaseState.DRAFT)
        .first()
    )
    return (
        [
            _("あとから作った統計（%(number)s）が、すでに公表されています。")
            % {"number": later.number}
        ]
        if later
        else []
    )


def beside_others(release: "Release") -> list[str]:
    """What is hidden is reckoned beside every release that anybody can read."""
    beside = release.parameters.get("beside", [])
    since = type(release).objects.public().exclude(number__in=beside).first()
    return (
        [
            _(
                "この案の数値を作ったあとに、統計 %(number)s が公表されました。"
                "2つを引き算してもだれのことも分からないようにするため、案を作り直してください。"
            )
            % {"number": since.number}
        ]
        if release.as_of and since
        else []
    )
