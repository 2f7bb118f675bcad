import datetime
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("portal_registry", "0001_initial"),
        ("portal_registry", "0002_english_names"),
        ("portal_registry", "0003_state_by_publication"),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Bank",
            fields=[
                ("code", models.CharField(max_length=4, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("kana", models.CharField(max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name="Corporation",
            fields=[
                ("number", models.CharField(max_length=13, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=150)),
                ("name_key", models.CharField(db_index=True, max_length=200)),
                ("kana", models.CharField(blank=True, max_length=500)),
                ("kind", models.CharField(max_length=3)),
                ("prefecture", models.CharField(blank=True, max_length=10)),
                ("city", models.CharField(blank=True, max_length=20)),
                ("street", models.CharField(blank=True, max_length=300)),
                ("area_code", models.CharField(blank=True, db_index=True, max_length=5)),
                ("postal_code", models.CharField(blank=True, max_length=7)),
                ("closed_on", models.DateField(null=True)),
                ("close_cause", models.CharField(blank=True, max_length=2)),
                ("successor", models.CharField(blank=True, max_length=13)),
                ("process", models.CharField(blank=True, max_length=2)),
                ("changed_on", models.DateField()),
                ("updated_on", models.DateField(default=datetime.date(2015, 10, 5))),
                ("latest", models.BooleanField(default=False)),
                ("sequence", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Holiday",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=40)),
            ],
            options={
                "ordering": ["day"],
            },
        ),
        migrations.CreateModel(
            name="Industry",
            fields=[
                ("code", models.CharField(max_length=2, primary_key=True, serialize=False)),
                ("major", models.CharField(max_length=1)),
                ("major_name", models.CharField(max_length=60)),
                ("major_name_en", models.CharField(default="", max_length=80)),
                ("name", models.CharField(max_length=80)),
                ("name_en", models.CharField(default="", max_length=100)),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Municipality",
            fields=[
                ("code", models.CharField(max_length=6, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=20)),
                ("name_en", models.CharField(max_length=40)),
                ("kana", models.CharField(max_length=40)),
                ("corporate_number", models.CharField(max_length=13, unique=True)),
                ("order", models.PositiveSmallIntegerField()),
            ],
            options={
                "ordering": ["order"],
            },
        ),
        migrations.CreateModel(
            name="Area",
            fields=[
                ("code", models.CharField(max_length=6, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=20)),
                ("name_en", models.CharField(max_length=40)),
                ("order", models.PositiveSmallIntegerField()),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="areas",
                        to="portal_registry.municipality",
                    ),
                ),
            ],
            options={
                "ordering": ["order"],
            },
        ),
        migrations.CreateModel(
            name="PostalCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(db_index=True, max_length=7)),
                ("town", models.CharField(max_length=80)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="portal_registry.area"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Branch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=3)),
                ("name", models.CharField(max_length=60)),
                ("kana", models.CharField(max_length=60)),
                (
                    "bank",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="branches",
                        to="portal_registry.bank",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("bank", "code"), name="registry_branch_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="CorporationChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("process", models.CharField(max_length=2)),
                ("changed_on", models.DateField()),
                ("name", models.CharField(max_length=150)),
                ("address", models.CharField(max_length=330)),
                ("successor", models.CharField(blank=True, max_length=13)),
                (
                    "corporation",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="portal_registry.corporation",
                    ),
                ),
            ],
            options={
                "ordering": ["-changed_on", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("corporation", "process", "changed_on", "name", "address"),
                        name="registry_change_once",
                    )
                ],
            },
        ),
    ]
