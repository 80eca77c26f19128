"""What pages share: tables that a phone can read, how a moment is written, the page of mail addresses."""

from datetime import UTC, datetime

import pytest
from django.template import Context, Template

from tests.factories import UserFactory

ROWS = """{% load pages %}{% table name %}
<thead><tr><th scope="col">Name</th><th scope="col">Town &amp; code</th><th scope="col" class="number">Pledges</th>
<th scope="col"><span class="visually-hidden">Action</span></th></tr></thead>
<tbody><tr><td>{{ who }}</td><td>Larkhaven</td><td class="number">1</td><td>…</td></tr></tbody>
{% endtable %}"""


def rendered(source, **values):
    return Template(source).render(Context(values))


def test_each_cell_carries_the_heading_of_its_column():
    html = rendered(ROWS, name="Supporters", who="Ada")
    assert 'role="region" aria-label="Supporters"' in html and 'tabindex="0"' in html
    assert '<td role="cell" data-label="Name">Ada</td>' in html
    assert 'data-label="Town &amp; code"' in html
    assert '<td class="number" role="cell" data-label="Pledges">' in html
    assert html.count("data-label") == 3  # a heading only readers hear gives none
    assert html.count('role="columnheader"') == 4


def test_what_people_typed_stays_text_in_a_table():
    html = rendered(ROWS, name='"><b>', who="<td>x")
    assert "<b>" not in html and "&lt;td&gt;x" in html


def test_two_columns_stay_beside_each_other():
    html = rendered(
        '{% load pages %}{% table "Days" %}<thead><tr><th>Day</th><th>People</th></tr></thead>'
        "<tbody><tr><td>1</td><td>2</td></tr></tbody>{% endtable %}"
    )
    assert "data-label" not in html and '<table class="rows"' not in html


def test_days_and_moments_are_written_one_way():
    at = datetime(2026, 3, 5, 14, 7, 9, tzinfo=UTC)
    source = "{% load pages %}{{ at|date:'DATE_FORMAT' }} · {{ at|date:'SHORT_DATETIME_FORMAT' }} · {{ at|to_the_second }}"
    assert rendered(source, at=at) == "5 March 2026 · 5 Mar 2026, 14:07 · 5 Mar 2026, 14:07:09"


@pytest.mark.django_db
def test_the_page_of_mail_addresses_looks_like_the_others(client):
    client.force_login(UserFactory(email="olive@harbour.example"))
    page = client.get("/accounts/email/").content.decode()
    assert page.count("<h1") == 1 and "Your mail addresses" in page
    assert 'class="button button-quiet" name="action_add"' in page
