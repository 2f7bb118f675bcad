"""Letters that the office asks for, to somebody who cannot sign in; and letters that are taken out of the list to print.
Prints of what came before keep the columns that they were taken of."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

BEGUN = ("id", "organisation_id", "person_id", "name", "postal_code", "address", "asked_at")
ENDED = ("code_hash", "last_day", "printed_at", "printed_by_id", "posted_at", "posted_by_id", "tries", "used_at", "ended_at")


def triggers(begun: tuple[str, ...], ended: tuple[str, ...]) -> str:
    """The triggers of portal_audit_keep_begun and portal_audit_keep_end, of these columns from now on."""

    def named(names: tuple[str, ...], row: str = "") -> str:
        return ", ".join(f"{row}.{name}" if row else f"'{name}'" for name in names)

    return f"""
DROP TRIGGER print ON portal_firms_proofletter; DROP TRIGGER stay ON portal_firms_proofletter;
DROP TRIGGER print_end ON portal_firms_proofletter;
CREATE TRIGGER print AFTER INSERT ON portal_firms_proofletter FOR EACH ROW
  EXECUTE FUNCTION portal_audit_print({named(begun)});
CREATE TRIGGER stay BEFORE UPDATE ON portal_firms_proofletter FOR EACH ROW
  WHEN (OLD.ended_at IS NOT NULL OR ({named(begun, "OLD")}) IS DISTINCT FROM ({named(begun, "NEW")}))
  EXECUTE FUNCTION portal_audit_refuse();
CREATE TRIGGER print_end AFTER INSERT OR UPDATE ON portal_firms_proofletter FOR EACH ROW WHEN (NEW.ended_at IS NOT NULL)
  EXECUTE FUNCTION portal_audit_print({named(ended)});
"""


def person() -> "models.ForeignKey[object, object]":
    return models.ForeignKey(
        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
    )


class Migration(migrations.Migration):
    dependencies = [("portal_firms", "0006_kept_letters_and_passings")]
    operations = [
        migrations.AddField("proofletter", "asked_by", person()),
        migrations.AddField("proofletter", "dropped_by", person()),
        migrations.AddField("proofletter", "dropped_reason", models.CharField(blank=True, default="", max_length=200), False),
        migrations.RemoveConstraint("proofletter", "firms_letter_live_once"),
        migrations.AddConstraint(
            "proofletter",
            models.UniqueConstraint(
                fields=("organisation", "person"),
                condition=Q(ended_at=None, asked_by=None),
                name="firms_letter_live_once",
            ),
        ),
        migrations.AddConstraint(
            "proofletter",
            models.UniqueConstraint(
                fields=("person",),
                condition=Q(ended_at=None, asked_by__isnull=False),
                name="firms_letter_of_factor_once",
            ),
        ),
        migrations.AddConstraint(
            "proofletter",
            models.CheckConstraint(
                condition=Q(dropped_by=None, dropped_reason="")
                | Q(dropped_by__isnull=False, ended_at__isnull=False, posted_at=None) & ~Q(dropped_reason=""),
                name="firms_letter_dropped",
            ),
        ),
        migrations.RunSQL(
            triggers((*BEGUN, "asked_by_id"), (*ENDED, "dropped_by_id", "dropped_reason")), triggers(BEGUN, ENDED)
        ),
    ]
