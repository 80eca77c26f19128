from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def add_clock(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("contacts", "Clock").objects.get_or_create(id=1)


class Migration(migrations.Migration):
    dependencies = [("contacts", "0001_initial")]
    operations = [migrations.RunPython(add_clock, migrations.RunPython.noop)]
