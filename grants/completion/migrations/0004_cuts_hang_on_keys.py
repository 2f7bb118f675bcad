import uuid

from django.db import migrations, models

# of a row that nobody filled in, these say something all the same
SAID_ANYWAY = ("category", "own_account")


def give_keys(apps, _editor):
    """Until now a number named an item: it becomes its key, so that each paper (`evidence_2`) and each cut
    stays where it lies today.
    """
    reports = apps.get_model("grants_completion", "CompletionReport").objects
    cuts = apps.get_model("grants_completion", "Cut").objects
    rows = reports.select_related("award").only("typed", "content", "submitted_at", "award__state")
    for report in rows.iterator(chunk_size=200):
        content, typed = with_keys(report.content), typed_with_keys(report.typed)
        reports.filter(pk=report.pk).update(content=content, typed=typed)
        made = list(cuts.filter(report=report).values("pk", "item", "amount", "made_at"))
        is_open = report.award.state == "active"
        for pk, then in known_then(content, made, report.submitted_at, is_open).items():
            cuts.filter(pk=pk).update(**then)


def with_keys(content):
    """What was handed in, its items named by their numbers."""
    items = content.get("items")
    if items is None:
        return content
    return content | {"items": [{"key": str(n)} | row for n, row in enumerate(items, 1)]}


def typed_with_keys(typed):
    """What is typed: the rows with something in them by their numbers, as their papers lie now, the
    others by names that nothing hangs on.
    """
    if "item-TOTAL_FORMS" not in typed:
        return typed
    found, n = dict(typed), 0
    for place in range(min(int(typed["item-TOTAL_FORMS"]), 100)):
        head = f"item-{place}-"
        is_filled = any(
            str(text).strip() and name.removeprefix(head) not in SAID_ANYWAY
            for name, text in typed.items()
            if name.startswith(head)
        )
        n += is_filled
        found.setdefault(f"{head}key", str(n) if is_filled else uuid.uuid4().hex[:8])
    return found


def known_then(content, cuts, submitted_at, is_open):
    """Cut → its key, and what its item was when it was made. That is known where the report was not
    handed in since, and taken for known where the amount was fixed by it; the others an officer looks
    at again.
    """
    items = {row["key"]: row for row in content.get("items", [])}
    sums = {}
    for cut in cuts:
        sums[cut["item"]] = sums.get(cut["item"], 0) + cut["amount"]
    found = {}
    for cut in cuts:
        key = str(cut["item"])
        found[cut["pk"]] = {"key": key}
        item = items.get(key)
        is_known = not is_open or (submitted_at and submitted_at <= cut["made_at"])
        if item and is_known and sums[cut["item"]] <= int(item["amount"]):
            found[cut["pk"]] |= {
                "what": item["what"],
                "category": item["category"],
                "item_amount": int(item["amount"]),
            }
    return found


class Migration(migrations.Migration):
    dependencies = [("grants_completion", "0003_inspection_sheets"), ("grants_awards", "0005_assessed")]

    operations = [
        migrations.AlterModelOptions(name="cut", options={"ordering": ["pk"]}),
        migrations.AddField(
            model_name="cut",
            name="key",
            field=models.CharField(default="", max_length=16),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="cut", name="what", field=models.CharField(blank=True, max_length=100)
        ),
        migrations.AddField(
            model_name="cut", name="category", field=models.CharField(blank=True, max_length=40)
        ),
        migrations.AddField(
            model_name="cut", name="item_amount", field=models.BigIntegerField(default=0)
        ),
        migrations.RunPython(give_keys),
        migrations.RemoveField(model_name="cut", name="item"),
        migrations.AddConstraint(
            model_name="cut",
            constraint=models.CheckConstraint(
                condition=models.Q(item_amount=0) | models.Q(amount__lte=models.F("item_amount")),
                name="completion_cut_within",
            ),
        ),
    ]
