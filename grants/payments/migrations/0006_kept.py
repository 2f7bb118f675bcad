"""The bytes of an exported batch stay: they leave their print when they are written."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER print AFTER INSERT OR UPDATE ON grants_payments_paymentbatch FOR EACH ROW WHEN (NEW.sha256 <> '')
  EXECUTE FUNCTION portal_audit_print('id', 'number', 'content', 'sha256');
CREATE TRIGGER stay BEFORE UPDATE ON grants_payments_paymentbatch FOR EACH ROW WHEN (OLD.sha256 <> '' AND
  (OLD.id, OLD.number, OLD.content, OLD.sha256) IS DISTINCT FROM (NEW.id, NEW.number, NEW.content, NEW.sha256))
  EXECUTE FUNCTION portal_audit_refuse();
CREATE TRIGGER keep BEFORE DELETE ON grants_payments_paymentbatch FOR EACH ROW EXECUTE FUNCTION portal_audit_refuse();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON grants_payments_paymentbatch EXECUTE FUNCTION portal_audit_refuse();
INSERT INTO portal_audit_print (kept, row_id, columns, hash)
  SELECT 'grants_payments_paymentbatch', id, 'id,number,content,sha256',
    portal_audit_row_hash(to_jsonb(t), ARRAY['id', 'number', 'content', 'sha256'])
  FROM grants_payments_paymentbatch AS t WHERE sha256 <> '' ORDER BY id;
"""


class Migration(migrations.Migration):
    dependencies = [("grants_payments", "0005_not_executed"), ("portal_audit", "0004_prints")]
    operations = [
        migrations.RunSQL(FORWARD, "SELECT portal_audit_let_go('grants_payments_paymentbatch')")
    ]
