from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def add_sending(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("campaigns", "Sending").objects.get_or_create(id=1)


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0006_brakes")]
    operations = [migrations.RunPython(add_sending, migrations.RunPython.noop)]
