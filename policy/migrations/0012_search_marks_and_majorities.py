from importlib import import_module

from django.db import migrations, models

before = import_module("policy.migrations.0008_search")

# As policy.search.MARKS, in the way PostgreSQL writes characters.
MARKS = (
    r"\0300-\036f\0483-\0487\0591-\05bd\05bf\05c1\05c2\05c4\05c5\05c7"
    r"\0610-\061a\0640\064b-\065f\0670\06d6-\06dc\06df-\06e4\06e7\06e8\06ea-\06ed"
)
FUNCTION = (
    before.FUNCTION.replace(r"\0300-\036f", MARKS)
    .replace("regexp_replace(normalize(", "normalize(regexp_replace(normalize(")
    .replace("'', 'g')", "'', 'g'), NFC)")
)


def replace_function(function):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor != "postgresql":
            return
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(function)
            # What the indexes hold was made by the function before.
            for table in before.INDEXES:
                cursor.execute(f"REINDEX INDEX {table}_words")

    return run


class Migration(migrations.Migration):
    dependencies = [("policy", "0011_brief_logos")]
    operations = [
        migrations.RunPython(replace_function(FUNCTION), replace_function(before.FUNCTION)),
        migrations.RemoveConstraint(
            model_name='voterule',
            name='vote_rule_known',
        ),
        migrations.AlterField(
            model_name='voterule',
            name='majority',
            field=models.CharField(choices=[('simple', 'More than half of the members in office'), ('fifths_held', 'Three fifths of the members in office'), ('thirds_held', 'Two thirds of the members in office'), ('absolute', 'More than half of all seats'), ('three_fifths', 'Three fifths of all seats'), ('two_thirds', 'Two thirds of all seats')], max_length=12, verbose_name='votes needed'),
        ),
        migrations.AddConstraint(
            model_name='voterule',
            constraint=models.CheckConstraint(condition=models.Q(('majority__in', ['simple', 'fifths_held', 'thirds_held', 'absolute', 'three_fifths', 'two_thirds'])), name='vote_rule_known'),
        ),
    ]
