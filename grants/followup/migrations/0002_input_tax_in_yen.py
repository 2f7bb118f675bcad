"""Reports of input tax say yen by rate and use; those that said per cent are written in the new words.

A share of purchases in per cent is the same sum as so many yen of a hundred.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

METHODS = {"only_taxable": "individual", "common": "proportional"}


def rewrite(answers: dict[str, object]) -> dict[str, object]:
    method = METHODS.get(str(answers.get("basis")))
    if method is None or "taxable" not in answers:
        return answers
    kept = {name: value for name, value in answers.items() if name != "taxable"}
    figures = {"basis": method, "total": 100, "taxable_10": answers["taxable"]}
    return kept | figures | {"ratio": str(answers.get("ratio") or "")}


def forwards(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    for filing in apps.get_model("grants_followup", "Filing").objects.filter(kind="vat"):
        filing.typed, filing.content = rewrite(filing.typed), rewrite(filing.content)
        filing.save(update_fields=["typed", "content"])


class Migration(migrations.Migration):
    dependencies = [("grants_followup", "0001_initial")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
