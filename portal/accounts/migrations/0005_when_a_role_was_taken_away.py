from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal_accounts", "0004_lists_by_trade_and_seat")]

    operations = [
        migrations.AddField(
            "staffrole", "ended_at", models.DateTimeField(editable=False, null=True)
        ),
    ]
