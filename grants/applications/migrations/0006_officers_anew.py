"""What is typed anew lies beside the list of officers that was handed in, and says when it replaced one.
A list that was kept after the last question to the police was not asked about, and what lies there of a
version that is being written goes beside.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

import portal.clock


def set_apart(apps, _editor):
    """What was typed after the last hand-in goes beside; the names that were handed in are lost, so that
    list is as one that was erased. The police were asked about it where they were before it was
    typed over; else nobody was asked, and who may have been checked are other people.
    """
    model = apps.get_model
    lists = model("grants_applications", "OfficerList").objects
    anew = model("grants_applications", "OfficersAnew").objects
    inquiries = model("grants_applications", "Inquiry").objects
    checks = model("grants_applications", "Check").objects.filter(kind="antisocial")
    open_again = Q(application__state="returned") | Q(
        application__state="submitted", application__amending_since__isnull=False
    )
    for row in lists.filter(open_again, sealed__isnull=False).select_related("application"):
        came = last_came(row.application)
        if came is None or row.saved_at <= came:
            continue
        anew.create(
            application=row.application, sealed=row.sealed, people=row.people, saved_at=row.saved_at
        )
        row.sealed, row.erased_at = None, row.saved_at
        if row.sent_at is not None and row.sent_at < row.saved_at:
            asked = inquiries.filter(application=row.application, sent_at__lt=row.saved_at)
            last = asked.order_by("sent_at").last()
            row.people = last.people if last is not None else row.people
        else:
            if row.sent_at is not None:
                checks.filter(
                    application=row.application, result__in=("clear", "not_needed")
                ).update(result="", evidence="", checked_by=None, checked_at=None)
            row.sent_at, row.people = None, 0
        row.save()


def last_came(application):
    """When the last version was handed in: at the counter that is later than the day of its paper."""
    last = application.versions.order_by("n").last()
    if last is None:
        return None
    tries = application.attempts.filter(outcome__in=("done", "honoured"))
    return max(filter(None, (last.submitted_at, *tries.values_list("arrived_at", flat=True))))


def unsend(apps, _editor):
    """A list that was handed in after the question, with the first version that came after it was kept.
    Of what stands beside (`set_apart`) the earlier one was asked about.
    """
    lists = apps.get_model("grants_applications", "OfficerList").objects
    rows = lists.filter(sent_at__lt=F("saved_at"), application__officers_anew=None)
    for row in rows.select_related("application"):
        row.sent_at = None
        if row.sealed is not None:  # what was erased cannot be asked about
            versions = row.application.versions.order_by("n")
            came = versions.filter(submitted_at__gte=row.saved_at).first() or versions.last()
            row.came_with = came.n if came is not None else None
        row.save()


def fill(apps, editor):
    set_apart(apps, editor)
    unsend(apps, editor)


class Migration(migrations.Migration):
    dependencies = [("grants_applications", "0005_amending")]

    operations = [
        migrations.AddField(
            "officerlist", "came_with", models.PositiveSmallIntegerField(null=True)
        ),
        migrations.CreateModel(
            name="OfficersAnew",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sealed", models.BinaryField(null=True)),
                ("people", models.PositiveSmallIntegerField(default=0)),
                ("saved_at", models.DateTimeField(default=portal.clock.now)),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="officers_anew",
                        to="grants_applications.application",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
