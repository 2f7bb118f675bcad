import django.db.models.deletion
import portal.clock
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("portal_documents", "0001_initial"),
        ("portal_documents", "0002_pictures"),
        ("portal_documents", "0003_internal"),
        ("portal_documents", "0004_checks"),
    ]

    dependencies = [
        ("portal_cases", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=120, unique=True)),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                ("sent_sha256", models.CharField(max_length=64)),
                ("size", models.BigIntegerField()),
                ("content_type", models.CharField(max_length=100)),
                ("scan", models.CharField(default="pending", max_length=10)),
                ("checked_at", models.DateTimeField(null=True)),
                ("refusal", models.CharField(blank=True, max_length=20)),
                ("pages", models.PositiveIntegerField(null=True)),
                ("pictured_at", models.DateTimeField(null=True)),
                ("pictures", models.PositiveIntegerField(default=0)),
                ("stored_at", models.DateTimeField(default=portal.clock.now)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("size__gt", 0)), name="documents_file_not_empty"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("refusal", ""), ("checked_at__isnull", False), _connector="OR"
                        ),
                        name="documents_refused_by_a_check",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("uploaded_at", models.DateTimeField(default=portal.clock.now)),
                ("removed_at", models.DateTimeField(null=True)),
                ("key", models.CharField(max_length=40)),
                ("frozen", models.BooleanField(default=False)),
                ("internal", models.BooleanField(default=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="portal_cases.case",
                    ),
                ),
                (
                    "removed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="portal_documents.storedfile",
                    ),
                ),
            ],
            options={
                "ordering": ["key", "uploaded_at", "pk"],
                "indexes": [models.Index(fields=["case", "key"], name="documents_case_key")],
            },
        ),
    ]
