"""What cases are found by knows either writing of a name now: documents that hold such a sign are thrown
away, and the job that writes what is missing writes them anew."""

from django.db import migrations

SIGNS = "ァィゥェォッャュョヮヵヶ會經營實驗藥學廣圖應發傳萬國澤邊邉齋齊斎濱濵髙﨑眞德櫻圓賣假勞區單嚴團壓屬廳據擔數條樣氣淺點當禮稅竝總續聲與舊處變轉輕遲醫鐵關體齒龍惠桒栁槗嶋嶌"


class Migration(migrations.Migration):
    dependencies = [("portal_cases", "0002_rules")]
    operations = [
        migrations.RunSQL(
            f"DELETE FROM portal_cases_searchdocument WHERE text ~ '[{SIGNS}]'",
            migrations.RunSQL.noop,
        )
    ]
