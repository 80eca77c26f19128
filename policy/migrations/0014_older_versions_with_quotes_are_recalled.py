from django.db import migrations, models
from django.utils import timezone

PORTION = 200


def recall_older(apps, schema_editor):
    """Versions with words or names that nobody noted the people of: nothing would find them when one withdraws.

    Text and PDF go, as with any recall; hash, title and the list of copies stay, and asking again makes them anew.
    Their quotes may be of people who have withdrawn since, so none are kept by guessing whose they are.
    """
    Brief = apps.get_model("policy", "Brief")
    BriefSetItem = apps.get_model("policy", "BriefSetItem")
    noted = apps.get_model("policy", "BriefMention").objects.values("brief")
    unnoted = Brief.objects.exclude(state="recalled").exclude(pk__in=noted)
    found = [pk for pk, content in unnoted.values_list("pk", "content").iterator(50) if prints_people(content)]
    for start in range(0, len(found), PORTION):
        part = found[start : start + PORTION]
        Brief.objects.filter(pk__in=part).update(
            state="recalled", pdf=None, content={}, error="", recalled_at=timezone.now(), recall_reason="older"
        )
        BriefSetItem.objects.filter(brief__in=part, state="ready").update(
            state="failed", error="Taken back: It was made before versions knew whose words and names they print."
        )


def prints_people(content):
    sections = (content or {}).get("sections") or []
    return any(
        section.get("quotes") or any(group.get("names") for group in section.get("groups") or [])
        for section in sections
        if section.get("kind") in ("quotes", "names")
    )


class Migration(migrations.Migration):
    dependencies = [("policy", "0013_copies_and_recalls_of_briefs")]

    operations = [
        migrations.AlterField(
            model_name="brief",
            name="recall_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("pledge", "Somebody whose words or name it prints has taken their pledge back."),
                    ("words", "Somebody whose words it prints no longer agrees to that."),
                    ("name", "Somebody whose name it prints no longer agrees to that."),
                    ("erased", "Somebody whose words or name it prints had their data erased."),
                    ("older", "It was made before versions knew whose words and names they print."),
                ],
                max_length=6,
            ),
        ),
        migrations.RunPython(recall_older, migrations.RunPython.noop),
    ]
