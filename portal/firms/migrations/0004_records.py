"""What a proved firm is called or led by now is a matter of its own; what was proposed is printed with the rest."""

from django.conf import settings
from django.db import migrations, models


PRINTED = ("id", "organisation_id", "person_id", "matter", "words", "right_number", "made_at")


def printed(*columns: str) -> str:
    """The triggers of what is kept, anew with these columns."""
    names = ", ".join(f"'{name}'" for name in columns)
    was, is_now = (", ".join(f"{side}.{name}" for name in columns) for side in ("OLD", "NEW"))
    return f"""
DROP TRIGGER print ON portal_firms_firmclaim;
CREATE TRIGGER print AFTER INSERT ON portal_firms_firmclaim FOR EACH ROW EXECUTE FUNCTION portal_audit_print({names});
DROP TRIGGER stay ON portal_firms_firmclaim;
CREATE TRIGGER stay BEFORE UPDATE ON portal_firms_firmclaim FOR EACH ROW WHEN (OLD.outcome <> '' OR
  ({was}) IS DISTINCT FROM ({is_now})) EXECUTE FUNCTION portal_audit_refuse();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('portal_accounts', '0014_lost_factors'),
        ('portal_firms', '0003_kept'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='firmclaim',
            name='firms_claim_open_once',
        ),
        migrations.AddField(
            model_name='firmclaim',
            name='proposed',
            field=models.JSONField(default=dict),
        ),
        migrations.AlterField(
            model_name='firmclaim',
            name='matter',
            field=models.CharField(choices=[('belongs', 'この事業者の代表者、または代表者から任された者です'), ('left', '登録されている代表者が退いたので、引き継ぎたい'), ('number', '法人番号をまちがえて登録しました'), ('record', '確認を受けた名称・所在地・代表者を改めたい')], max_length=10),
        ),
        migrations.AlterField(
            model_name='firmclaim',
            name='outcome',
            field=models.CharField(blank=True, choices=[('hand_over', '引き渡した'), ('add', '加えた'), ('correct', '番号を改めた'), ('adopt', '登録を改めた'), ('refuse', '認めなかった'), ('withdraw', '取り下げられた')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='firmclaim',
            constraint=models.UniqueConstraint(condition=models.Q(('outcome', ''), models.Q(('matter', 'record'), _negated=True)), fields=('organisation', 'person'), name='firms_claim_open_once'),
        ),
        migrations.AddConstraint(
            model_name='firmclaim',
            constraint=models.UniqueConstraint(condition=models.Q(('matter', 'record'), ('outcome', '')), fields=('organisation',), name='firms_record_open_once'),
        ),
        migrations.RunSQL(printed(*PRINTED, "proposed"), printed(*PRINTED)),
    ]
