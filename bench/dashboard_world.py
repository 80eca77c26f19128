"""A campaign with a million pledges in 435 districts and 2,500 towns over a quarter of a year, beside 2,000 measures.

Made inside the database without the triggers that count, then counted as the migration does; PostgreSQL only.
"""

from datetime import timedelta

from bench.big_world import RESIDENCES, SUPPORTERS

DISTRICTS = 435
STATES = 50
DAYS = 90
CHUNK = 50_000
ISSUES = 40
PLEDGES = """
INSERT INTO campaigns_pledge (id, campaign_id, supporter_id, kind, state, is_test, name, email, canonical_email,
  name_key, prefix, phone, street, city, region, postal_code, country, language, comment, matched, consents,
  send_untouched, held_for, source, signer_hash, confirm_counter, manage_counter, signed_at, expires_at, confirmed_at)
SELECT md5('pledge' || n)::uuid, %(campaign)s, md5('supporter' || n)::uuid, 'write',
  CASE WHEN n %% 50 = 1 THEN 'pending' WHEN n %% 50 = 2 THEN 'withdrawn' ELSE 'confirmed' END, false, name, email,
  canonical_email, '', '', '', street, 'Town ' || (n::bigint * 7919 %% 2500), region, postal_code, country, language,
  '', '[]', '[]', true, '', '', '', 1, 0, %(at)s, %(at)s, %(at)s - make_interval(secs => n * 7.3 %% (%(days)s * 86400))
FROM generate_series(%(first)s, %(last)s) AS n JOIN contacts_supporter s ON s.id = md5('supporter' || n)::uuid
"""
LETTERS = """
INSERT INTO campaigns_letter (id, drive_id, pledge_id, post_id, version_id, is_test, state, note, subject, body,
  similarity, created_at, not_before, send_after, deadline, channel, legislator_id, recipient, domain, message_id,
  content_sha256, lease_owner, lease_token, drive_epoch, crash_count, attempt_count, sent_at, accepted_by,
  accepted_reply)
SELECT md5('letter' || n)::uuid, %(drive)s, md5('pledge' || n)::uuid, (%(posts)s::uuid[])[1 + n %% %(offices)s],
  %(version)s, false, CASE WHEN n %% 10 < 7 THEN 'settled' ELSE 'ready' END,
  CASE WHEN n %% 1000 = 8 THEN 'no working contact point' ELSE '' END, 'Please vote for it',
  repeat('I wait, and so do others. ', 20), 1, %(at)s, %(at)s, %(at)s, %(ends)s, 'email',
  (%(people)s::uuid[])[1 + n %% %(offices)s], '', '', 'letter' || n, '', '', 0, 0, 0, 1,
  CASE WHEN n %% 10 < 7 THEN %(at)s END, '', ''
FROM generate_series(%(first)s, %(last)s) AS n
"""


def triggers(how: str) -> None:
    """ENABLE or DISABLE those that count."""
    from django.db import connection

    from campaigns import tally_rows

    with connection.cursor() as cursor:
        for table in tally_rows.COLUMNS:
            for event in ("insert", "update", "delete"):
                cursor.execute(f"ALTER TABLE {table} {how} TRIGGER {table}_tally_{event}")


class DashboardWorld:
    """An organisation at work for years, its largest campaign in full swing."""

    def __init__(self, pledges: int, letters: int, measures: int) -> None:
        from campaigns.models import Drive
        from tests import factories as make

        chamber = make.ChamberFactory()
        self.campaign = make.CampaignFactory(state="open", is_test=False, goal=1_500_000)
        self.organization = self.campaign.organization
        group = make.TargetGroupFactory(campaign=self.campaign)
        make.TargetRuleFactory(group=group, chamber=chamber)
        version = make.LetterVersionFactory(group=group)
        states = [make.DivisionFactory() for _ in range(STATES)]
        posts = [
            make.PostFactory(chamber=chamber, division=make.DivisionFactory(parent=states[n % STATES]))
            for n in range(DISTRICTS)
        ]
        people = [make.MembershipFactory(post=post).legislator_id for post in posts]
        for _ in range(8):
            other = make.CampaignFactory(organization=self.organization, issue=self.campaign.issue)
            make.DriveFactory(campaign=other, state="running")
        self.drive: Drive = make.DriveFactory(campaign=self.campaign, state="running")
        self._measures(measures, chamber)
        same = {
            "organization": self.organization.pk,
            "campaign": self.campaign.pk,
            "divisions": [post.division_id for post in posts],
            "posts": [post.pk for post in posts],
            "people": people,
            "offices": DISTRICTS,
            "drive": self.drive.pk,
            "version": version.pk,
            "days": DAYS,
            "at": self.campaign.created_at,
            "ends": self.campaign.created_at + timedelta(days=30),
        }
        triggers("DISABLE")
        self._rows((SUPPORTERS, RESIDENCES, PLEDGES), pledges, same)
        self._rows((LETTERS,), letters, same)
        triggers("ENABLE")
        self._count()

    def _rows(self, statements: tuple[str, ...], count: int, same: dict[str, object]) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            for first in range(1, count + 1, CHUNK):
                for made in statements:
                    cursor.execute(made, {**same, "first": first, "last": min(first + CHUNK - 1, count)})

    def _count(self) -> None:
        from django.db import connection

        from campaigns import tallies

        tallies.mend()
        tallies.fold_all(rounds=1000)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # what autovacuum does in the days between

    def _measures(self, count: int, chamber: object) -> None:
        """One issue with a quarter of them, the rest spread; each with its milestones, one with whoever sits."""
        from policy.models import Measure, MeasureEvent
        from tests import factories as make

        issues = [self.campaign.issue] + [
            make.IssueFactory(organization=self.organization) for _ in range(ISSUES)
        ]
        jurisdiction = self.campaign.measure.jurisdiction
        measures = [
            make.MeasureFactory.build(
                issue=issues[0] if n % 4 == 0 else issues[1 + n % ISSUES],
                organization=self.organization,
                jurisdiction=jurisdiction,
            )
            for n in range(count)
        ]
        Measure.objects.bulk_create(measures, batch_size=500)
        MeasureEvent.objects.bulk_create(
            (
                make.MeasureEventFactory.build(measure=measure, kind=kind)
                for measure in measures
                for kind in ("introduced", "referred", "heard")
            ),
            batch_size=500,
        )
