import re

import pytest
from django import forms
from django.template.loader import get_template, render_to_string

ICONS = [
    "home",
    "campaigns",
    "policy",
    "legislators",
    "briefs",
    "settings",
    "supporters",
    "person",
    "mail",
    "send",
    "edit",
    "check",
    "close",
    "info",
    "warning",
    "clock",
    "calendar",
    "search",
    "plus",
    "play",
    "pause",
    "stop",
    "undo",
    "download",
    "print",
    "external",
    "lock",
    "exit",
    "phone",
    "place",
    "arrow",
]


class Signing(forms.Form):
    name = forms.CharField(label="Your name", help_text="As in your letter.", max_length=80)
    town = forms.CharField(label="Town", required=False)
    agree = forms.BooleanField(label="Write to me")
    how = forms.ChoiceField(
        label="How", choices=[("mail", "By mail"), ("post", "By post")], widget=forms.RadioSelect
    )


def test_a_field_wires_its_help_and_its_error_to_the_input():
    html = render_to_string("components/field.html", {"field": Signing({})["name"]})
    described = re.search(r'aria-describedby="([^"]+)"', html)[1].split()
    assert described == ["id_name_helptext", "id_name_error"]
    assert all(f'id="{name}"' in html for name in described)
    assert 'aria-invalid="true"' in html
    assert "<label" in html and 'for="id_name"' in html


def test_a_field_that_may_stay_empty_says_so():
    assert "(optional)" in render_to_string("components/field.html", {"field": Signing()["town"]})
    assert "(optional)" not in render_to_string("components/field.html", {"field": Signing()["name"]})


def test_choices_are_a_group_with_a_name():
    html = render_to_string("components/field.html", {"field": Signing({})["how"]})
    assert "<fieldset" in html and "<legend" in html
    assert 'aria-describedby="id_how_error"' in html and 'id="id_how_error"' in html


def test_the_summary_of_errors_links_to_what_can_be_typed_into():
    html = render_to_string("components/form_errors.html", {"form": Signing({})})
    fields = render_to_string("components/fields.html", {"form": Signing({})})
    targets = re.findall(r'href="#([^"]+)"', html)
    assert targets == ["id_name", "id_agree", "id_how_0"]
    assert all(f'id="{target}"' in fields for target in targets)


def test_a_form_without_errors_has_no_summary():
    assert render_to_string("components/form_errors.html", {"form": Signing()}).strip() == ""


@pytest.mark.parametrize("name", ICONS)
def test_every_icon_is_drawn_and_hidden_from_readers(name):
    html = render_to_string("components/icon.html", {"name": name})
    assert 'aria-hidden="true"' in html
    assert re.search(r"<(path|circle)", html)
    assert "style=" not in html


def test_the_page_for_our_own_faults_asks_no_database():
    html = get_template("500.html").render()
    assert "<h1" in html and 'lang="en' in html
    assert "style=" not in html and "<script" not in html


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "429"])
def test_error_pages_render_without_a_request_and_show_a_way_on(name):
    html = get_template(f"{name}.html").render()
    assert html.count("<h1") == 1
    assert 'class="button"' in html


def test_user_text_in_a_component_stays_text():
    html = render_to_string("components/notice.html", {"title": "<script>", "text": "{{ 7|add:7 }}"})
    assert "<script>" not in html and "{{ 7|add:7 }}" in html
