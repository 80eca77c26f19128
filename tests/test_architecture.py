"""The direction of foreign keys, which the import linter can't see when they are strings."""

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
