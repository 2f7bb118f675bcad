from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("grants_awards", "0008_carried")]

    operations = [
        migrations.AddIndex(
            model_name="award",
            index=models.Index(
                condition=models.Q(("fixed_on__isnull", False)),
                fields=["of_call", "frame", "fixed_on"],
                include=("fixed_amount",),
                name="awards_fixed",
            ),
        ),
    ]
