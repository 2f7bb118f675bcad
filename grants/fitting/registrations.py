"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from grants.applications.ports import fits_instead
from grants.fitting import instead, own_data, views
from grants.programmes.ports import keep_search
from portal.accounts.ports import OwnTable, own_tables
from portal.cases.ports import beside_own


def register() -> None:
    fits_instead.fill(instead.of_application)
    beside_own.add("fitting", views.beside)
    keep_search.fill("grants/fitting/keep.html")
    own_tables.add(
        "searches",
        OwnTable(
            label=_lazy("保存した検索"),
            head=(_lazy("日時"), _lazy("内容")),
            rows=own_data.searches,
        ),
    )
    own_tables.add(
        "marks",
        OwnTable(
            label=_lazy("公募について選んだこと"),
            head=(_lazy("公募"), _lazy("内容"), _lazy("日")),
            rows=own_data.marks,
        ),
    )
    own_tables.add(
        "told",
        OwnTable(
            label=_lazy("お知らせした公募"),
            head=(_lazy("公募"), _lazy("日時")),
            rows=own_data.told,
        ),
    )
