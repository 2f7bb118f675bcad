from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


def read_from_parameters(apps, _editor):
    """Fill the columns of calls that froze their parameters before there were any."""
    calls = apps.get_model("grants_programmes", "Call")
    for call in calls.objects.only("parameters").iterator(chunk_size=200):
        calls.objects.filter(pk=call.pk).update(**columns(call.parameters))


def columns(stated):
    rules = {rule["rule"]: rule for rule in stated["rules"]}
    home, most = rules.get("head_office"), rules.get("employees_at_most")
    inside, outside = rules.get("industry_in"), rules.get("industry_not_in")
    kind = stated.get("kind", "subsidy")
    texts = {part: stated[part] for part in ("name", "summary", "lead", "family", "office")}
    card = {
        **texts,
        "cap": max(frame["cap"] for frame in stated["frames"]),
        "unit": "seats" if kind == "seats" else "yen",
        "rate": max((frame["rate"] for frame in stated["frames"]), key=value_of),
        "selection": stated["selection"],
    }
    return {
        "card": card,
        "kind": kind,
        "listed": stated.get("listed", True),
        "head_office_in": home["areas"] if home else None,
        "office_in_sapporo": "office" in rules,
        "employees_at_most": (most["limit"] or None) if most else None,
        "sme_only": "sme" in rules,
        "industries_in": inside["industries"] if inside else None,
        "industries_out": outside["industries"] if outside else None,
    }


def value_of(rate):
    above, below = rate.split("/")
    return int(above) / int(below)


class Migration(migrations.Migration):
    dependencies = [("grants_programmes", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name='call',
            name='card',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='call',
            name='employees_at_most',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='call',
            name='head_office_in',
            field=ArrayField(base_field=models.CharField(max_length=6), null=True, size=None),
        ),
        migrations.AddField(
            model_name='call',
            name='industries_in',
            field=ArrayField(base_field=models.CharField(max_length=3), null=True, size=None),
        ),
        migrations.AddField(
            model_name='call',
            name='industries_out',
            field=ArrayField(base_field=models.CharField(max_length=3), null=True, size=None),
        ),
        migrations.AddField(
            model_name='call',
            name='kind',
            field=models.CharField(default='subsidy', max_length=20),
        ),
        migrations.AddField(
            model_name='call',
            name='listed',
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name='call',
            name='office_in_sapporo',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='call',
            name='sme_only',
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(read_from_parameters, migrations.RunPython.noop),
    ]
