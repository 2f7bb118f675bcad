"""The fictitious year's consultations: one answered and handed over, one waiting,
one offer to departments. Fictitious.
"""

from grants.programmes.models import Call
from portal.accounts.models import Membership
from portal.workflow.door import begin, perform
from startups.concierge import access
from startups.concierge.models import Consultation
from tools.demonstration.simulation import World


def run(world: World, _applications: object) -> None:
    if Consultation.objects.exists():
        return
    askers = (
        Membership.objects.filter(left_at=None)
        .select_related("user", "organisation")
        .order_by("pk")[:3]
    )
    asked = [
        (
            "question",
            "受発注をFAXから変えたい",
            "取引先が20社あり、注文の8割がFAXです。何から始めればよいでしょうか。",
        ),
        ("question", "在宅勤務の端末は対象になりますか", "事務の2人が週3日、家で働きます。"),
        (
            "pitch",
            "凍結を知らせる路面センサー",
            "電池で3年動くセンサーを作っています。試せる道路をさがしています。",
        ),
    ]
    rows = [
        begin(
            Consultation,
            by=m.user,
            organisation=m.organisation,
            kind=kind,
            title=title,
            text=text,
            is_public=kind == "pitch",
        )
        for m, (kind, title, text) in zip(askers, asked, strict=False)
    ]
    for row in rows:
        if row.is_public:
            access.show(row, by=world.staff["concierge"])
    call = (
        Call.objects.public()
        .exclude(programme__code__in=["open_innovation", "pilot_support"])
        .order_by("pk")
        .last()
    )
    if rows and call is not None:
        first = perform(
            rows[0],
            "answer",
            by=world.staff["concierge"],
            text="まず、注文の多い5社から始めるのが近道です。同じ規模の会社の例をお送りします。",
        )
        perform(
            first,
            "hand_over",
            by=world.staff["concierge"],
            call=call,
            text="この補助金が使えそうです。締切にご注意ください。",
        )
