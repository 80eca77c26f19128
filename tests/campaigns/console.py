"""Working in the console as somebody, for tests."""

import html

from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils.html import strip_tags

from tests import factories as make


class Desk:
    """Somebody with a role, signed in; pages by the name of their address."""

    def __init__(self, client, organization=None, role="organizer"):
        given = make.RoleFactory(name=role, **({"organization": organization} if organization else {}))
        self.client, self.organization, self.user = client, given.organization, given.user
        client.force_login(self.user)

    def url(self, name, *args):
        return reverse(f"campaigns:{name}", args=[self.organization.slug, *args])

    def get(self, name, /, *args, **query):
        return self.client.get(self.url(name, *args), query)

    def post(self, name, /, *args, **data):
        return self.client.post(self.url(name, *args), data)

    def read(self, name, /, *args, **query):
        """The words of a page."""
        return words(self.get(name, *args, **query))


def words(page):
    """What a reader sees of a page, in one line."""
    return " ".join(html.unescape(strip_tags(page.content.decode())).split())


def told(answer):
    """What the answer will say at the top of the next page."""
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def twice(desk, name, *args, says, **data):
    """Press a step's button once more, from a page that was opened before: that it is so already is all that is said."""
    page = words(desk.client.get(desk.url(name, *args), follow=True))
    assert says in page and "Not yet" not in page, page
    again = desk.client.post(desk.url(name, *args), data, follow=True)
    said = words(again)
    assert again.status_code == 200 and says in said and "no longer possible" not in said, said
