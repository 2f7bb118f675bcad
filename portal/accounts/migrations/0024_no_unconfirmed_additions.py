from django.db import migrations


def forget(apps, schema_editor):
    """An address that an account only added signs nobody in, and blocks nobody's sign-up."""
    addresses = apps.get_model("account", "EmailAddress").objects
    confirmed = addresses.filter(verified=True).values("user")
    addresses.filter(verified=False, user__in=confirmed).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("portal_accounts", "0023_lists_by_firm"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
