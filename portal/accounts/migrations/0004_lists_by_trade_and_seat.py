"""What lists of cases are sorted and narrowed by of a firm, each as one code that is never empty, under
indexes that lead on to the firm.
"""

from django.db import migrations, models
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Coalesce, NullIf

SEAT = Coalesce(
    "area",
    NullIf("prefecture", Value("")),
    Case(When(~Q(country=""), then=Value("abroad")), default=Value("")),
    output_field=models.CharField(),
)
TRADE = Coalesce("industry", Value(""), output_field=models.CharField())


def _code(expression, longest):
    field = models.CharField(max_length=longest)
    return models.GeneratedField(expression=expression, output_field=field, db_persist=True)


class Migration(migrations.Migration):
    dependencies = [
        ("portal_accounts", "0003_invitations_end"),
        ("portal_registry", "0001_tables"),
    ]

    operations = [
        migrations.AddField("organisation", "seat_code", _code(SEAT, 10)),
        migrations.AddField("organisation", "trade_code", _code(TRADE, 2)),
        migrations.AddIndex(
            "organisation", models.Index(fields=["seat_code", "id"], name="accounts_firm_seat")
        ),
        migrations.AddIndex(
            "organisation", models.Index(fields=["trade_code", "id"], name="accounts_firm_trade")
        ),
    ]
