from argparse import ArgumentParser
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.urls import reverse

from contacts.actions.organizations import create_organization
from contacts.countries import countries_with_chambers
from contacts.models import Organization, User


class Command(BaseCommand):
    help = "Start an organisation with its owner, and print what to do next."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="The organisation's name.")
        parser.add_argument("--owner", required=True, metavar="EMAIL", help="Mail address of its owner.")
        parser.add_argument("--owner-name", default="", metavar="NAME")
        parser.add_argument(
            "--mail-domain", default="", help="Domain its letters leave from; the owner's where not given."
        )
        parser.add_argument(
            "--country", help="Two letters; the only country that legislators are known of, else us."
        )
        parser.add_argument("--language", default="en")
        parser.add_argument("--time-zone", default="UTC", help="IANA name, e.g. America/Chicago.")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["owner"].strip()
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"{email!r} is not a mail address.") from None
        # Twice by mistake would be two organisations with one name.
        if Organization.objects.filter(name__iexact=options["name"].strip()).exists():
            raise CommandError(f"There is an organisation named {options['name']!r} already.")
        known = countries_with_chambers()
        try:
            organization, owner = create_organization(
                name=options["name"].strip(),
                owner_email=email,
                owner_name=options["owner_name"],
                mail_domain=options["mail_domain"],
                country=(options["country"] or (known[0] if len(known) == 1 else "us")).lower(),
                language=options["language"],
                time_zone=options["time_zone"],
            )
        except ValidationError as fault:
            raise CommandError("; ".join(fault.messages)) from None
        self._say_what_is_next(organization, owner, known)

    def _say_what_is_next(self, organization: Organization, owner: User, known: list[str]) -> None:
        site = settings.SITE_URL
        lines = [f"Created {organization.name}.", "", "Next:"]
        if owner.has_usable_password():
            lines.append(f"  1. Sign in as {owner.email} with the password you have: {site}/console/")
        else:
            days = settings.PASSWORD_RESET_TIMEOUT // 86400
            lines.append(f"  1. Choose a password for {owner.email} (this link works once, for {days} days):")
            lines.append(f"     {site}{_password_link(owner)}")
        if settings.PRODUCTION:
            lines.append("  2. Set up a second factor; owners need one before the console opens.")
        else:
            lines.append("  2. Look at the settings: name, postal address, privacy notice.")
        lines += [
            f"  3. Let {organization.mail_domain} send: SPF, DKIM and DMARC for your relay (docs/operators.md).",
            *_about_legislators(organization.country, known),
            f"  5. Start an issue and a campaign: {site}/console/{organization.slug}/",
        ]
        if not settings.PRODUCTION:
            lines += [
                "",
                f"These addresses begin with {site}: where the site listens on another port, run this",
            ]
            lines += ["command with the same PORT (or SITE_URL) as the site, as in PORT=8123 manage.py …"]
        self.stdout.write("\n".join(lines))


def _about_legislators(country: str, known: list[str]) -> list[str]:
    """What to do about the people that letters go to, with the countries that there are some of."""
    how = "manage.py import_legislators, manage.py import_districts (docs/operators.md)."
    if country in known:
        return [f"  4. Legislators of {country!r} are there; import more, or newer ones: {how}"]
    found = f"there are only those of {', '.join(known)}" if known else "there are none of any country"
    return [
        f"  4. No legislators of its country, {country!r}, are known here ({found}): letters could go to nobody.",
        f"     Import them: {how}",
        *(["     Or let an owner choose another country: Settings, Place and time."] if known else []),
    ]


def _password_link(user: User) -> str:
    """A path that lets its holder choose the account's password, once."""
    key = default_token_generator.make_token(user)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
