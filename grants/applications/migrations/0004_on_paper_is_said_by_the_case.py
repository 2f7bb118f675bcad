from django.db import migrations


def to_case(apps, _editor):
    """What the application said is said by its case, where later reports and claims read it, too."""
    applications = apps.get_model("grants_applications", "Application").objects.filter(on_paper=True)
    apps.get_model("portal_cases", "Case").objects.filter(pk__in=applications.values("case")).update(on_paper=True)


def to_application(apps, _editor):
    cases = apps.get_model("portal_cases", "Case").objects.filter(on_paper=True)
    apps.get_model("grants_applications", "Application").objects.filter(case__in=cases).update(on_paper=True)


class Migration(migrations.Migration):
    dependencies = [
        ("grants_applications", "0003_defect_answer"),
        ("portal_cases", "0005_on_paper"),
    ]

    operations = [
        migrations.RunPython(to_case, to_application),
        migrations.RemoveField(model_name="application", name="on_paper"),
    ]
