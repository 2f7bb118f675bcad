from collections import Counter

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from portal import clock, fiscal


def number_so_far(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """What was drafted before gets its numbers in the order in which it was drafted."""
    last: Counter[int] = Counter()
    drafts = apps.get_model("portal_approvals", "Approval").objects
    for draft in drafts.order_by("drafted_at", "pk").only("pk", "drafted_at").iterator():
        year = fiscal.fiscal_year(clock.day_of(draft.drafted_at))
        last[year] += 1
        name = f"起案第{last[year]}号（{fiscal.era_fiscal_year(year)}）"
        drafts.filter(pk=draft.pk).update(number=name)
    series = apps.get_model("portal_cases", "NumberSeries").objects
    for year, n in last.items():
        series.update_or_create(name=f"approval-{year}", defaults={"last": n})


class Migration(migrations.Migration):
    dependencies = [
        ("portal_approvals", "0002_rounds"),
    ]

    operations = [
        migrations.AddField("approval", "basis", models.CharField(blank=True, max_length=300)),
        migrations.AddField("approval", "budget", models.JSONField(default=list)),
        migrations.AddField(
            "approval",
            "keep_years",
            models.PositiveSmallIntegerField(
                choices=[(1, "1年"), (3, "3年"), (5, "5年"), (10, "10年"), (30, "30年")], default=5
            ),
        ),
        migrations.AddField("item", "changes", models.JSONField(default=list)),
        migrations.AddField("approval", "number", models.CharField(max_length=40, null=True)),
        migrations.RunPython(number_so_far, migrations.RunPython.noop),
        # what the filling left to check at the end of the transaction is checked before the table
        # is altered
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            "approval", "number", models.CharField(max_length=40, unique=True)
        ),
    ]
