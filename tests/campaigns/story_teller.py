"""Somebody who tells a story at a browser, and a reviewer who reads it, for tests."""

import re

from django.urls import reverse

from campaigns.delivery import outbox
from campaigns.models import Story
from contacts import clock
from tests.campaigns.console import Desk

TEXT = (
    "I waited eleven weeks for a first appointment with a counsellor.\n\n"
    "What kept me going was a group that met in the library, every Tuesday. Nobody should have to wait so long."
)
LINK = re.compile(r"(/story/[^/\s]+/)")


def entries(**changes):
    given = {
        "text": TEXT,
        "shown_as": "name",
        "name": "Marisol Quintero",
        "email": "marisol@people.example",
        "postal_code": "",
        "where": "public",
        "years": "2",
        **changes,
    }
    return {name: value for name, value in given.items() if value is not None}


def tell(client, organization, query="", **changes):
    """Fill in the page and send it."""
    return client.post(reverse("campaigns:story-tell", args=[organization.slug]) + query, entries(**changes))


def sent(mailoutbox, settings):
    """The newest mail, after all that is due has left."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    outbox.send_due()
    return mailoutbox[-1]


def confirmed(client, mailoutbox, settings, organization, **changes):
    """A story that waits for its reviewer, and the address of its writer's page."""
    tell(client, organization, **changes)
    mail = sent(mailoutbox, settings)
    link = LINK.search(mail.body)[1] + "confirm/"
    return Story.objects.order_by("-told_at").first(), client.post(link).url


def approve(client, story, **data):
    """A reviewer reads a story and approves it."""
    desk = Desk(client, story.organization, "reviewer")
    story.refresh_from_db()
    desk.post("story-read", story.pk)
    answer = desk.post("story-decide", story.pk, verb="approve", revision=story.revision, **data)
    client.logout()
    story.refresh_from_db()
    return answer


def on_the_wall(client, mailoutbox, settings, organization, **changes):
    """A story that anybody may read, and the address of its writer's page."""
    story, page = confirmed(client, mailoutbox, settings, organization, **changes)
    approve(client, story)
    assert story.state == "approved"
    return story, page


def later(**span):
    from datetime import timedelta

    clock.move(timedelta(**span))
