"""Each last day that a role was given has a row; a role that was taken away before it began keeps its first day."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal_accounts", "0015_kept_stand_ins")]
    operations = [
        migrations.RemoveConstraint("staffrole", "accounts_role_days"),
        migrations.AddConstraint(
            "staffrole",
            models.CheckConstraint(
                condition=models.Q(ends_on=None)
                | models.Q(ends_on__gte=models.F("starts_on"))
                | models.Q(ended_by__isnull=False),
                name="accounts_role_days",
            ),
        ),
        migrations.CreateModel(
            "RoleEnd",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ends_on", models.DateField()),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ends",
                        to="portal_accounts.staffrole",
                    ),
                ),
            ],
        ),
    ]
