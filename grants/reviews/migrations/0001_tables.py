import django.db.models.deletion
import django_fsm
import portal.clock
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("grants_reviews", "0001_initial"),
        ("grants_reviews", "0002_clearance"),
        ("grants_reviews", "0003_released_reviews"),
        ("grants_reviews", "0004_kept_sheets"),
    ]

    initial = True

    dependencies = [
        ("grants_applications", "0001_tables"),
        ("grants_programmes", "0001_tables"),
        ("portal_accounts", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReviewPanel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("state_since", models.DateTimeField(null=True)),
                ("due_on", models.DateField()),
                ("minutes", models.TextField(blank=True)),
                (
                    "state",
                    django_fsm.FSMField(db_index=True, default="", max_length=24, protected=True),
                ),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="panels",
                        to="grants_programmes.call",
                    ),
                ),
                ("members", models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["closed", "convened"])),
                        name="reviews_panel_state",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("state_since", models.DateTimeField(null=True)),
                ("cleared", models.BooleanField(default=False)),
                ("typed", models.JSONField(default=dict)),
                ("comment", models.TextField(blank=True)),
                ("scored_at", models.DateTimeField(null=True)),
                (
                    "state",
                    django_fsm.FSMField(db_index=True, default="", max_length=24, protected=True),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="grants_applications.application",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "panel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="grants_reviews.reviewpanel",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("application", "reviewer"), name="reviews_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "assigned",
                                    "declared",
                                    "recused",
                                    "released",
                                    "reopened",
                                    "replaced",
                                    "scored",
                                ],
                            )
                        ),
                        name="reviews_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Score",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("criterion", models.CharField(max_length=31)),
                ("points", models.PositiveSmallIntegerField()),
                ("reason", models.TextField(blank=True)),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scores",
                        to="grants_reviews.review",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("review", "criterion"), name="reviews_score_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SelectionRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("frame", models.CharField(max_length=31)),
                ("n", models.PositiveSmallIntegerField()),
                ("made_at", models.DateTimeField(default=portal.clock.now)),
                ("facts", models.JSONField()),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="selection_records",
                        to="grants_programmes.call",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["frame", "n"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("call", "frame", "n"), name="reviews_record_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SelectedRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("n", models.PositiveIntegerField()),
                ("facts", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="selection_rows",
                        to="grants_applications.application",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="grants_reviews.selectionrecord",
                    ),
                ),
            ],
            options={
                "ordering": ["n"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("record", "application"), name="reviews_record_row_once"
                    )
                ],
            },
        ),
    ]
