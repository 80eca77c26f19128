"""The demo's partners: two organisations that signed terms off, each with a login and its page of the campaign."""

from dataclasses import dataclass

from campaigns.demo.places import COUNTRY
from campaigns.models import Campaign, Partnership
from contacts import clock
from contacts.actions.organizations import create_organization
from contacts.models import Organization, User

TERMS = """1. The Northmere Coalition for Mental Health runs the campaign and answers for its words, its letters and its data.
2. The partner invites people to it by its own page. Everybody who signs is counted once, in one number that all may name.
3. The partner sees the people who ticked its box, with name, mail address and postal code, and writes to them about this
   campaign and others like it. It gives their addresses to nobody.
4. Who takes the tick back is written to no more. When this ends, by a word of either side, access ends at that moment."""


@dataclass(frozen=True)
class DemoPartner:
    """An organisation, its part in the campaign, its code, its words, and who signs in for it."""

    fields: dict[str, str]
    role: str
    code: str
    welcome: str
    account: str
    person: str


PARTNERS = [
    DemoPartner(
        {
            "name": "Harbour Voices",
            "slug": "harbour-voices",
            "about": "Peer support groups in eleven towns of Northmere.",
            "website": "https://harbour-voices.example.org/",
            "privacy_url": "https://harbour-voices.example.org/privacy/",
            "email": "office@harbour-voices.example",
            "mail_domain": "harbour-voices.example",
            "postal_address": "3 Quay Row\nSaltmouth 10101",
            "accent": "#1f5fa8",
        },
        "Invites its support groups",
        "harbour",
        "In our groups we meet people in the weeks in which nobody else has time for them. Some of us waited half a year for "
        "a first appointment. Four weeks would have changed what came after.\n\nSign with us, and say it in your own words.",
        "harbour@demo.example",
        "Hester Quayle",
    ),
    DemoPartner(
        {
            "name": "Lantern Youth Network",
            "slug": "lantern-youth",
            "about": "Young people who look out for each other, in schools and online.",
            "website": "https://lantern-youth.example.org/",
            "privacy_url": "https://lantern-youth.example.org/privacy/",
            "email": "team@lantern-youth.example",
            "mail_domain": "lantern-youth.example",
            "postal_address": "40 Market Hill\nLarkhaven 10124",
            "accent": "#8a5a00",
        },
        "Speaks for pupils and students",
        "lantern",
        "A school year has forty weeks. Whoever falls ill in September and is seen in May has lost all of it.\n\nWe are pupils "
        "and students from all of Northmere. You need not be one to sign with us.",
        "lantern@demo.example",
        "Linus Ferrand",
    ),
]


def load_organizations(secret: str) -> None:
    """The partners' organisations, each with an owner who signs in with the demo's password."""
    for partner in PARTNERS:
        _organization, owner = create_organization(
            owner_email=partner.account,
            owner_name=partner.person,
            country=COUNTRY,
            is_partner_only=True,
            **partner.fields,
        )
        owner.set_password(secret)
        owner.save(update_fields=["password"])


def join(campaign: Campaign) -> None:
    """Both take part, and may write to supporters who choose them."""
    for partner in PARTNERS:
        Partnership.objects.create(
            campaign=campaign,
            organization=Organization.objects.get(slug=partner.fields["slug"]),
            role=partner.role,
            sees_supporters=True,
            terms=TERMS,
            source_code=partner.code,
            welcome=partner.welcome,
            signed_by=User.objects.get(email=partner.account),
            signed_name=partner.person,
            joined_at=clock.now(),
        )
