"""A correction no longer takes the place of the first filing: what it had overwritten is taken from the frozen versions."""

from typing import Any

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def restore(apps: Any, _schema_editor: Any) -> None:
    application, version = (apps.get_model("grants_applications", n) for n in ("Application", "ApplicationVersion"))
    own = version.objects.filter(application=OuterRef("pk"))
    corrected = application.objects.filter(pk__in=version.objects.filter(n__gt=1).values("application"))
    corrected.update(
        arrived_at=Subquery(own.order_by("n").values("submitted_at")[:1]),
        corrected_at=Subquery(own.order_by("-n").values("submitted_at")[:1]),
    )
    first = application.objects.filter(case=OuterRef("pk")).values("arrived_at")[:1]
    cases = application.objects.filter(corrected_at__isnull=False).values("case")
    apps.get_model("portal_cases", "Case").objects.filter(pk__in=cases).update(submitted_at=Subquery(first))


class Migration(migrations.Migration):
    dependencies = [
        ("grants_applications", "0006_paper_received_at"),
        ("portal_cases", "0006_turn_until"),
    ]

    operations = [
        migrations.AddField("application", "corrected_at", models.DateTimeField(null=True)),
        migrations.RunPython(restore, migrations.RunPython.noop),
    ]
