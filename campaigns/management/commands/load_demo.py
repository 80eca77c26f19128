from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from campaigns.demo import coalition, content
from campaigns.demo.partners import PARTNERS
from contacts.models import Organization


class Command(BaseCommand):
    help = "Load the demonstration: an invented region, coalition, campaign and drive. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demonstration is for trying things out; it is not loaded in production.")
        if coalition.is_loaded():
            self._say("The demonstration is there already.", options)
        else:
            coalition.load()
            self._say("Loaded the demonstration. Its drive starts by itself in a minute.", options)
        organization = Organization.objects.get(slug=content.COALITION["slug"])
        self._say(f"Console: {settings.SITE_URL}/console/{organization.slug}/", options)
        self._say(f"Accounts, all with the password {coalition.password()}", options)
        for email, name, roles in content.ACCOUNTS:
            self._say(f"  {email:26} {name}, {' and '.join(roles)}", options)
        for partner in PARTNERS:
            name = partner.fields["name"]
            self._say(f"  {partner.account:26} {partner.person}, owner of the partner {name}", options)

    def _say(self, line: str, options: dict[str, Any]) -> None:
        if options["verbosity"]:
            self.stdout.write(line)
