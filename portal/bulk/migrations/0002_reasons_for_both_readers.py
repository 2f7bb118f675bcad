"""Why an act was not done on a case is kept for readers of English, too; of what was carried out before, the
words of whoever planned it stand for both.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal_bulk", "0001_tables")]

    operations = [
        migrations.AddField(
            "bulkrow",
            "reasons_en",
            ArrayField(base_field=models.TextField(), default=list, size=None),
        ),
    ]
