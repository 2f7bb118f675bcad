"""When each application was decided is said by its case, too."""

from django.db import migrations

DECIDED = """
    UPDATE portal_cases_case AS kept SET decided_at = told.state_since
    FROM grants_applications_application AS told
    WHERE told.case_id = kept.id AND told.state IN ('awarded', 'rejected', 'inadmissible', 'lapsed')
"""


class Migration(migrations.Migration):

    dependencies = [
        ("grants_applications", "0011_extension_requests"),
        ("portal_cases", "0018_decided"),
    ]

    operations = [migrations.RunSQL(DECIDED, migrations.RunSQL.noop)]
