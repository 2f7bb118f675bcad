"""Seeds of code generators and of recovery codes, readable until now, are sealed where they lie."""

from collections.abc import Callable

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from portal import crypto

SECRETS = ("secret", "seed")  # of a code generator, of recovery codes


def _change(apps: Apps, to: Callable[[str], str]) -> None:
    for row in apps.get_model("mfa", "Authenticator").objects.exclude(type="webauthn"):
        row.data |= {name: to(row.data[name]) for name in SECRETS if name in row.data}
        row.save(update_fields=["data"])


def seal(apps: Apps, _schema: BaseDatabaseSchemaEditor) -> None:
    _change(apps, lambda text: crypto.seal(text).decode())


def open_again(apps: Apps, _schema: BaseDatabaseSchemaEditor) -> None:
    _change(apps, lambda text: str(crypto.unseal(text.encode())))


class Migration(migrations.Migration):
    dependencies = [
        ("portal_accounts", "0007_proved"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunPython(seal, open_again)]
