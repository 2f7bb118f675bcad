"""Why a proposal is not decided as an application is."""

from django.utils.translation import gettext as _

from grants.applications.models import Application


def not_by_award(application: Application) -> list[str]:
    """A proposal is decided by matches; its money runs through the pilot's own support,
    so that none is paid twice.
    """
    if application.stated.kind != "proposal":
        return []
    return [
        _(
            "提案は、市町村ごとのマッチングで決めます。実証の支援金は、協定のあとに実証の案件から申請してもらい、そこで交付を決定します。"
        )
    ]
