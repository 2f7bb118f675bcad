import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("portal_privacy", "0001_initial"),
        ("portal_privacy", "0002_disposal"),
    ]

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DataRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("disclose", "開示"), ("correct", "訂正"), ("stop", "利用の停止")],
                        max_length=8,
                    ),
                ),
                ("about", models.TextField()),
                ("wanted", models.TextField(blank=True)),
                ("name", models.CharField(max_length=80)),
                ("address", models.CharField(blank=True, max_length=200)),
                ("identified_by", models.CharField(blank=True, max_length=120)),
                ("received_on", models.DateField()),
                ("due_on", models.DateField()),
                ("extended_for", models.TextField(blank=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("whole", "請求のとおり行う"),
                            ("part", "一部を行う"),
                            ("none", "行わない"),
                        ],
                        max_length=5,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("disposed_on", models.DateField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "disposal_asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "disposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="data_requests",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("person", None), _negated=True),
                            models.Q(("identified_by", ""), _negated=True),
                            ("disposed_on__isnull", False),
                            _connector="OR",
                        ),
                        name="privacy_somebody_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("drafted_by", None),
                            models.Q(("outcome", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="privacy_draft_says_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_at", None),
                            models.Q(
                                ("decided_by__isnull", False),
                                ("drafted_by__isnull", False),
                                models.Q(("decided_by", models.F("drafted_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="privacy_decided_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("disposed_by", None), ("disposed_on", None)),
                            models.Q(
                                ("disposal_asked_by__isnull", False),
                                ("disposed_by__isnull", False),
                                ("disposed_on__isnull", False),
                                models.Q(
                                    ("disposed_by", models.F("disposal_asked_by")), _negated=True
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="privacy_disposed_by_another",
                    ),
                ],
            },
        ),
    ]
