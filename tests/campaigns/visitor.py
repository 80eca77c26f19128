"""What somebody at a browser does: open the page, fill in the form, open the mail, follow the link."""

import re
from datetime import timedelta

from campaigns.delivery import outbox
from campaigns.models import Letter
from contacts import clock
from tests.factories import DriveFactory, campaign_with_targets

HIDDEN_TOKEN = re.compile(r'name="token" value="([^"]+)"')


def url(campaign, tail=""):
    return f"/c/{campaign.organization.slug}/{campaign.slug}/{tail}"


def token_of(client, campaign):
    """The form's token, from a page that was opened some seconds ago."""
    token = HIDDEN_TOKEN.search(client.get(url(campaign)).content.decode()).group(1)
    clock.move(timedelta(seconds=3))
    return token


def entries(client, campaign, **changes):
    return {
        "name": "Ada Lovelace",
        "email": "ada@people.example",
        "postal_code": "20000",
        "token": changes.pop("token", None) or token_of(client, campaign),
        **changes,
    }


def sign(client, campaign, **changes):
    return client.post(url(campaign, "sign/"), entries(client, campaign, **changes))


def written(body, subject="", letter=None):
    """What the editor sends for a letter; for any one when there is only one version."""
    version = (letter or Letter.objects.filter(state__in=["draft", "ready", "queued"]).first()).version_id
    return {f"letter-{version}-subject": subject, f"letter-{version}-body": body}


def link_in(mail):
    return re.search(r"(/p/\S+/confirm/)", mail.body).group(1)


def page_link_in(mail):
    return re.search(r"(/p/[^/\s]+/)(?!confirm|stop)", mail.body).group(1)


def left_ticked(page):
    """What a browser sends of a page's boxes when nobody touches them."""
    boxes = [one for one in re.findall(r"<input[^>]+>", page.content.decode()) if 'type="checkbox"' in one]
    return {re.search(r'name="([^"]+)"', one).group(1): "on" for one in boxes if " checked" in one}


def confirm_as_shown(client, link):
    """Follow a link of a mail, and leave every box as it stands."""
    return client.post(link, left_ticked(client.get(link)))


def signed(client, mailoutbox, settings, *, posts=3, drive=True, typed=None, **fields):
    """A campaign that was just signed, and the link to confirm from the mail."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    campaign = campaign_with_targets(posts=posts, **fields)
    if drive:
        DriveFactory(campaign=campaign)
    sign(client, campaign, **(typed or {}))
    outbox.send_due()
    return campaign, link_in(mailoutbox[-1])


def confirmed(client, mailoutbox, settings, **how):
    """A campaign with a confirmed pledge, and the address of the supporter's own page."""
    campaign, link = signed(client, mailoutbox, settings, **how)
    token = confirm_as_shown(client, link).url.split("/")[2]
    return campaign, f"/p/{token}/"
