"""The tables as they are, for a fresh database. One that exists goes through the migrations that this one replaces."""

from importlib import import_module

import campaigns.models.channel
import django.core.validators
import django.db.models.deletion
import uuid
from contacts.migrations._at_once import AtOnce
from django.conf import settings
from django.db import migrations, models

sending = import_module("campaigns.migrations.0007_sending_row")
supporters = import_module("campaigns.migrations.0018_console_of_supporters")
tallies = import_module("campaigns.migrations.0033_tally_by_seat_and_hour")



class Migration(migrations.Migration):

    replaces = [('campaigns', '0001_initial'), ('campaigns', '0002_drive_calendar'), ('campaigns', '0003_channels'), ('campaigns', '0004_what_comes_back'), ('campaigns', '0005_leaner_letters'), ('campaigns', '0006_brakes'), ('campaigns', '0007_sending_row'), ('campaigns', '0008_stance_declined'), ('campaigns', '0009_office_news'), ('campaigns', '0010_domain_brakes'), ('campaigns', '0011_evidence_in_letters'), ('campaigns', '0012_indexes_for_a_million'), ('campaigns', '0013_bundles'), ('campaigns', '0014_rights_of_supporters'), ('campaigns', '0015_tallies'), ('campaigns', '0016_news_of_campaigns'), ('campaigns', '0017_calls_to_offices'), ('campaigns', '0018_console_of_supporters'), ('campaigns', '0019_least_age'), ('campaigns', '0020_signatures_held'), ('campaigns', '0021_held_letters_are_found'), ('campaigns', '0022_page_views'), ('campaigns', '0023_two_subjects'), ('campaigns', '0024_compared_subject'), ('campaigns', '0025_own_subjects'), ('campaigns', '0026_translations'), ('campaigns', '0027_stories'), ('campaigns', '0028_opens_by_itself'), ('campaigns', '0029_outcomes'), ('campaigns', '0030_story_quotes'), ('campaigns', '0031_events'), ('campaigns', '0032_partnerships'), ('campaigns', '0033_tally_by_seat_and_hour')]

    initial = True

    dependencies = [
        ('contacts', '0001_squashed_to_0013'),
        ('policy', '0001_squashed_to_0017'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce([
        migrations.CreateModel(
            name='Breaker',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('channel', 'A channel'), ('domain', 'A mail domain')], max_length=7)),
                ('name', models.CharField(max_length=254)),
                ('opened_at', models.DateTimeField(blank=True, null=True)),
                ('probe_at', models.DateTimeField(blank=True, null=True)),
                ('said', models.CharField(blank=True, max_length=200)),
                ('trusted_until', models.DateTimeField(blank=True, null=True)),
                ('refusals', models.PositiveSmallIntegerField(default=0)),
                ('refusals_since', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('name', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('beaten_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='LetterVersion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('language', models.CharField(default='en', max_length=10, verbose_name='language')),
                ('subject', models.CharField(max_length=140, verbose_name='subject')),
                ('salutation', models.CharField(default='Dear {{title}} {{representative}},', max_length=120, verbose_name='salutation')),
                ('opening', models.TextField(verbose_name='opening')),
                ('talking_points', models.TextField(blank=True, help_text='One a line; shown as prompts beside the editor.', verbose_name='talking points')),
                ('closing', models.TextField(verbose_name='closing')),
                ('cited', models.JSONField(blank=True, default=dict, editable=False)),
                ('second_subject', models.CharField(blank=True, default='', max_length=140, verbose_name='second subject')),
                ('second_share', models.PositiveSmallIntegerField(default=0, help_text='Of a hundred who write.', verbose_name='share that gets the second subject')),
                ('compared_subject', models.CharField(blank=True, default='', editable=False, max_length=140)),
                ('compared_from', models.DateTimeField(blank=True, editable=False, null=True)),
                ('compared_until', models.DateTimeField(blank=True, editable=False, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Story',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('pending', 'Waiting for confirmation'), ('waiting', 'Waits to be read'), ('changes', 'Back with its writer'), ('approved', 'Approved'), ('declined', 'Declined'), ('withdrawn', 'Taken back'), ('expired', 'Never confirmed'), ('ended', 'Its time is over')], default='pending', max_length=10)),
                ('language', models.CharField(default='en', max_length=10)),
                ('address_hash', models.CharField(max_length=64)),
                ('sealed', models.BinaryField(null=True)),
                ('picture', models.BinaryField(null=True)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('is_public', models.BooleanField(default=False)),
                ('with_name', models.BooleanField(default=False)),
                ('in_briefs', models.BooleanField(default=False)),
                ('until', models.DateField(help_text='The last day of what was agreed to.')),
                ('is_example', models.BooleanField(default=False)),
                ('confirm_counter', models.PositiveIntegerField(default=0)),
                ('manage_counter', models.PositiveIntegerField(default=0)),
                ('told_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('slug', models.SlugField(max_length=60, verbose_name='address of the page')),
                ('title', models.CharField(help_text='The ask in one sentence.', max_length=140, verbose_name='headline')),
                ('ask', models.CharField(max_length=300, verbose_name='what we ask of representatives')),
                ('why', models.TextField(help_text='Markdown; shown beside the form.', verbose_name='why it matters')),
                ('language', models.CharField(default='en', max_length=10, verbose_name='language')),
                ('goal', models.PositiveIntegerField(default=1000, help_text='People who confirm their pledge.', verbose_name='goal')),
                ('allow_households', models.BooleanField(default=False, help_text='With different names and one postal code.', verbose_name='two people may share one mail address')),
                ('minimum_age', models.PositiveSmallIntegerField(blank=True, help_text='They say that they are so old; no date of birth is asked. Empty: anybody may sign.', null=True, validators=[django.core.validators.MinValueValidator(10), django.core.validators.MaxValueValidator(99)], verbose_name='least age of signers')),
                ('ask_street', models.BooleanField(default=False, verbose_name='ask for the street address')),
                ('channels', models.JSONField(default=campaigns.models.channel.every_channel, verbose_name='ways letters may go, first choice first')),
                ('bundle_similar', models.BooleanField(default=False, help_text='One bundle an office a week: the common text once, every signer, and each one’s own added sentences. Letters in a supporter’s own words always go alone.', verbose_name='hand near-identical letters over in one bundle')),
                ('topic', models.CharField(blank=True, max_length=60, verbose_name='topic')),
                ('editing_minutes', models.PositiveIntegerField(default=60, help_text='Counted from the confirmation.', verbose_name='minutes to edit before a letter may leave')),
                ('call_script', models.TextField(blank=True, help_text='With it, people who signed are offered to call offices whose number is known. Fields such as {{name}}, {{city}}, {{measure}}, {{title}} and {{representative}} are filled in.', max_length=2000, verbose_name='what to say on the phone')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('in_review', 'In review'), ('scheduled', 'Opens soon'), ('open', 'Open'), ('paused', 'Paused'), ('closed', 'Closed'), ('archived', 'Archived')], default='draft', max_length=10)),
                ('is_test', models.BooleanField(default=True, help_text='In test mode every letter goes to the organizer, marked as a test.')),
                ('opens_at', models.DateTimeField(blank=True, null=True, verbose_name='opens at')),
                ('opens_seen', models.CharField(blank=True, editable=False, max_length=64)),
                ('opening_failed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('opened_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='campaigns', to='policy.issue', verbose_name='issue')),
                ('measure', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='campaigns', to='policy.measure', verbose_name='measure')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='campaigns', to='contacts.organization')),
                ('test_recipient', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='CampaignChange',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('from_state', models.CharField(blank=True, max_length=24)),
                ('to_state', models.CharField(max_length=24)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField()),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='history', to='campaigns.campaign')),
            ],
            options={
                'ordering': ['id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CampaignTranslation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('language', models.CharField(max_length=10, verbose_name='language')),
                ('made_from', models.JSONField(blank=True, default=dict, editable=False)),
                ('changed_at', models.DateTimeField()),
                ('title', models.CharField(max_length=140, verbose_name='headline')),
                ('ask', models.CharField(max_length=300, verbose_name='what we ask of representatives')),
                ('why', models.TextField(blank=True, verbose_name='why it matters')),
                ('call_script', models.TextField(blank=True, max_length=2000, verbose_name='what to say on the phone')),
                ('outcome_text', models.TextField(blank=True, verbose_name='what changed')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='translations', to='campaigns.campaign')),
            ],
            options={
                'ordering': ['language'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CampaignUpdate',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=140, verbose_name='headline')),
                ('text', models.TextField(help_text='Markdown.', max_length=20000, verbose_name='text')),
                ('created_at', models.DateTimeField()),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('edited_at', models.DateTimeField(blank=True, null=True)),
                ('mailed_at', models.DateTimeField(blank=True, null=True)),
                ('mail_count', models.PositiveIntegerField(default=0)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='updates', to='campaigns.campaign')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Drive',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('scheduled', 'Scheduled'), ('running', 'Running'), ('paused', 'Paused'), ('finished', 'Finished'), ('cancelled', 'Cancelled')], default='draft', max_length=10)),
                ('starts_at', models.DateTimeField(verbose_name='starts')),
                ('ends_at', models.DateTimeField(verbose_name='last moment for a letter')),
                ('hours_before_vote', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(2160)], verbose_name='hours before the day of the vote')),
                ('vote_on', models.DateField(blank=True, help_text="The measure's when empty.", null=True, verbose_name='day of the vote')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='first day at the office')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='last day at the office')),
                ('skips_holidays', models.BooleanField(default=False, verbose_name='not on public holidays')),
                ('skips_recess', models.BooleanField(default=False, verbose_name='not while the chamber is in recess')),
                ('weekdays', models.JSONField(default=list, help_text="0 is Monday; in the office's own time zone.", verbose_name='weekdays')),
                ('opens', models.TimeField(verbose_name='from')),
                ('closes', models.TimeField(verbose_name='until')),
                ('all_day', models.BooleanField(default=False, verbose_name='around the clock')),
                ('hour_weights', models.JSONField(blank=True, default=list, help_text="24 numbers, midnight first: percent of the office's rate in that hour; empty: all alike.", verbose_name='weights of the hours')),
                ('per_office_hour', models.PositiveIntegerField(default=30, validators=[django.core.validators.MinValueValidator(1)], verbose_name='letters an hour to one office')),
                ('per_domain_hour', models.PositiveIntegerField(default=600, validators=[django.core.validators.MinValueValidator(1)], verbose_name='letters an hour to one mail domain')),
                ('per_site_hour', models.PositiveIntegerField(default=3000, validators=[django.core.validators.MinValueValidator(1)], verbose_name='letters an hour in all')),
                ('epoch', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drives', to='campaigns.campaign')),
                ('paused_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='drives', to='campaigns.breaker')),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='DriveChange',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('from_state', models.CharField(blank=True, max_length=24)),
                ('to_state', models.CharField(max_length=24)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField()),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('drive', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='history', to='campaigns.drive')),
            ],
            options={
                'ordering': ['id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('workshop', 'Workshop'), ('hearing', 'Public hearing'), ('lobby_day', 'Lobby day'), ('vigil', 'Vigil'), ('meeting', 'Meeting')], max_length=10, verbose_name='kind')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('slug', models.SlugField(max_length=60, verbose_name='address of the page')),
                ('summary', models.CharField(max_length=240, verbose_name='in one sentence')),
                ('text', models.TextField(blank=True, help_text='Markdown.', verbose_name='what to know')),
                ('language', models.CharField(default='en', max_length=10, verbose_name='language')),
                ('starts_at', models.DateTimeField(verbose_name='begins')),
                ('ends_at', models.DateTimeField(verbose_name='ends')),
                ('time_zone', models.CharField(max_length=60, verbose_name='time zone')),
                ('place', models.CharField(blank=True, max_length=240, verbose_name='place')),
                ('access', models.TextField(blank=True, max_length=1000, verbose_name='how to get in')),
                ('link', models.URLField(blank=True, max_length=500, verbose_name='link to join online')),
                ('capacity', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100000)], verbose_name='places')),
                ('taken', models.PositiveIntegerField(default=0)),
                ('hold_hours', models.PositiveSmallIntegerField(default=24, help_text='Until it is confirmed by mail, or taken by somebody from the waiting list.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(168)], verbose_name='hours a place is held')),
                ('remind_hour', models.BooleanField(default=False, help_text='A reminder the day before is always sent.', verbose_name='remind people once more an hour before')),
                ('asks_reports', models.BooleanField(default=False, help_text='For a lobby day: they say in a short form what their legislator said. Needs a measure.', verbose_name='ask people afterwards whom they met')),
                ('is_example', models.BooleanField(default=False, verbose_name='invented example')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('open', 'Open'), ('cancelled', 'Cancelled')], default='draft', max_length=9)),
                ('cancelled_because', models.CharField(blank=True, max_length=240, verbose_name='why it is cancelled')),
                ('outcome', models.TextField(blank=True, help_text='Markdown; shown on its page afterwards.', verbose_name='what came of it')),
                ('sequence', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('campaign', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='campaigns.campaign', verbose_name='campaign')),
                ('issue', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='policy.issue', verbose_name='issue')),
                ('measure', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='public_events', to='policy.measure', verbose_name='measure')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='contacts.organization')),
            ],
            options={
                'ordering': ['starts_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='EventChange',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('from_state', models.CharField(blank=True, max_length=24)),
                ('to_state', models.CharField(max_length=24)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField()),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='history', to='campaigns.event')),
            ],
            options={
                'ordering': ['id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='IdempotencyKey',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('scope', models.CharField(help_text='Route and caller the key belongs to.', max_length=120)),
                ('key', models.CharField(max_length=120)),
                ('request_sha256', models.CharField(max_length=64)),
                ('status', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('response', models.JSONField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['created_at'], name='idempotency_age')],
                'constraints': [models.UniqueConstraint(fields=('scope', 'key'), name='idempotency_key_once')],
            },
        ),
        migrations.CreateModel(
            name='Invalidation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('condition', models.JSONField()),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('created_at', models.DateTimeField()),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invalidations', to='campaigns.campaign')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('is_test', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('draft', 'Being written'), ('ready', 'Ready'), ('queued', 'In the queue'), ('claimed', 'About to leave'), ('committing', 'Leaving now'), ('sent', 'Accepted by a mail server'), ('settled', 'Accepted, no bounce for two days'), ('closed', 'Closed'), ('bounced', 'Came back'), ('deferred', 'Put off, will be tried again'), ('uncertain', 'Uncertain'), ('held', 'Held for a person'), ('failed', 'Could not be delivered'), ('abandoned', 'Given up after an uncertain try'), ('withdrawn', 'Withdrawn by the supporter'), ('cancelled', 'Cancelled with its drive'), ('expired', 'Too late')], default='draft', max_length=12)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('subject', models.CharField(blank=True, help_text="The supporter's own; the version's when empty.", max_length=200)),
                ('had_own_subject', models.BooleanField(db_default=False, default=False)),
                ('subject_arm', models.PositiveSmallIntegerField(blank=True, choices=[(1, 'First subject'), (2, 'Second subject')], null=True)),
                ('body', models.TextField(help_text='Without salutation and signature, which are added per office.')),
                ('similarity', models.FloatField(default=1, help_text='To the suggested text: 1 is unchanged.')),
                ('created_at', models.DateTimeField()),
                ('not_before', models.DateTimeField()),
                ('send_after', models.DateTimeField(blank=True, null=True)),
                ('deadline', models.DateTimeField()),
                ('channel', models.CharField(choices=[('email', 'Mail'), ('cwc', 'Communicating With Congress'), ('print', 'Printed and posted'), ('link', "The supporter, through the office's web form")], default='email', max_length=5)),
                ('recipient', models.CharField(blank=True, max_length=254)),
                ('domain', models.CharField(blank=True, max_length=254)),
                ('message_id', models.CharField(blank=True, max_length=200, null=True)),
                ('raw', models.BinaryField(blank=True, null=True)),
                ('content_sha256', models.CharField(blank=True, max_length=64)),
                ('queued_at', models.DateTimeField(blank=True, null=True)),
                ('window_closes', models.DateTimeField(blank=True, null=True)),
                ('lease_owner', models.CharField(blank=True, max_length=80)),
                ('lease_token', models.PositiveIntegerField(default=0)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('drive_epoch', models.PositiveIntegerField(default=0)),
                ('crash_count', models.PositiveSmallIntegerField(default=0)),
                ('attempt_count', models.PositiveSmallIntegerField(default=0)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('accepted_by', models.CharField(blank=True, max_length=254)),
                ('accepted_reply', models.CharField(blank=True, max_length=500)),
                ('replied_at', models.DateTimeField(blank=True, null=True)),
                ('scrubbed_at', models.DateTimeField(blank=True, null=True)),
                ('contact_point', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='contacts.contactpoint')),
                ('drive', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='campaigns.drive')),
                ('legislator', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='contacts.legislator')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.post')),
                ('version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.letterversion')),
            ],
        ),
        migrations.CreateModel(
            name='InboundMail',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('sha256', models.CharField(max_length=64)),
                ('raw', models.BinaryField(blank=True, help_text='Removed with the words of its letter.', null=True)),
                ('delivered_to', models.CharField(blank=True, max_length=254)),
                ('received_at', models.DateTimeField()),
                ('kind', models.CharField(choices=[('reply', 'Answer'), ('auto_reply', 'Automatic answer'), ('bounce', 'Came back'), ('complaint', 'Complaint'), ('unknown', 'Not understood')], default='unknown', max_length=10)),
                ('state', models.CharField(choices=[('kept', 'Not read yet'), ('matched', 'Belongs to a letter'), ('unmatched', 'Belongs to no letter we know'), ('set_aside', 'Set aside')], default='kept', max_length=9)),
                ('matched_by', models.CharField(blank=True, max_length=20)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('sender', models.CharField(blank=True, max_length=254)),
                ('sender_name', models.CharField(blank=True, max_length=160)),
                ('subject', models.CharField(blank=True, max_length=200)),
                ('text', models.TextField(blank=True, help_text='What its writer wrote, without what they quote.')),
                ('status', models.CharField(blank=True, help_text='The enhanced status code of a bounce.', max_length=12)),
                ('coding', models.CharField(blank=True, choices=[('supports', 'Supports it'), ('opposes', 'Opposes it'), ('evasive', 'Evasive'), ('needs_info', 'Needs information'), ('acknowledged', 'Only acknowledged')], max_length=12)),
                ('coded_at', models.DateTimeField(blank=True, null=True)),
                ('stance_declined_at', models.DateTimeField(blank=True, null=True)),
                ('coded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='inbound', to='contacts.organization')),
                ('stance', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='policy.stance')),
                ('letter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='inbound', to='campaigns.letter')),
            ],
            options={
                'ordering': ['-received_at'],
            },
        ),
        migrations.AddField(
            model_name='breaker',
            name='probe',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='campaigns.letter'),
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField()),
                ('lease_token', models.PositiveIntegerField()),
                ('outcome', models.CharField(choices=[('started', 'Begun, no answer seen yet'), ('accepted', 'Accepted'), ('deferred', 'Refused for now'), ('refused', 'Refused'), ('uncertain', 'The answer was lost'), ('released', 'Not tried')], default='started', max_length=10)),
                ('host', models.CharField(blank=True, max_length=254)),
                ('reply_code', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('enhanced_code', models.CharField(blank=True, max_length=12)),
                ('reply_text', models.CharField(blank=True, max_length=500)),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('letter', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='campaigns.letter')),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='LetterChange',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('from_state', models.CharField(blank=True, max_length=24)),
                ('to_state', models.CharField(max_length=24)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField()),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='history', to='campaigns.letter')),
            ],
            options={
                'ordering': ['id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='OfficeQuestion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('asked_at', models.DateTimeField()),
                ('reminded_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.CharField(blank=True, choices=[('answered', 'Yes, and it answered what I asked'), ('evaded', 'Yes, but it did not answer what I asked'), ('acknowledged', 'Only an acknowledgement'), ('nothing', 'No'), ('not_expected', 'I did not expect one')], max_length=12)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('letter', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='question', to='campaigns.letter')),
            ],
        ),
        migrations.CreateModel(
            name='Outcome',
            fields=[
                ('result', models.CharField(choices=[('won', 'Won'), ('partly_won', 'Partly won'), ('lost', 'Lost'), ('no_result', 'Closed without a result')], max_length=10, verbose_name='What came of it')),
                ('headline', models.CharField(blank=True, help_text='Headline of its page.', max_length=140, verbose_name='what changed, in one sentence')),
                ('changed', models.TextField(blank=True, help_text='Markdown.', max_length=20000, verbose_name='what changed')),
                ('learned', models.TextField(blank=True, help_text='Markdown. Also what went wrong, and what you would do otherwise.', max_length=20000, verbose_name='what we learned')),
                ('on', models.DateField(verbose_name='day of the outcome')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField()),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('edited_at', models.DateTimeField(blank=True, null=True)),
                ('people_count', models.PositiveIntegerField(default=0)),
                ('thanked_at', models.DateTimeField(blank=True, null=True)),
                ('campaign', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='outcome', to='campaigns.campaign')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('events', models.ManyToManyField(blank=True, related_name='+', to='policy.measureevent', verbose_name='milestones')),
                ('evidence', models.ManyToManyField(blank=True, related_name='+', to='policy.evidence', verbose_name='evidence')),
                ('legislators', models.ManyToManyField(blank=True, related_name='+', to='contacts.legislator', verbose_name='legislators who moved')),
                ('thanks_job', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='contacts.job')),
            ],
            options={
                'ordering': ['-on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='OutcomeCorrection',
            fields=[
                ('result', models.CharField(choices=[('won', 'Won'), ('partly_won', 'Partly won'), ('lost', 'Lost'), ('no_result', 'Closed without a result')], max_length=10, verbose_name='What came of it')),
                ('headline', models.CharField(blank=True, help_text='Headline of its page.', max_length=140, verbose_name='what changed, in one sentence')),
                ('changed', models.TextField(blank=True, help_text='Markdown.', max_length=20000, verbose_name='what changed')),
                ('learned', models.TextField(blank=True, help_text='Markdown. Also what went wrong, and what you would do otherwise.', max_length=20000, verbose_name='what we learned')),
                ('on', models.DateField(verbose_name='day of the outcome')),
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('reason', models.CharField(max_length=240, verbose_name='what is corrected, and why')),
                ('replaced_at', models.DateTimeField()),
                ('outcome', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='corrections', to='campaigns.outcome')),
                ('replaced_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-replaced_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='PartnerInvitation',
            fields=[
                ('role', models.CharField(help_text='What it does in the campaign.', max_length=120, verbose_name='role')),
                ('sees_supporters', models.BooleanField(default=False, help_text='Those who agreed that this partner may write to them, with name, mail address and postal code. Without it, the partner sees numbers only and supporters are not asked.', verbose_name='sees the supporters who chose it')),
                ('until', models.DateField(blank=True, help_text='The last day. Empty: until one of both ends it.', null=True, verbose_name='until')),
                ('terms', models.TextField(help_text='The whole text that is signed off.', validators=[django.core.validators.MinLengthValidator(20)], verbose_name='terms')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('organization_name', models.CharField(max_length=120, verbose_name='organisation')),
                ('email', models.EmailField(max_length=254, verbose_name='mail address')),
                ('language', models.CharField(default='en', max_length=10, verbose_name='language')),
                ('state', models.CharField(choices=[('sent', 'Invited'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn')], default='sent', max_length=10)),
                ('counter', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='campaigns.campaign')),
                ('invited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='Partnership',
            fields=[
                ('role', models.CharField(help_text='What it does in the campaign.', max_length=120, verbose_name='role')),
                ('sees_supporters', models.BooleanField(default=False, help_text='Those who agreed that this partner may write to them, with name, mail address and postal code. Without it, the partner sees numbers only and supporters are not asked.', verbose_name='sees the supporters who chose it')),
                ('until', models.DateField(blank=True, help_text='The last day. Empty: until one of both ends it.', null=True, verbose_name='until')),
                ('terms', models.TextField(help_text='The whole text that is signed off.', validators=[django.core.validators.MinLengthValidator(20)], verbose_name='terms')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('source_code', models.SlugField(help_text="Stands in its page's address, and beside whom it brought.", max_length=40, verbose_name='source code')),
                ('welcome', models.TextField(blank=True, help_text='Shown on its own page of the campaign.', max_length=600, verbose_name='words of the partner')),
                ('signed_name', models.CharField(max_length=120, verbose_name='signed off by')),
                ('joined_at', models.DateTimeField()),
                ('left_at', models.DateTimeField(blank=True, null=True)),
                ('left_reason', models.CharField(blank=True, max_length=200)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='campaigns.campaign')),
                ('invitation', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='partnership', to='campaigns.partnerinvitation')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='partnerships', to='contacts.organization')),
                ('signed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='PartnerConsent',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('given', models.BooleanField()),
                ('text', models.TextField(help_text='The words that were shown.')),
                ('text_version', models.CharField(max_length=20)),
                ('language', models.CharField(max_length=10)),
                ('source', models.CharField(help_text='The page it came by.', max_length=120)),
                ('at', models.DateTimeField()),
                ('supporter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='partner_consents', to='contacts.supporter')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='campaigns.partnership')),
            ],
        ),
        migrations.CreateModel(
            name='Pledge',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('sign', 'Sign'), ('write', 'Write'), ('call', 'Call'), ('meet', 'Meet'), ('host', 'Host'), ('share', 'Share')], default='write', max_length=6)),
                ('state', models.CharField(choices=[('pending', 'Waiting for confirmation'), ('confirmed', 'Confirmed'), ('withdrawn', 'Withdrawn'), ('expired', 'Expired'), ('held', 'Held for review'), ('invalidated', 'Not counted')], default='pending', max_length=12)),
                ('held_for', models.CharField(blank=True, choices=[('place', 'Many signatures from one place'), ('robot', 'A field was filled that people don’t see'), ('disposable', 'A throw-away mail address'), ('unproven', 'Signed in a rush, without the proof that browsers work out')], max_length=10)),
                ('is_test', models.BooleanField(default=False)),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('email', models.EmailField(max_length=254, verbose_name='mail address')),
                ('canonical_email', models.CharField(max_length=254)),
                ('name_key', models.CharField(blank=True, default='', max_length=80)),
                ('prefix', models.CharField(blank=True, max_length=20, verbose_name='title')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='phone')),
                ('street', models.CharField(blank=True, max_length=160, verbose_name='street and number')),
                ('city', models.CharField(blank=True, max_length=80, verbose_name='town or city')),
                ('region', models.CharField(blank=True, max_length=40, verbose_name='state or region')),
                ('postal_code', models.CharField(max_length=12, verbose_name='postal code')),
                ('country', models.CharField(default='us', max_length=2, verbose_name='country')),
                ('language', models.CharField(default='en', max_length=10, verbose_name='language')),
                ('comment', models.TextField(blank=True, max_length=1000, verbose_name='in your own words')),
                ('matched', models.JSONField(blank=True, default=list)),
                ('consents', models.JSONField(blank=True, default=list)),
                ('send_untouched', models.BooleanField(default=False, help_text="Send the suggested letter if I don't change it.")),
                ('source', models.CharField(blank=True, max_length=80)),
                ('signer_hash', models.CharField(blank=True, help_text='Salted hash of the network address.', max_length=64)),
                ('confirm_counter', models.PositiveIntegerField(default=0, help_text='Every use or reissue of the link moves it on.')),
                ('manage_counter', models.PositiveIntegerField(default=0)),
                ('signed_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('erased_at', models.DateTimeField(blank=True, null=True)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pledges', to='campaigns.campaign')),
                ('supporter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pledges', to='contacts.supporter')),
            ],
        ),
        migrations.AddField(
            model_name='letter',
            name='pledge',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='campaigns.pledge'),
        ),
        migrations.CreateModel(
            name='InvalidatedPledge',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('from_state', models.CharField(max_length=12)),
                ('invalidation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pledges', to='campaigns.invalidation')),
                ('pledge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='campaigns.pledge')),
            ],
        ),
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('outcome', models.CharField(choices=[('reached', 'I spoke to somebody'), ('voicemail', 'I left a message'), ('no_answer', 'Nobody answered')], max_length=9)),
                ('at', models.DateTimeField()),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.post')),
                ('pledge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calls', to='campaigns.pledge')),
            ],
        ),
        migrations.CreateModel(
            name='PledgeChange',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('from_state', models.CharField(blank=True, max_length=24)),
                ('to_state', models.CharField(max_length=24)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField()),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('pledge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='history', to='campaigns.pledge')),
            ],
            options={
                'ordering': ['id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PrintBatch',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('letters', 'Letters in envelopes'), ('bundle', 'Bundle')], default='letters', max_length=7)),
                ('state', models.CharField(choices=[('made', 'To be printed and posted'), ('posted', 'Posted'), ('discarded', 'Discarded')], default='made', max_length=9)),
                ('letter_count', models.PositiveIntegerField()),
                ('page_count', models.PositiveIntegerField()),
                ('paper', models.CharField(help_text="A4 or Letter, by the office's country.", max_length=6)),
                ('pdf', models.BinaryField(null=True)),
                ('manifest', models.TextField(blank=True, help_text='CSV: one line a letter.')),
                ('made_at', models.DateTimeField()),
                ('posted_at', models.DateTimeField(blank=True, null=True)),
                ('drive', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='print_batches', to='campaigns.drive')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='print_batches', to='contacts.organization')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.post')),
                ('posted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-made_at', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='letter',
            name='batch',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='letters', to='campaigns.printbatch'),
        ),
        migrations.CreateModel(
            name='PrintBatchChange',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('from_state', models.CharField(blank=True, max_length=24)),
                ('to_state', models.CharField(max_length=24)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField()),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='history', to='campaigns.printbatch')),
            ],
            options={
                'ordering': ['id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Registration',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('doubted', 'To be looked at'), ('held', 'Place held, mail not confirmed'), ('asked', 'For the waiting list, mail not confirmed'), ('waiting', 'On the waiting list'), ('offered', 'Offered a place'), ('confirmed', 'Has a place'), ('cancelled', 'Cancelled'), ('expired', 'Not taken in time')], max_length=9)),
                ('held_for', models.CharField(blank=True, choices=[('place', 'Many signatures from one place'), ('robot', 'A field was filled that people don’t see'), ('disposable', 'A throw-away mail address'), ('unproven', 'Signed in a rush, without the proof that browsers work out')], max_length=10)),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('email', models.EmailField(max_length=254, verbose_name='mail address')),
                ('canonical_email', models.CharField(max_length=254)),
                ('language', models.CharField(default='en', max_length=10, verbose_name='language')),
                ('needs', models.CharField(blank=True, max_length=300, verbose_name='what you need to take part')),
                ('link_counter', models.PositiveIntegerField(default=0)),
                ('registered_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(blank=True, null=True)),
                ('queued_at', models.DateTimeField(blank=True, null=True)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('checked_in_at', models.DateTimeField(blank=True, null=True)),
                ('erased_at', models.DateTimeField(blank=True, null=True)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='registrations', to='campaigns.event')),
            ],
        ),
        migrations.CreateModel(
            name='MeetingReport',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('on', models.DateField(verbose_name='day of the meeting')),
                ('said', models.CharField(choices=[('supports', 'That they support it'), ('opposes', 'That they oppose it'), ('undecided', 'That they have not decided'), ('nothing', 'Nothing that tells')], max_length=9, verbose_name='what they said of it')),
                ('words', models.CharField(blank=True, max_length=300, verbose_name='in your words')),
                ('at', models.DateTimeField()),
                ('stance_declined_at', models.DateTimeField(blank=True, null=True)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='campaigns.event')),
                ('legislator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.legislator')),
                ('stance', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='policy.stance')),
                ('registration', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='campaigns.registration')),
            ],
            options={
                'ordering': ['-at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='RegistrationChange',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('from_state', models.CharField(blank=True, max_length=24)),
                ('to_state', models.CharField(max_length=24)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField()),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('registration', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='history', to='campaigns.registration')),
            ],
            options={
                'ordering': ['id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Sending',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('on', 'On'), ('stopped', 'Stopped')], default='on', max_length=7)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('changed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name_plural': 'sending',
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='sending_one_row'), models.CheckConstraint(condition=models.Q(('state__in', ['on', 'stopped'])), name='sending_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'stopped'), _negated=True), models.Q(('changed_at__isnull', False), models.Q(('note', ''), _negated=True)), _connector='OR'), name='sending_stopped_says_when_and_why')],
            },
        ),
        migrations.CreateModel(
            name='SendingChange',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('from_state', models.CharField(blank=True, max_length=24)),
                ('to_state', models.CharField(max_length=24)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField()),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sending', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='history', to='campaigns.sending')),
            ],
            options={
                'ordering': ['id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='StoryKey',
            fields=[
                ('story', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='key', serialize=False, to='campaigns.story')),
                ('wrapped', models.BinaryField()),
                ('wrapped_by', models.CharField(help_text='Which of STORY_KEYS wrapped it.', max_length=16)),
            ],
        ),
        migrations.AddField(
            model_name='story',
            name='campaign',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='stories', to='campaigns.campaign'),
        ),
        migrations.AddField(
            model_name='story',
            name='division',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='contacts.division'),
        ),
        migrations.AddField(
            model_name='story',
            name='issue',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='policy.issue'),
        ),
        migrations.AddField(
            model_name='story',
            name='organization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stories', to='contacts.organization'),
        ),
        migrations.CreateModel(
            name='OutboxMail',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('confirm', 'Please confirm your pledge'), ('reminder', 'Reminder to confirm'), ('link', 'Your link'), ('letter_failed', 'Your letter could not be delivered'), ('letter_by_hand', 'Your letter waits for you to send it'), ('withdrawn', 'Your pledge was withdrawn'), ('reply', 'An office answered you'), ('seat_changed', 'Your letter was not sent: its representative left office'), ('office_stopped', 'The office asked us not to write'), ('question', 'Did they answer?'), ('question_again', 'Did they answer? Asked again'), ('update', 'News of a campaign'), ('thanks', 'What came of your part'), ('alarm', 'Letters have stopped'), ('details', 'Your name or address was changed'), ('choices', 'Which mails you want'), ('exported', 'Your data was handed out'), ('erased', 'Your data was erased'), ('job', 'What you asked for is done'), ('story_confirm', 'Please confirm your story'), ('story_kept', 'Your story waits to be read'), ('story_link', 'The link of your story'), ('story_changes', 'Please change your story'), ('story_approved', 'Your story was approved'), ('story_declined', 'Your story was declined'), ('story_gone', 'Your story was taken back'), ('not_opened', 'A campaign did not open'), ('event_confirm', 'Please confirm that you come'), ('event_link', 'Your link to an event'), ('event_place', 'You have a place'), ('event_waiting', 'You are on the waiting list'), ('event_offer', 'A place has become free for you'), ('event_day', 'An event is near'), ('event_hour', 'An event begins within the hour'), ('event_changed', 'An event has changed'), ('event_off', 'An event does not take place'), ('event_report', 'Whom did you meet?')], max_length=14)),
                ('about', models.CharField(blank=True, max_length=40)),
                ('address', models.EmailField(blank=True, max_length=254)),
                ('address_hash', models.CharField(help_text='Keyed hash, for the caps on mail to one address.', max_length=64)),
                ('state', models.CharField(choices=[('queued', 'Waiting'), ('sending', 'Being sent'), ('sent', 'Handed over'), ('failed', 'Failed'), ('dropped', 'No longer needed'), ('uncertain', 'Uncertain')], default='queued', max_length=9)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('not_before', models.DateTimeField()),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('last_reply', models.CharField(blank=True, max_length=300)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='outbox', to='contacts.organization')),
                ('user', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('pledge', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='mails', to='campaigns.pledge')),
                ('registration', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='mails', to='campaigns.registration')),
                ('story', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='mails', to='campaigns.story')),
            ],
        ),
        migrations.CreateModel(
            name='StoryChange',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('from_state', models.CharField(blank=True, max_length=24)),
                ('to_state', models.CharField(max_length=24)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField()),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('story', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='history', to='campaigns.story')),
            ],
            options={
                'ordering': ['id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='StoryConsent',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('scope', models.CharField(choices=[('public', 'On public pages, with the name I chose'), ('unnamed', 'On public pages, without any name'), ('briefs', 'In letters and briefs to legislators'), ('private', 'Read by the organisation’s reviewers')], max_length=8)),
                ('given', models.BooleanField()),
                ('until', models.DateField()),
                ('text', models.TextField(help_text='The words that were shown.')),
                ('text_version', models.CharField(max_length=20)),
                ('language', models.CharField(max_length=10)),
                ('source', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
                ('story', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='campaigns.story')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='StoryQuote',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('revision', models.PositiveIntegerField()),
                ('start', models.PositiveIntegerField()),
                ('end', models.PositiveIntegerField()),
                ('chosen_at', models.DateTimeField()),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='story_quotes', to='campaigns.campaign')),
                ('chosen_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('story', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='quotes', to='campaigns.story')),
            ],
            options={
                'ordering': ['chosen_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='SupporterMerge',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('undo', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField()),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('gone', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.supporter')),
                ('kept', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='merges', to='contacts.supporter')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('owner', models.UUIDField()),
                ('kind', models.CharField(choices=[('pledges', 'pledges by state'), ('signed', 'confirmed people by quarter of an hour, UTC'), ('towns', 'confirmed people by town, or postal code where none is known'), ('divisions', 'confirmed people by division they live in'), ('letters', 'letters by channel and state'), ('offices', 'letters accepted or posted, by seat'), ('seats', 'letters by seat'), ('hours', 'mailed letters that left or have a moment, by hour, UTC'), ('views', "openings of the campaign's page, by day and source")], max_length=10)),
                ('key', models.CharField(max_length=100)),
                ('n', models.BigIntegerField()),
                ('is_folded', models.BooleanField(default=False)),
            ],
            options={
                'indexes': [models.Index(fields=['owner', 'kind'], name='tally_of'), models.Index(condition=models.Q(('is_folded', False)), fields=['id'], name='tally_unfolded')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_folded', True)), fields=('owner', 'kind', 'key'), name='tally_folded_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['pledges', 'signed', 'towns', 'divisions', 'letters', 'offices', 'seats', 'hours', 'views'])), name='tally_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='TargetGroup',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('is_fallback', models.BooleanField(default=False, help_text='Only for supporters whom no other group gives a target.', verbose_name='fallback')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='target_groups', to='campaigns.campaign')),
            ],
            options={
                'ordering': ['order', 'name'],
            },
        ),
        migrations.AddField(
            model_name='letterversion',
            name='group',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='campaigns.targetgroup'),
        ),
        migrations.CreateModel(
            name='TargetRule',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('my_representatives', "The supporter's own representatives in a chamber"), ('committee', 'Members of a committee'), ('fixed', 'One post'), ('undecided', 'Members of a chamber whose stance on the measure is undecided or unknown')], max_length=20, verbose_name='rule')),
                ('exclude', models.BooleanField(default=False, verbose_name='leave out instead')),
                ('chamber', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.chamber', verbose_name='chamber or committee')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rules', to='campaigns.targetgroup')),
                ('post', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.post', verbose_name='post')),
            ],
        ),
        migrations.CreateModel(
            name='Throttle',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('office', 'A contact point'), ('domain', 'A mail domain'), ('site', 'All of it')], max_length=6)),
                ('name', models.CharField(blank=True, max_length=254)),
                ('busy_until', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'name'), name='throttle_once_per_name'), models.CheckConstraint(condition=models.Q(('kind__in', ['office', 'domain', 'site'])), name='throttle_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='UpdateTranslation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('language', models.CharField(max_length=10, verbose_name='language')),
                ('made_from', models.JSONField(blank=True, default=dict, editable=False)),
                ('changed_at', models.DateTimeField()),
                ('title', models.CharField(max_length=140, verbose_name='headline')),
                ('text', models.TextField(max_length=20000, verbose_name='text')),
                ('update', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='translations', to='campaigns.campaignupdate')),
            ],
            options={
                'ordering': ['language'],
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='campaign',
            index=models.Index(condition=models.Q(('opening_failed_at__isnull', True), ('state', 'scheduled')), fields=['opens_at'], name='campaign_opens'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.UniqueConstraint(fields=('organization', 'slug'), name='campaign_slug_once_per_organization'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'in_review', 'scheduled', 'open', 'paused', 'closed', 'archived'])), name='campaign_state_known'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'open'), _negated=True), ('opened_at__isnull', False), _connector='OR'), name='campaign_open_has_time'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('opens_at__isnull', False), ('state', 'scheduled')), models.Q(models.Q(('state', 'scheduled'), _negated=True), ('opening_failed_at__isnull', True), ('opens_at__isnull', True)), _connector='OR'), name='campaign_opens_at_while_scheduled'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('goal__gt', 0)), name='campaign_goal_positive'),
        ),
        migrations.AddConstraint(
            model_name='campaigntranslation',
            constraint=models.UniqueConstraint(fields=('campaign', 'language'), name='campaign_translation_once_per_language'),
        ),
        migrations.AddIndex(
            model_name='campaignupdate',
            index=models.Index(fields=['campaign', '-published_at'], name='update_newest'),
        ),
        migrations.AddConstraint(
            model_name='campaignupdate',
            constraint=models.CheckConstraint(condition=models.Q(('mailed_at__isnull', True), ('published_at__isnull', False), _connector='OR'), name='update_mailed_is_published'),
        ),
        migrations.AddConstraint(
            model_name='drive',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'scheduled', 'running', 'paused', 'finished', 'cancelled'])), name='drive_state_known'),
        ),
        migrations.AddConstraint(
            model_name='drive',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='drive_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='drive',
            constraint=models.CheckConstraint(condition=models.Q(('starts_on__isnull', True), ('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='drive_last_day_after_first'),
        ),
        migrations.AddConstraint(
            model_name='drive',
            constraint=models.CheckConstraint(condition=models.Q(('all_day', True), ('closes__gt', models.F('opens')), _connector='OR'), name='drive_closes_after_opening'),
        ),
        migrations.AddConstraint(
            model_name='drive',
            constraint=models.CheckConstraint(condition=models.Q(('per_domain_hour__gt', 0), ('per_office_hour__gt', 0), ('per_site_hour__gt', 0)), name='drive_rates_positive'),
        ),
        migrations.AddConstraint(
            model_name='drive',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['draft', 'scheduled', 'running', 'paused'])), fields=('campaign',), name='drive_one_open_per_campaign'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['organization', '-starts_at'], name='event_newest'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['ends_at'], name='event_open_until'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.UniqueConstraint(fields=('organization', 'slug'), name='event_slug_once_per_organization'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['workshop', 'hearing', 'lobby_day', 'vigil', 'meeting'])), name='event_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'open', 'cancelled'])), name='event_state_known'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='event_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(('link', ''), ('place', ''), _negated=True), name='event_is_somewhere'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(('capacity__isnull', True), ('capacity__gte', models.F('taken')), _connector='OR'), name='event_never_overfull'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(('asks_reports', False), ('measure__isnull', False), _connector='OR'), name='event_reports_need_measure'),
        ),
        migrations.AddIndex(
            model_name='inboundmail',
            index=models.Index(condition=models.Q(('state', 'kept')), fields=['received_at'], name='inbound_to_read'),
        ),
        migrations.AddIndex(
            model_name='inboundmail',
            index=models.Index(fields=['organization', 'state', '-received_at'], name='inbound_newest'),
        ),
        migrations.AddConstraint(
            model_name='inboundmail',
            constraint=models.UniqueConstraint(fields=('sha256',), name='inbound_once'),
        ),
        migrations.AddConstraint(
            model_name='inboundmail',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['reply', 'auto_reply', 'bounce', 'complaint', 'unknown'])), name='inbound_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='inboundmail',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['kept', 'matched', 'unmatched', 'set_aside'])), name='inbound_state_known'),
        ),
        migrations.AddConstraint(
            model_name='inboundmail',
            constraint=models.CheckConstraint(condition=models.Q(('coding__in', ['', 'supports', 'opposes', 'evasive', 'needs_info', 'acknowledged'])), name='inbound_coding_known'),
        ),
        migrations.AddConstraint(
            model_name='inboundmail',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'matched'), _negated=True), models.Q(('letter__isnull', False), ('organization__isnull', False)), _connector='OR'), name='inbound_matched_has_letter'),
        ),
        migrations.AddConstraint(
            model_name='inboundmail',
            constraint=models.CheckConstraint(condition=models.Q(('coding', ''), models.Q(('coded_at__isnull', False), ('letter__isnull', False)), _connector='OR'), name='inbound_coded_has_time'),
        ),
        migrations.AddConstraint(
            model_name='inboundmail',
            constraint=models.CheckConstraint(condition=models.Q(('stance__isnull', True), ('stance_declined_at__isnull', True), _connector='OR'), name='inbound_stance_accepted_or_declined'),
        ),
        migrations.AddConstraint(
            model_name='breaker',
            constraint=models.UniqueConstraint(fields=('kind', 'name'), name='breaker_once_per_name'),
        ),
        migrations.AddConstraint(
            model_name='breaker',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['channel', 'domain'])), name='breaker_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='breaker',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('opened_at__isnull', True), ('probe_at__isnull', True)), models.Q(('opened_at__isnull', False), ('probe_at__isnull', False)), models.Q(('kind', 'domain'), ('opened_at__isnull', False)), _connector='OR'), name='breaker_open_has_probe'),
        ),
        migrations.AddConstraint(
            model_name='breaker',
            constraint=models.CheckConstraint(condition=models.Q(('probe__isnull', True), models.Q(('kind', 'domain'), ('probe_at__isnull', False)), _connector='OR'), name='breaker_probe_was_allowed'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.UniqueConstraint(fields=('letter', 'number'), name='attempt_numbered_once'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['started', 'accepted', 'deferred', 'refused', 'uncertain', 'released'])), name='attempt_outcome_known'),
        ),
        migrations.AddIndex(
            model_name='officequestion',
            index=models.Index(condition=models.Q(('answer', ''), ('reminded_at__isnull', True)), fields=['asked_at'], name='question_open'),
        ),
        migrations.AddConstraint(
            model_name='officequestion',
            constraint=models.CheckConstraint(condition=models.Q(('answer__in', ['', 'answered', 'evaded', 'acknowledged', 'nothing', 'not_expected'])), name='question_answer_known'),
        ),
        migrations.AddConstraint(
            model_name='officequestion',
            constraint=models.CheckConstraint(condition=models.Q(('answer', ''), ('answered_at__isnull', False), _connector='OR'), name='question_answered_has_time'),
        ),
        migrations.AddIndex(
            model_name='outcome',
            index=models.Index(condition=models.Q(('published_at__isnull', False)), fields=['-on'], name='outcome_published_newest'),
        ),
        migrations.AddConstraint(
            model_name='outcome',
            constraint=models.CheckConstraint(condition=models.Q(('result__in', ['won', 'partly_won', 'lost', 'no_result'])), name='outcome_result_known'),
        ),
        migrations.AddConstraint(
            model_name='outcome',
            constraint=models.CheckConstraint(condition=models.Q(('thanked_at__isnull', True), ('published_at__isnull', False), _connector='OR'), name='outcome_thanked_is_published'),
        ),
        migrations.AddConstraint(
            model_name='outcomecorrection',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='outcome_correction_says_why'),
        ),
        migrations.AddConstraint(
            model_name='partnerinvitation',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['sent', 'accepted', 'declined', 'withdrawn'])), name='partner_invitation_state_known'),
        ),
        migrations.AddConstraint(
            model_name='partnerinvitation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('state', 'sent')), models.Q(models.Q(('state', 'sent'), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='partner_invitation_answered_has_time'),
        ),
        migrations.AddConstraint(
            model_name='partnerinvitation',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'sent')), fields=('campaign', 'email'), name='partner_invited_once'),
        ),
        migrations.AddConstraint(
            model_name='partnership',
            constraint=models.UniqueConstraint(condition=models.Q(('left_at__isnull', True)), fields=('campaign', 'organization'), name='partner_once_per_campaign'),
        ),
        migrations.AddConstraint(
            model_name='partnership',
            constraint=models.UniqueConstraint(fields=('campaign', 'source_code'), name='partner_source_code_once'),
        ),
        migrations.AddConstraint(
            model_name='partnership',
            constraint=models.CheckConstraint(condition=models.Q(('left_at__isnull', True), ('left_at__gte', models.F('joined_at')), _connector='OR'), name='partner_leaves_after_joining'),
        ),
        migrations.AddIndex(
            model_name='partnerconsent',
            index=models.Index(fields=['partnership', 'supporter', '-id'], name='partner_consent_last_word'),
        ),
        migrations.AddIndex(
            model_name='pledge',
            index=models.Index(fields=['campaign', 'state', 'is_test'], name='pledge_counted'),
        ),
        migrations.AddIndex(
            model_name='pledge',
            index=models.Index(condition=models.Q(('is_test', True)), fields=['campaign'], name='pledge_tests'),
        ),
        migrations.AddIndex(
            model_name='pledge',
            index=models.Index(condition=models.Q(('state__in', ['pending', 'held'])), fields=['expires_at'], name='pledge_expiring'),
        ),
        migrations.AddIndex(
            model_name='pledge',
            index=models.Index(fields=['campaign', 'confirmed_at'], name='pledge_by_day'),
        ),
        migrations.AddIndex(
            model_name='pledge',
            index=models.Index(condition=models.Q(('held_for', ''), _negated=True), fields=['campaign', 'signed_at'], name='pledge_reviewed'),
        ),
        migrations.AddIndex(
            model_name='pledge',
            index=models.Index(fields=['campaign', 'signed_at'], name='pledge_by_signing'),
        ),
        migrations.AddIndex(
            model_name='pledge',
            index=models.Index(condition=models.Q(('state__in', ['withdrawn', 'invalidated'])), fields=['state'], name='pledge_taken_back'),
        ),
        migrations.AddIndex(
            model_name='pledge',
            index=models.Index(condition=models.Q(('erased_at__isnull', False)), fields=['erased_at'], name='pledge_erased'),
        ),
        migrations.AddConstraint(
            model_name='pledge',
            constraint=models.UniqueConstraint(fields=('campaign', 'canonical_email', 'name_key', 'is_test'), name='pledge_once_per_person'),
        ),
        migrations.AddConstraint(
            model_name='pledge',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'confirmed', 'withdrawn', 'expired', 'held', 'invalidated'])), name='pledge_state_known'),
        ),
        migrations.AddConstraint(
            model_name='pledge',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['sign', 'write', 'call', 'meet', 'host', 'share'])), name='pledge_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='pledge',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'confirmed'), _negated=True), models.Q(('confirmed_at__isnull', False), ('supporter__isnull', False)), _connector='OR'), name='pledge_confirmed_has_time'),
        ),
        migrations.AddConstraint(
            model_name='pledge',
            constraint=models.CheckConstraint(condition=models.Q(('erased_at__isnull', True), models.Q(('comment', ''), ('email', ''), ('name', ''), ('postal_code', ''), ('street', ''), models.Q(('state', 'confirmed'), _negated=True)), _connector='OR'), name='pledge_erased_is_empty'),
        ),
        migrations.AddConstraint(
            model_name='pledge',
            constraint=models.CheckConstraint(condition=models.Q(('held_for__in', ['', 'place', 'robot', 'disposable', 'unproven'])), name='pledge_held_for_known'),
        ),
        migrations.AddConstraint(
            model_name='pledge',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'held'), _negated=True), models.Q(('held_for', ''), _negated=True), _connector='OR'), name='pledge_held_says_why'),
        ),
        migrations.AddConstraint(
            model_name='invalidatedpledge',
            constraint=models.UniqueConstraint(fields=('invalidation', 'pledge'), name='invalidated_once_by_each'),
        ),
        migrations.AddConstraint(
            model_name='invalidatedpledge',
            constraint=models.CheckConstraint(condition=models.Q(('from_state__in', ['pending', 'confirmed'])), name='invalidated_from_known_state'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.UniqueConstraint(fields=('pledge', 'post'), name='call_once_per_office'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['reached', 'voicemail', 'no_answer'])), name='call_outcome_known'),
        ),
        migrations.AddConstraint(
            model_name='printbatch',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['made', 'posted', 'discarded'])), name='print_batch_state_known'),
        ),
        migrations.AddConstraint(
            model_name='printbatch',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['letters', 'bundle'])), name='print_batch_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='printbatch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'posted'), _negated=True), ('posted_at__isnull', False), _connector='OR'), name='print_batch_posted_has_time'),
        ),
        migrations.AddConstraint(
            model_name='printbatch',
            constraint=models.CheckConstraint(condition=models.Q(('letter_count__gt', 0)), name='print_batch_has_letters'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(condition=models.Q(('state__in', ['ready', 'deferred'])), fields=['send_after', 'not_before', 'id'], name='letter_due'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(condition=models.Q(('state__in', ['draft', 'ready', 'queued', 'deferred', 'held'])), fields=['deadline'], name='letter_expiring'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(condition=models.Q(('state', 'queued')), fields=['queued_at', 'id'], name='letter_queued'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(condition=models.Q(('state', 'held')), fields=['drive'], name='letter_held'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(condition=models.Q(('state__in', ['claimed', 'committing'])), fields=['lease_until'], name='letter_leased'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(fields=['drive', 'state'], name='letter_by_state'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(condition=models.Q(('is_test', True)), fields=['drive'], name='letter_tests'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(condition=models.Q(('state', 'uncertain')), fields=['drive'], name='letter_uncertain'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(condition=models.Q(('state', 'ready'), models.Q(('note', ''), _negated=True)), fields=['drive'], name='letter_stuck'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(condition=models.Q(('sent_at__isnull', False)), fields=['sent_at'], name='letter_sent'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(condition=models.Q(('channel', 'email'), _negated=True), fields=['channel', 'state'], name='letter_by_channel'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(condition=models.Q(('batch__isnull', False)), fields=['batch'], name='letter_by_batch'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(condition=models.Q(('contact_point__isnull', False)), fields=['contact_point'], name='letter_by_contact_point'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.UniqueConstraint(fields=('drive', 'pledge', 'post', 'is_test'), name='letter_once_per_post'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.UniqueConstraint(condition=models.Q(('message_id__isnull', False)), fields=('message_id',), name='letter_message_id_once'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'ready', 'queued', 'claimed', 'committing', 'sent', 'settled', 'closed', 'bounced', 'deferred', 'uncertain', 'held', 'failed', 'abandoned', 'withdrawn', 'cancelled', 'expired'])), name='letter_state_known'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(('channel__in', ['email', 'cwc', 'print', 'link'])), name='letter_channel_known'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'queued'), _negated=True), ('channel', 'email'), ('window_closes__isnull', True), _connector='OR'), name='letter_window_is_for_mail'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['sent', 'settled', 'closed', 'bounced']), _negated=True), ('sent_at__isnull', False), _connector='OR'), name='letter_sent_has_time'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['queued', 'claimed', 'committing', 'uncertain', 'sent', 'deferred']), _negated=True), models.Q(('legislator__isnull', False), ('message_id__isnull', False)), _connector='OR'), name='letter_queued_is_frozen'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['claimed', 'committing']), _negated=True), ('lease_until__isnull', False), _connector='OR'), name='letter_claimed_has_lease'),
        ),
        migrations.AddIndex(
            model_name='registration',
            index=models.Index(fields=['event', 'state', 'queued_at'], name='registration_in_line'),
        ),
        migrations.AddIndex(
            model_name='registration',
            index=models.Index(condition=models.Q(('state__in', ['doubted', 'held', 'asked', 'offered'])), fields=['due_at'], name='registration_due'),
        ),
        migrations.AddIndex(
            model_name='registration',
            index=models.Index(fields=['canonical_email'], name='registration_of_person'),
        ),
        migrations.AddConstraint(
            model_name='registration',
            constraint=models.UniqueConstraint(fields=('event', 'canonical_email'), name='registration_once_per_event'),
        ),
        migrations.AddConstraint(
            model_name='registration',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['doubted', 'held', 'asked', 'waiting', 'offered', 'confirmed', 'cancelled', 'expired'])), name='registration_state_known'),
        ),
        migrations.AddConstraint(
            model_name='registration',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['doubted', 'held', 'asked', 'offered']), _negated=True), ('due_at__isnull', False), _connector='OR'), name='registration_held_until'),
        ),
        migrations.AddConstraint(
            model_name='registration',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['waiting', 'offered', 'confirmed']), _negated=True), ('confirmed_at__isnull', False), _connector='OR'), name='registration_confirmed_by_mail'),
        ),
        migrations.AddConstraint(
            model_name='registration',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['waiting', 'offered']), _negated=True), ('queued_at__isnull', False), _connector='OR'), name='registration_in_line_since'),
        ),
        migrations.AddConstraint(
            model_name='registration',
            constraint=models.CheckConstraint(condition=models.Q(('checked_in_at__isnull', True), ('state', 'confirmed'), _connector='OR'), name='registration_came_with_place'),
        ),
        migrations.AddConstraint(
            model_name='registration',
            constraint=models.CheckConstraint(condition=models.Q(('erased_at__isnull', True), models.Q(('email', ''), ('name', ''), ('needs', '')), _connector='OR'), name='registration_erased_is_empty'),
        ),
        migrations.AddConstraint(
            model_name='registration',
            constraint=models.CheckConstraint(condition=models.Q(('held_for__in', ['', 'place', 'robot', 'disposable', 'unproven'])), name='registration_held_for_known'),
        ),
        migrations.AddConstraint(
            model_name='meetingreport',
            constraint=models.UniqueConstraint(fields=('registration', 'legislator'), name='meeting_reported_once_per_legislator'),
        ),
        migrations.AddConstraint(
            model_name='meetingreport',
            constraint=models.CheckConstraint(condition=models.Q(('said__in', ['supports', 'opposes', 'undecided', 'nothing'])), name='meeting_said_known'),
        ),
        migrations.AddConstraint(
            model_name='meetingreport',
            constraint=models.CheckConstraint(condition=models.Q(('stance__isnull', True), ('stance_declined_at__isnull', True), _connector='OR'), name='meeting_stance_accepted_or_declined'),
        ),
        migrations.AddIndex(
            model_name='story',
            index=models.Index(fields=['organization', 'state', '-approved_at'], name='story_wall'),
        ),
        migrations.AddIndex(
            model_name='story',
            index=models.Index(fields=['address_hash'], name='story_by_address'),
        ),
        migrations.AddConstraint(
            model_name='story',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'waiting', 'changes', 'approved', 'declined', 'withdrawn', 'expired', 'ended'])), name='story_state_known'),
        ),
        migrations.AddConstraint(
            model_name='story',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('picture__isnull', True), ('sealed__isnull', True), ('state__in', ('withdrawn', 'expired', 'ended'))), models.Q(models.Q(('state__in', ('withdrawn', 'expired', 'ended')), _negated=True), ('sealed__isnull', False)), _connector='OR'), name='story_gone_has_no_words'),
        ),
        migrations.AddConstraint(
            model_name='story',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), models.Q(('approved_at__isnull', False), ('confirmed_at__isnull', False)), _connector='OR'), name='story_approved_was_confirmed'),
        ),
        migrations.AddConstraint(
            model_name='story',
            constraint=models.CheckConstraint(condition=models.Q(('with_name', False), ('is_public', True), ('in_briefs', True), _connector='OR'), name='story_name_is_for_readers'),
        ),
        migrations.AddIndex(
            model_name='outboxmail',
            index=models.Index(condition=models.Q(('state__in', ['queued', 'sending']), models.Q(('kind__in', ['update', 'thanks']), _negated=True)), fields=['not_before'], name='outbox_due'),
        ),
        migrations.AddIndex(
            model_name='outboxmail',
            index=models.Index(condition=models.Q(('kind__in', ['update', 'thanks']), ('state__in', ['queued', 'sending'])), fields=['not_before'], name='outbox_due_news'),
        ),
        migrations.AddIndex(
            model_name='outboxmail',
            index=models.Index(fields=['address_hash', 'created_at'], name='outbox_caps'),
        ),
        migrations.AddIndex(
            model_name='outboxmail',
            index=models.Index(condition=models.Q(('kind', 'thanks')), fields=['about', 'state'], name='outbox_thanks'),
        ),
        migrations.AddConstraint(
            model_name='outboxmail',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['confirm', 'reminder', 'link', 'letter_failed', 'letter_by_hand', 'withdrawn', 'reply', 'seat_changed', 'office_stopped', 'question', 'question_again', 'update', 'thanks', 'alarm', 'details', 'choices', 'exported', 'erased', 'job', 'story_confirm', 'story_kept', 'story_link', 'story_changes', 'story_approved', 'story_declined', 'story_gone', 'not_opened', 'event_confirm', 'event_link', 'event_place', 'event_waiting', 'event_offer', 'event_day', 'event_hour', 'event_changed', 'event_off', 'event_report'])), name='outbox_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='outboxmail',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'sending', 'sent', 'failed', 'dropped', 'uncertain'])), name='outbox_state_known'),
        ),
        migrations.AddConstraint(
            model_name='outboxmail',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('pledge__isnull', False), ('registration__isnull', True), ('story__isnull', True), ('user__isnull', True)), models.Q(('pledge__isnull', True), ('registration__isnull', True), ('story__isnull', True), ('user__isnull', False)), models.Q(('pledge__isnull', True), ('registration__isnull', True), ('story__isnull', False), ('user__isnull', True)), models.Q(('pledge__isnull', True), ('registration__isnull', False), ('story__isnull', True), ('user__isnull', True)), _connector='OR'), name='outbox_to_one_person'),
        ),
        migrations.AddConstraint(
            model_name='outboxmail',
            constraint=models.CheckConstraint(condition=models.Q(('address', ''), models.Q(('kind__in', ['erased', 'story_gone']), ('state__in', ['queued', 'sending'])), _connector='OR'), name='outbox_address_while_owed'),
        ),
        migrations.AddConstraint(
            model_name='outboxmail',
            constraint=models.UniqueConstraint(condition=models.Q(('user__isnull', False)), fields=('user', 'organization', 'kind', 'about'), name='outbox_alarm_once'),
        ),
        migrations.AddConstraint(
            model_name='outboxmail',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'update')), fields=('pledge', 'about'), name='outbox_update_once'),
        ),
        migrations.AddConstraint(
            model_name='outboxmail',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'thanks')), fields=('pledge',), name='outbox_thanks_once'),
        ),
        migrations.AddConstraint(
            model_name='outboxmail',
            constraint=models.UniqueConstraint(condition=models.Q(('registration__isnull', False)), fields=('registration', 'kind', 'about'), name='outbox_event_once'),
        ),
        migrations.AddConstraint(
            model_name='storyconsent',
            constraint=models.CheckConstraint(condition=models.Q(('scope__in', ['public', 'unnamed', 'briefs', 'private'])), name='story_scope_known'),
        ),
        migrations.AddConstraint(
            model_name='storyquote',
            constraint=models.CheckConstraint(condition=models.Q(('start__lt', models.F('end'))), name='story_quote_has_words'),
        ),
        migrations.AddConstraint(
            model_name='storyquote',
            constraint=models.UniqueConstraint(fields=('campaign', 'story'), name='story_quoted_once_per_campaign'),
        ),
        migrations.AddConstraint(
            model_name='supportermerge',
            constraint=models.CheckConstraint(condition=models.Q(('kept', models.F('gone')), _negated=True), name='merge_of_two'),
        ),
        migrations.AddConstraint(
            model_name='supportermerge',
            constraint=models.UniqueConstraint(condition=models.Q(('undone_at__isnull', True)), fields=('gone',), name='merged_into_one_only'),
        ),
        migrations.AddConstraint(
            model_name='targetgroup',
            constraint=models.UniqueConstraint(fields=('campaign', 'name'), name='target_group_name_once'),
        ),
        migrations.AddConstraint(
            model_name='letterversion',
            constraint=models.UniqueConstraint(fields=('group', 'language'), name='letter_version_once_per_language'),
        ),
        migrations.AddConstraint(
            model_name='letterversion',
            constraint=models.CheckConstraint(condition=models.Q(('second_share', 0), models.Q(('second_share__lte', 100), models.Q(('second_subject', ''), _negated=True)), _connector='OR'), name='letter_version_share_has_subject'),
        ),
        migrations.AddConstraint(
            model_name='targetrule',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['my_representatives', 'committee', 'fixed', 'undecided'])), name='target_rule_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='targetrule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('chamber__isnull', True), ('kind', 'fixed'), ('post__isnull', False)), models.Q(models.Q(('kind', 'fixed'), _negated=True), ('chamber__isnull', False), ('post__isnull', True)), _connector='OR'), name='target_rule_names_its_target'),
        ),
        migrations.AddConstraint(
            model_name='updatetranslation',
            constraint=models.UniqueConstraint(fields=('update', 'language'), name='update_translation_once_per_language'),
        ),
        ]),
        migrations.RunPython(sending.add_sending, migrations.RunPython.noop),
        migrations.RunPython(supporters.add_indexes, supporters.remove_indexes),
        migrations.RunPython(tallies.count, tallies.forget),
    ]
