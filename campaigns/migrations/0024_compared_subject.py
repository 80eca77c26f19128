from django.db import migrations, models
from django.db.models import F


def fill(apps, schema_editor):
    """What was compared before is known only by the subject that the letter has now."""
    version = apps.get_model("campaigns", "LetterVersion")
    version.objects.filter(compared_from__isnull=False).update(compared_subject=F("subject"))


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0023_two_subjects"),
    ]

    operations = [
        migrations.AddField(
            model_name="letterversion",
            name="compared_subject",
            field=models.CharField(blank=True, default="", editable=False, max_length=140),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
