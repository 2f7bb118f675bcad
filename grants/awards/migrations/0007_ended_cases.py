from django.db import migrations

# of the sum of an award that ended, what may be kept stands; its case says how it ended
ENDED = """
UPDATE portal_cases_case AS c
SET ended_as = a.state, awarded_amount = a.payable,
    state_label = CASE a.state WHEN 'withdrawn' THEN '取下げ' WHEN 'abandoned' THEN '廃止'
                               WHEN 'revoked' THEN '取消' ELSE '事情変更による取消' END
FROM grants_awards_award AS a
WHERE a.case_id = c.id AND a.state IN ('withdrawn', 'abandoned', 'revoked', 'cancelled');
"""


class Migration(migrations.Migration):

    dependencies = [("grants_awards", "0006_payable"), ("portal_cases", "0020_ended_as")]

    operations = [migrations.RunSQL(ENDED, migrations.RunSQL.noop)]
