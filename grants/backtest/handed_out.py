"""The rows of the file of a back-test: every case, and below them what is to be kept in mind."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from grants.backtest import telling
from grants.backtest.cases import Past
from grants.programmes.models import said
from grants.programmes.parameters import Programme


def caveats() -> list[str]:
    """What whoever reads a back-test has to know."""
    return [
        _(
            "内部の検討資料です。数の少ない区分から個別の申請者が分かるので、外に出さないでください。"
        ),
        _(
            "決まりが変わると、申し込む人も、申し込む額や枠も変わります。過去の申請を当てはめた計算で、見込みではありません。"
        ),
        _("当時の申請で分からないことは、推測せずに「分からない」としています。"),
    ]


def unit(stated: Programme) -> str:
    return _("席") if stated.unit == "seats" else _("円")


def rows(pasts: Iterable[Past], groups: telling.Groups, now: Programme) -> Iterator[list[object]]:
    of = {"unit": unit(now)}
    yield [
        _("公募回"),
        _("受付番号"),
        _("申請者"),
        _("枠"),
        _("本社の場所"),
        _("業種"),
        _("従業員数"),
        _("当時の結果"),
        _("当時の決定額（%(unit)s）") % of,
        _("この版での結果"),
        _("この版での額（%(unit)s）") % of,
        _("分からないことが認められた場合の額（%(unit)s）") % of,
        _("違い"),
        _("理由"),
    ]
    for past in pasts:
        names = {frame.key: said(frame.name) for frame in past.call.stated.frames}
        for application, one in past.rows:
            case, stated = application.case, application.stated
            yield [
                str(past.call),
                case.receipt_number,
                case.organisation.name,
                names.get(one.case.frame, one.case.frame),
                groups.area(one.case),
                groups.trade(one.case),
                one.case.facts.employees,
                application.info.label,
                one.case.awarded,
                telling.result(one),
                one.amount,
                one.most,
                telling.CHANGES[one.change][1],
                " ".join(telling.reasons(one, stated, now)),
            ]
    yield []
    for text in caveats():
        yield [text]
