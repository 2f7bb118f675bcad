"""Firms that have handed in an application before there was a proof keep what they could do; the way
says so. All others are unproved.
"""

from django.apps.registry import Apps
from django.contrib.auth.hashers import make_password
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone

GROUND = "確認の手続きができる前に、申請を提出していました。"


def keep(apps: Apps, _schema: BaseDatabaseSchemaEditor) -> None:
    people = apps.get_model("portal_accounts", "User").objects
    firms = apps.get_model("portal_accounts", "Organisation").objects.filter(
        proved_how="",
        cases__submitted_at__isnull=False,
        memberships__isnull=False,
        memberships__left_at=None,
    )
    wanted = list(firms.values_list("pk", flat=True).distinct())
    if not wanted:
        return
    system, _made = people.get_or_create(
        email="portal@system.invalid",
        defaults={"name": "システム", "is_system": True, "password": make_password(None)},
    )
    apps.get_model("portal_accounts", "Organisation").objects.filter(pk__in=wanted).update(
        proved_how="earlier", proved_by=system, proved_at=timezone.now(), proof_ground=GROUND
    )


class Migration(migrations.Migration):
    dependencies = [
        ("portal_firms", "0001_initial"),
        ("portal_cases", "0006_turn_until"),
    ]

    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
