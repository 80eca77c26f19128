"""All tables of an app at once, for a fresh database."""

from django.db.migrations.operations.base import Operation


class AtOnce(Operation):
    """Operations that together make an app's tables from nothing, carried out as one.

    One by one, Django builds every model anew after each: with a hundred tables and two hundred constraints a fresh
    database takes a minute.
    """

    def __init__(self, operations):
        self.operations = operations

    def deconstruct(self):
        return self.__class__.__qualname__, [self.operations], {}

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)  # built again when it is asked for, and not before each operation
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for model in self._models(app_label, schema_editor, to_state):
            schema_editor.create_model(model)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for model in reversed(self._models(app_label, schema_editor, from_state)):
            schema_editor.delete_model(model)

    def _models(self, app_label, schema_editor, state):
        models = state.apps.get_app_config(app_label).get_models()
        return [model for model in models if self.allow_migrate_model(schema_editor.connection.alias, model)]

    def describe(self):
        return "Make all tables"
