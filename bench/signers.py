"""What is sent to a server that signatures are measured on: people who sign and confirm, and the smallest request."""

from urllib.parse import urlencode
from uuid import uuid4

from bench.http_load import request

COOKIE = "b" * 32
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Campaign:
    """An open campaign with three offices, and requests that sign it."""

    def __init__(self) -> None:
        from campaigns.models import Drive
        from tests.factories import DriveFactory, campaign_with_targets

        self.campaign = campaign_with_targets(posts=3, is_test=False)
        self.drive: Drive = DriveFactory(campaign=self.campaign)
        self.page = f"/c/{self.campaign.organization.slug}/{self.campaign.slug}/"
        self._next = 0

    def signings(self, port: int, count: int) -> list[bytes]:
        """Each by another person, with another address, from another page that was opened three seconds ago."""
        from django.core import signing as tokens

        from campaigns.forms import stamped
        from contacts.clock import now

        opened = now().timestamp() - 3
        made = []
        for _ in range(count):
            self._next += 1
            n = self._next
            nonce = [str(self.campaign.pk), opened, uuid4().hex]
            body = urlencode(
                {
                    "csrfmiddlewaretoken": COOKIE,
                    "token": tokens.dumps(nonce, salt=stamped.SALT),
                    "name": "Ada Lovelace",
                    "email": f"person{n}-{uuid4().hex[:8]}@people.example",
                    "postal_code": str(20000 + n % 3),
                    "city": "Harbour",
                    "comment": "I waited a year for a first appointment.",
                    "contact": "on",
                }
            ).encode()
            made.append(request(port, "POST", f"{self.page}sign/", {**FORM, **_visitor(n)}, body))
        return made

    def confirmations(self, port: int, count: int) -> list[bytes]:
        from campaigns.links import confirm_token
        from campaigns.models import Pledge

        body = urlencode({"csrfmiddlewaretoken": COOKIE}).encode()
        waiting = Pledge.objects.filter(campaign=self.campaign, state="pending")[:count]
        return [
            request(port, "POST", f"/p/{confirm_token(pledge)}/confirm/", {**FORM, **_visitor(n)}, body)
            for n, pledge in enumerate(waiting)
        ]

    def fill(self, count: int) -> None:
        """So many confirmed pledges, copies of one, made inside the database."""
        from django.db import connection

        from tests.factories import PledgeFactory

        model = PledgeFactory(campaign=self.campaign, is_test=False, email="filler@people.example")
        columns = [
            f.column
            for f in model._meta.concrete_fields
            if f.column not in {"id", "canonical_email", "email"}
        ]
        names = ", ".join(f'"{name}"' for name in columns)
        if connection.vendor == "postgresql":
            key, rows = "gen_random_uuid()", "generate_series(1, %s) AS n"
            mail = "'filler' || n || '@people.example'"
        else:
            key, mail = "lower(hex(randomblob(16)))", "'filler' || n || '@people.example'"
            rows = "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < %s) SELECT n FROM s)"
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO campaigns_pledge (id, canonical_email, email, {names}) "
                f"SELECT {key}, {mail}, {mail}, {names} FROM campaigns_pledge, {rows} "
                "WHERE campaigns_pledge.id = %s",
                [count, model.pk if connection.vendor == "postgresql" else model.pk.hex],
            )
            cursor.execute("ANALYZE")


def _visitor(n: int) -> dict[str, str]:
    """Everybody at home: no two of a neighbourhood."""
    return {
        "Cookie": f"csrftoken={COOKIE}",
        "X-Forwarded-For": f"{10 + n // 65536 % 100}.{n // 256 % 256}.{n % 256}.1",
    }


def bare(port: int, path: str, count: int) -> list[bytes]:
    fields = {
        "name": "Ada Lovelace",
        "postal_code": "20000",
        "comment": "I waited a year for a first appointment.",
    }
    return [
        request(
            port, "POST", path, FORM, urlencode({**fields, "email": f"{uuid4().hex}@people.example"}).encode()
        )
        for _ in range(count)
    ]
