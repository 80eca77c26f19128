# ruff: noqa: F811  # the campaign is the one of single briefs
"""The organisation's logo and colour on its briefs."""

import io

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from campaigns.actions.briefs import request_brief
from policy.briefs import build, press
from policy.briefs.pdf import readable
from policy.charts import svg
from policy.models import Logo
from tests import factories as make
from tests.campaigns.test_briefs import address, campaign, staff  # noqa: F401
from tests.pdf_tags import faults

pytestmark = pytest.mark.django_db


def picture(kind="PNG", size=(300, 80), colour="#8a1c4a"):
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


def upload(client, campaign, content):
    file = SimpleUploadedFile("logo.png", content, "image/png")
    return client.post(address("letterhead", campaign), {"logo": file})


def made(campaign):
    brief = request_brief(campaign=campaign, kind="issue", actor=None)
    build.build(brief.pk)
    brief.refresh_from_db()
    return brief


def test_a_brief_carries_the_logo_with_its_name_for_those_who_do_not_see_it(campaign, client, staff):
    plain = made(campaign)
    assert upload(client, campaign, picture()).status_code == 302
    brief = made(campaign)
    assert brief != plain
    with pikepdf.open(io.BytesIO(bytes(brief.pdf))) as file:
        assert any(page.Resources.get("/XObject") for page in file.pages)
    assert faults(bytes(brief.pdf)) == []
    page = client.get(address("brief-detail", campaign, brief_id=brief.pk)).content.decode()
    src = address("brief-logo", campaign, sha256=Logo.objects.get().sha256)
    assert f'src="{src}" alt="{campaign.organization.name}"' in page
    assert client.get(src)["Content-Type"] == "image/png"
    client.post(address("letterhead-remove", campaign))
    assert made(campaign) == plain
    assert made(campaign).pdf == plain.pdf


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a",
        picture()[:80],
        picture(size=(2001, 2000)),
        b"\x89PNG\r\n\x1a\n" + b"0" * 1_000_001,
    ],
    ids=["svg", "gif", "cut off", "too many pixels", "too large"],
)
def test_what_is_no_small_picture_is_refused_at_its_field(campaign, client, staff, content):
    answer = upload(client, campaign, content)
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
    assert not Logo.objects.exists()


def test_nothing_of_the_file_is_kept_but_what_it_looks_like(campaign, client, staff):
    upload(client, campaign, picture("JPEG") + b"<script>")
    png = bytes(Logo.objects.get().png)
    assert png.startswith(b"\x89PNG")
    assert b"script" not in png


def test_another_organisation_does_not_find_the_logo(campaign, client, staff):
    upload(client, campaign, picture())
    src = address("brief-logo", campaign, sha256=Logo.objects.get().sha256)
    client.force_login(make.RoleFactory(name="owner").user)
    assert client.get(src).status_code == 404


def test_a_colour_that_can_not_be_read_is_left_out():
    assert readable("#8A1C4A") == "#8a1c4a"
    assert [readable(colour) for colour in ("#ffee88", "red", "#12345", "#0b6e5f; }")] == [""] * 4
    assert press.ACCENT == svg.ACCENT
