"""The direction of foreign keys, which the import linter can't see when they are strings."""

import ast
from pathlib import Path

from django.apps import apps

ORDER = ["contacts", "policy", "campaigns", "config"]
ROOT = Path(__file__).parents[1]


def test_no_foreign_key_points_to_the_right():
    wrong = [
        f"{model.__name__}.{field.name} → {field.related_model.__name__}"
        for model in apps.get_models()
        if model._meta.app_label in ORDER
        for field in model._meta.get_fields()
        if field.is_relation
        and not field.auto_created
        and field.related_model
        and field.related_model._meta.app_label in ORDER
        and ORDER.index(field.related_model._meta.app_label) > ORDER.index(model._meta.app_label)
    ]
    assert wrong == []


def test_no_template_makes_user_text_into_markup_or_carries_style_or_script():
    for page in (ROOT / "templates").rglob("*.html"):
        text = page.read_text()
        assert "|safe" not in text and "autoescape off" not in text, page
        if "mail" not in page.parts and "briefs" not in page.parts:
            assert " style=" not in text and "<style" not in text, page
            assert "<script>" not in text and " onclick=" not in text, page


def test_names_of_constraints_can_be_read():
    for model in apps.get_models():
        if model._meta.app_label in ORDER:
            for constraint in model._meta.constraints:
                assert "_" in constraint.name and len(constraint.name) < 60


def test_locks_leave_keys_alone_but_where_a_comment_says_why():
    whole = []
    for app in ORDER:
        for file in (ROOT / app).rglob("*.py"):
            source = file.read_text()
            calls = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Call)]
            for call in calls:
                if getattr(call.func, "attr", "") == "select_for_update" and not any(
                    word.arg == "no_key" for word in call.keywords
                ):
                    above = source.splitlines()[call.lineno - 2]
                    assert "# A whole lock" in above, f"{file}:{call.lineno}"
                    whole.append(file.name)
    assert sorted(whole) == ["campaigns.py", "corrections.py", "import_undo.py", "subjects.py"]
