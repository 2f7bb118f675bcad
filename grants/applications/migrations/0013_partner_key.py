"""The IT partner that an application's last version names is kept as a search key."""

from django.db import migrations, models

from portal import jptext


def fill(apps, _editor):
    versions = apps.get_model("grants_applications", "ApplicationVersion")
    applications = apps.get_model("grants_applications", "Application")
    newest = versions.objects.order_by("application", "-n").distinct("application")
    names = newest.values_list("application", "content__eligibility__partner_name")
    for pk, name in names.iterator():
        if name:
            key = jptext.search_key(name)[:200]
            applications.objects.filter(pk=pk).update(partner_key=key)


class Migration(migrations.Migration):

    dependencies = [
        ("grants_applications", "0012_decided"),
    ]

    operations = [
        migrations.AddField(
            model_name="application",
            name="partner_key",
            field=models.CharField(blank=True, db_index=True, max_length=200),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
