"""A campaign with as many confirmed pledges as asked for, made inside the database; PostgreSQL only."""

from bench.letter import PARAGRAPH, SUBJECT

OFFICES = 435
STATES = 50
CHUNK = 50_000
# In which what is not named stands as the model has it.
_MADE = "made at the beginning of the bench"

SUPPORTERS = """
INSERT INTO contacts_supporter (id, organization_id, name, email, canonical_email, name_key, prefix, phone, street,
  city, region, postal_code, country, language, created_at)
SELECT md5('supporter' || n)::uuid, %(organization)s, 'Zoë Müller ' || n, 'p' || n || '@people.example',
  'p' || n || '@people.example', '', '', '', n || ' Quay Street',
  CASE WHEN n %% 10 = 0 THEN '' ELSE 'Saint-Étienne' END, 'North', '20' || n %% 1000, 'zz',
  CASE WHEN n %% 4 = 0 THEN 'es' ELSE 'en' END, %(at)s
FROM generate_series(%(first)s, %(last)s) AS n
"""
RESIDENCES = """
INSERT INTO contacts_residence (supporter_id, division_id, method, confidence, matched_at)
SELECT md5('supporter' || n)::uuid, (%(divisions)s::uuid[])[1 + n %% %(offices)s], 'postal code', 1, %(at)s
FROM generate_series(%(first)s, %(last)s) AS n
"""
PLEDGES = """
INSERT INTO campaigns_pledge (id, campaign_id, supporter_id, kind, state, is_test, name, email, canonical_email,
  name_key, prefix, phone, street, city, region, postal_code, country, language, comment, matched, consents,
  send_untouched, source, signer_hash, confirm_counter, manage_counter, signed_at, expires_at, confirmed_at, held_for)
SELECT md5('pledge' || n)::uuid, %(campaign)s, md5('supporter' || n)::uuid, 'write', 'confirmed', false, name, email,
  canonical_email, '', '', '', street, city, region, postal_code, country, language, '', '[]', '[]',
  true, '', '', 1, 0, %(at)s, %(at)s, %(at)s, ''
FROM generate_series(%(first)s, %(last)s) AS n JOIN contacts_supporter s ON s.id = md5('supporter' || n)::uuid
"""


class BigWorld:
    """One running drive, whose rates let everything go at once, to 435 offices in fifty states and two languages."""

    def __init__(self, letters: int) -> None:
        from tests import factories as make

        campaign = make.CampaignFactory(language="en", editing_minutes=0)
        chamber = make.ChamberFactory()
        group = make.TargetGroupFactory(campaign=campaign)
        make.TargetRuleFactory(group=group, chamber=chamber)
        for language in ("en", "es"):
            make.LetterVersionFactory(
                group=group,
                language=language,
                subject=SUBJECT,
                opening="I am {{name}} from {{city}}, " + PARAGRAPH,
                closing=f"{PARAGRAPH}\n\n{PARAGRAPH}",
            )
        states = [make.DivisionFactory() for _ in range(STATES)]
        posts = [
            make.PostFactory(chamber=chamber, division=make.DivisionFactory(parent=states[n % STATES]))
            for n in range(OFFICES)
        ]
        for n, post in enumerate(posts):
            make.reachable(post, f"office{n}@assembly{n % 40}.example")
        self.letters, self.campaign = letters, campaign
        self._people([post.division_id for post in posts])

    def _people(self, divisions: list[object]) -> None:
        from django.db import connection

        same = {
            "organization": self.campaign.organization_id,
            "campaign": self.campaign.pk,
            "divisions": divisions,
            "offices": OFFICES,
            "at": self.campaign.created_at,
        }
        with connection.cursor() as cursor:
            for first in range(1, self.letters + 1, CHUNK):
                part = {"first": first, "last": min(first + CHUNK - 1, self.letters)}
                for made in (SUPPORTERS, RESIDENCES, PLEDGES):
                    cursor.execute(made, {**same, **part})
            cursor.execute("ANALYZE")

    def drive(self):
        """A running drive without letters."""
        from tests.factories import DriveFactory

        rate = 1_000_000_000
        return DriveFactory(
            campaign=self.campaign, per_office_hour=rate, per_domain_hour=rate, per_site_hour=rate
        )
