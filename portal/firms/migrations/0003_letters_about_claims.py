"""Letters that tell a firm that nobody signs in for of a claim on it. Prints of what came before keep the
columns that they were taken of."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

BEGUN = ("id", "organisation_id", "person_id", "name", "postal_code", "address", "asked_at", "asked_by_id")


def triggers(begun: tuple[str, ...]) -> str:
    """The triggers of portal_audit_keep_begun, of these columns from now on."""

    def named(row: str = "") -> str:
        return ", ".join(f"{row}.{name}" if row else f"'{name}'" for name in begun)

    return f"""
DROP TRIGGER print ON portal_firms_proofletter; DROP TRIGGER stay ON portal_firms_proofletter;
CREATE TRIGGER print AFTER INSERT ON portal_firms_proofletter FOR EACH ROW
  EXECUTE FUNCTION portal_audit_print({named()});
CREATE TRIGGER stay BEFORE UPDATE ON portal_firms_proofletter FOR EACH ROW
  WHEN (OLD.ended_at IS NOT NULL OR ({named("OLD")}) IS DISTINCT FROM ({named("NEW")}))
  EXECUTE FUNCTION portal_audit_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("portal_firms", "0002_rules")]
    operations = [
        migrations.AlterField(
            "proofletter",
            "person",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proof_letters",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            "proofletter",
            "claim",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="letters",
                to="portal_firms.firmclaim",
            ),
        ),
        migrations.AddField(
            "proofletter", "tells", models.CharField(blank=True, default="", max_length=10), False
        ),
        migrations.AddConstraint(
            "proofletter",
            models.CheckConstraint(
                condition=Q(claim=None, tells="", person__isnull=False)
                | Q(claim__isnull=False, person=None, asked_by=None, code_hash="") & ~Q(tells=""),
                name="firms_letter_tells",
            ),
        ),
        migrations.RunSQL(triggers((*BEGUN, "claim_id", "tells")), triggers(BEGUN)),
    ]
