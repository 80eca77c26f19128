"""`manage.py dkim DOMAIN`: makes the key that signs a domain's letters, or reads it, and says what to publish."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from campaigns.delivery import dkim


class Command(BaseCommand):
    help = "Make the key that signs letters from a domain, if it has none, and print the record to publish."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("domain", help="an organisation's sending domain, as in mail.example.org")

    def handle(self, *args: Any, **options: Any) -> None:
        domain = options["domain"].strip().lower().rstrip(".")
        if not settings.DKIM_KEYS:
            raise CommandError("Set DKIM_KEYS to a folder for the keys first.")
        try:
            key = dkim.key_of(domain)
            if key is None:
                key = dkim.make_key(domain)
                self.stdout.write(f"New key: {dkim.key_path(domain)}")
        except dkim.BadKey as fault:
            raise CommandError(str(fault)) from fault
        except OSError as fault:
            raise CommandError(f"{settings.DKIM_KEYS} can't be written: {fault.strerror}") from fault
        text = dkim.record(key)
        # RFC 1035 §3.3.14: a string of a TXT record has 255 octets at the most.
        strings = " ".join(f'"{text[start : start + 250]}"' for start in range(0, len(text), 250))
        self.stdout.write("Publish:")
        self.stdout.write(f"{settings.DKIM_SELECTOR}._domainkey.{domain}. IN TXT ( {strings} )")
