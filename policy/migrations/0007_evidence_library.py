import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils.text import slugify


def name_evidence(apps, schema_editor):
    """Give each claim a short name made of its words; two of one organisation never share one."""
    taken = set()
    evidence = apps.get_model("policy", "Evidence").objects.order_by("organization", "position", "id")
    for row in evidence.iterator():
        words = slugify(row.claim)[:40].strip("-") or "evidence"
        n = 1
        key = words
        while (row.organization_id, key) in taken:
            n += 1
            key = f"{words}-{n}"
        taken.add((row.organization_id, key))
        type(row).objects.filter(pk=row.pk).update(key=key)


class Migration(migrations.Migration):
    dependencies = [
        ("policy", "0006_indicators"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EvidenceVersion",
            fields=[
                ("claim", models.CharField(max_length=300, verbose_name="claim")),
                (
                    "figure",
                    models.CharField(help_text="As printed, e.g. 41.", max_length=40, verbose_name="figure"),
                ),
                ("unit", models.CharField(blank=True, max_length=60, verbose_name="unit")),
                ("source_title", models.CharField(max_length=240, verbose_name="source")),
                ("source_url", models.URLField(verbose_name="link to the source")),
                ("published_on", models.DateField(verbose_name="published on")),
                ("retrieved_on", models.DateField(verbose_name="read on")),
                ("is_example", models.BooleanField(default=False, verbose_name="invented example")),
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("replaced_at", models.DateTimeField()),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="policy.evidence",
                    ),
                ),
                (
                    "replaced_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ["-replaced_at", "-id"]},
        ),
        migrations.AddField(
            model_name="evidence",
            name="key",
            field=models.SlugField(
                default="",
                help_text="Letters cite it by this name, which stays.",
                max_length=60,
                verbose_name="short name",
            ),
            preserve_default=False,
        ),
        migrations.RunPython(name_evidence, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.UniqueConstraint(fields=("organization", "key"), name="evidence_key_once"),
        ),
    ]
