"""The tables as they are, for a fresh database. One that exists goes through the migrations that this one replaces."""

from importlib import import_module

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

measures = import_module("policy.migrations.0003_measures_tracked")
search = import_module("policy.migrations.0008_search")
marks = import_module("policy.migrations.0012_search_marks_and_majorities")


class Migration(migrations.Migration):

    replaces = [('policy', '0001_initial'), ('policy', '0002_stance_corrections_and_vote_rules'), ('policy', '0003_measures_tracked'), ('policy', '0004_calendar_of_measures'), ('policy', '0005_measure_imports'), ('policy', '0006_indicators'), ('policy', '0007_evidence_library'), ('policy', '0008_search'), ('policy', '0009_brief_sets_and_kinds'), ('policy', '0010_digests'), ('policy', '0011_brief_logos'), ('policy', '0012_search_marks_and_majorities')]

    initial = True

    dependencies = [
        ('contacts', '0001_squashed_to_0007'),
    ]

    operations = [
        migrations.CreateModel(
            name='BriefSet',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='brief_sets', to='contacts.organization')),
                ('subject', models.CharField(max_length=80)),
                ('title', models.CharField(max_length=240)),
                ('language', models.CharField(default='en', max_length=10, verbose_name='language')),
                ('paper', models.CharField(choices=[('letter', 'Letter'), ('a4', 'A4')], default='letter', max_length=6, verbose_name='paper')),
                ('state', models.CharField(choices=[('running', 'Being made'), ('done', 'Ready'), ('cancelled', 'Cancelled')], default='running', max_length=9)),
                ('vacant_count', models.PositiveSmallIntegerField(default=0, help_text='Seats nobody holds now.')),
                ('requested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField()),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-created_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['running', 'done', 'cancelled'])), name='brief_set_state_known'), models.CheckConstraint(condition=models.Q(('state', 'running'), ('finished_at__isnull', False), _connector='OR'), name='brief_set_over_has_moment'), models.UniqueConstraint(condition=models.Q(('state', 'running')), fields=('organization', 'subject', 'language', 'paper'), name='brief_set_runs_once')],
            },
        ),
        migrations.CreateModel(
            name='BriefWording',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='brief_wordings', to='contacts.organization')),
                ('subject', models.CharField(max_length=80)),
                ('language', models.CharField(max_length=10, verbose_name='language')),
                ('summary', models.TextField(blank=True, max_length=1000, verbose_name='in short')),
                ('points', models.TextField(blank=True, max_length=5000, verbose_name='talking points')),
                ('changed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization', 'subject', 'language'), name='brief_wording_once_per_language')],
            },
        ),
        migrations.CreateModel(
            name='CalendarFeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organization', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='calendar_feed', to='contacts.organization')),
                ('version', models.PositiveIntegerField(default=1)),
                ('renewed_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Digest',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.organization')),
                ('period', models.CharField(max_length=10)),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('state', models.CharField(choices=[('queued', 'Waiting'), ('sending', 'Being sent'), ('sent', 'Handed over'), ('empty', 'Nothing had changed'), ('uncertain', 'Uncertain'), ('failed', 'Failed'), ('dropped', 'No longer wanted')], default='queued', max_length=9)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('not_before', models.DateTimeField()),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('last_reply', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state__in', ['queued', 'sending'])), fields=['not_before'], name='digest_due')],
                'constraints': [models.UniqueConstraint(fields=('user', 'organization', 'period'), name='digest_once_per_period'), models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'sending', 'sent', 'empty', 'uncertain', 'failed', 'dropped'])), name='digest_state_known')],
            },
        ),
        migrations.CreateModel(
            name='DigestWish',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.organization')),
                ('rhythm', models.CharField(choices=[('daily', 'Every day on which something changed'), ('weekly', 'Once a week, when something changed'), ('off', 'Never')], max_length=6, verbose_name='how often')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'organization'), name='digest_wish_once'), models.CheckConstraint(condition=models.Q(('rhythm__in', ['daily', 'weekly', 'off'])), name='digest_rhythm_known')],
            },
        ),
        migrations.CreateModel(
            name='Issue',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='issues', to='contacts.organization')),
                ('title', models.CharField(max_length=160, verbose_name='title')),
                ('slug', models.SlugField(max_length=80)),
                ('summary', models.CharField(help_text='One or two sentences.', max_length=400, verbose_name='summary')),
                ('body', models.TextField(blank=True, help_text='Markdown.', verbose_name='background')),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['title'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'slug'), name='issue_slug_once_per_organization')],
            },
        ),
        migrations.CreateModel(
            name='Logo',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='logos', to='contacts.organization')),
                ('sha256', models.CharField(max_length=64)),
                ('png', models.BinaryField(help_text='Drawn anew from what was uploaded.')),
                ('is_current', models.BooleanField(default=True)),
                ('uploaded_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization', 'sha256'), name='logo_once_per_organization'), models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('organization',), name='logo_one_is_current')],
            },
        ),
        migrations.CreateModel(
            name='Resource',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='resources', to='contacts.organization')),
                ('kind', models.CharField(choices=[('helpline', 'Helpline'), ('group', 'Support group'), ('service', 'Service')], max_length=10, verbose_name='kind')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('description', models.CharField(blank=True, max_length=240, verbose_name='description')),
                ('division', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.division')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='phone')),
                ('website', models.URLField(blank=True, verbose_name='website')),
                ('hours', models.CharField(blank=True, max_length=120, verbose_name='hours')),
                ('languages', models.CharField(blank=True, max_length=120, verbose_name='languages')),
                ('verified_on', models.DateField(verbose_name='last verified on')),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['helpline', 'group', 'service'])), name='resource_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('phone', ''), _negated=True), models.Q(('website', ''), _negated=True), _connector='OR'), name='resource_can_be_reached')],
            },
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('claim', models.CharField(max_length=300, verbose_name='claim')),
                ('figure', models.CharField(help_text='As printed, e.g. 41.', max_length=40, verbose_name='figure')),
                ('unit', models.CharField(blank=True, max_length=60, verbose_name='unit')),
                ('source_title', models.CharField(max_length=240, verbose_name='source')),
                ('source_url', models.URLField(verbose_name='link to the source')),
                ('published_on', models.DateField(verbose_name='published on')),
                ('retrieved_on', models.DateField(verbose_name='read on')),
                ('is_example', models.BooleanField(default=False, verbose_name='invented example')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='contacts.organization')),
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evidence', to='policy.issue', verbose_name='issue')),
                ('division', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.division', verbose_name='place')),
                ('key', models.SlugField(help_text='Letters cite it by this name, which stays.', max_length=60, verbose_name='short name')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
            ],
            options={
                'ordering': ['position', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('source_title', ''), _negated=True), models.Q(('source_url', ''), _negated=True)), name='evidence_has_source'), models.UniqueConstraint(fields=('organization', 'key'), name='evidence_key_once')],
            },
        ),
        migrations.CreateModel(
            name='Indicator',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='indicators', to='contacts.organization')),
                ('issue', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='indicators', to='policy.issue', verbose_name='issue')),
                ('key', models.SlugField(help_text='Names it in commands and files.', max_length=60, verbose_name='short name')),
                ('name', models.CharField(max_length=160, verbose_name='what it counts')),
                ('unit', models.CharField(help_text='As printed after the figure, e.g. days or %.', max_length=40, verbose_name='unit')),
                ('better', models.CharField(choices=[('lower', 'Lower figures'), ('higher', 'Higher figures')], default='lower', max_length=6, verbose_name='better are')),
                ('target', models.DecimalField(blank=True, decimal_places=4, max_digits=16, null=True, verbose_name='target')),
                ('target_source', models.CharField(blank=True, max_length=240, verbose_name='source of the target')),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'key'), name='indicator_key_once'), models.CheckConstraint(condition=models.Q(('better__in', ['lower', 'higher'])), name='indicator_better_known'), models.CheckConstraint(condition=models.Q(('target__isnull', True), models.Q(('target_source', ''), _negated=True), _connector='OR'), name='indicator_target_has_source')],
            },
        ),
        migrations.CreateModel(
            name='Measure',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='measures', to='contacts.organization')),
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='measures', to='policy.issue', verbose_name='issue')),
                ('jurisdiction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='measures', to='contacts.jurisdiction', verbose_name='jurisdiction')),
                ('kind', models.CharField(choices=[('bill', 'Bill'), ('motion', 'Motion'), ('regulation', 'Regulation'), ('budget_line', 'Budget line'), ('bylaw', 'By-law'), ('treaty', 'Treaty')], max_length=12, verbose_name='kind')),
                ('session', models.CharField(blank=True, help_text='Where numbers begin anew with each session or year, e.g. 2025-2026.', max_length=40, verbose_name='session')),
                ('identifier', models.CharField(help_text='As published, e.g. HB 2217.', max_length=40, verbose_name='number')),
                ('title', models.CharField(max_length=240, verbose_name='title')),
                ('summary', models.TextField(blank=True, verbose_name='what it does')),
                ('url', models.URLField(blank=True, verbose_name='official page')),
                ('position', models.CharField(choices=[('support', 'Support'), ('oppose', 'Oppose'), ('watch', 'Watch'), ('neutral', 'Neutral')], default='support', max_length=8, verbose_name='our position')),
                ('reasons', models.TextField(blank=True, verbose_name='our reasons')),
                ('vote_on', models.DateField(blank=True, null=True, verbose_name='date of the vote')),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['identifier'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'jurisdiction', 'session', 'identifier'), name='measure_once_per_session'), models.CheckConstraint(condition=models.Q(('kind__in', ['bill', 'motion', 'regulation', 'budget_line', 'bylaw', 'treaty'])), name='measure_kind_known'), models.CheckConstraint(condition=models.Q(('position__in', ['support', 'oppose', 'watch', 'neutral'])), name='measure_position_known')],
            },
        ),
        migrations.CreateModel(
            name='MeasureImport',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='measure_imports', to='contacts.organization')),
                ('source', models.CharField(choices=[('csv', 'Table (CSV)'), ('openstates', 'Open States bills (JSON or zip)')], max_length=10, verbose_name='kind of file')),
                ('name', models.CharField(max_length=120)),
                ('issue', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='policy.issue', verbose_name='issue')),
                ('only', models.CharField(blank=True, max_length=400, verbose_name='only these numbers')),
                ('data', models.BinaryField(null=True)),
                ('result', models.JSONField(default=dict)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField()),
                ('applied_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Brief',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='briefs', to='contacts.organization')),
                ('kind', models.CharField(choices=[('issue', 'Issue brief'), ('leave_behind', 'Legislator leave-behind'), ('report', 'Campaign report'), ('delivery', 'Petition to hand over'), ('district', 'District sheet')], max_length=14, verbose_name='kind')),
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='briefs', to='policy.issue')),
                ('measure', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='briefs', to='policy.measure')),
                ('legislator', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='briefs', to='contacts.legislator')),
                ('subject', models.CharField(max_length=80)),
                ('language', models.CharField(default='en', max_length=10, verbose_name='language')),
                ('paper', models.CharField(choices=[('letter', 'Letter'), ('a4', 'A4')], default='letter', max_length=6, verbose_name='paper')),
                ('title', models.CharField(max_length=240)),
                ('content', models.JSONField(help_text='The sections it is made of, as plain data.')),
                ('content_hash', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('building', 'Being made'), ('ready', 'Ready'), ('failed', 'Could not be made')], default='building', max_length=8)),
                ('error', models.CharField(blank=True, max_length=300)),
                ('pdf', models.BinaryField(blank=True, null=True)),
                ('page_count', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('requested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField()),
                ('built_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-created_at'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'content_hash'), name='brief_once_per_content'), models.CheckConstraint(condition=models.Q(('kind__in', ['issue', 'leave_behind', 'report', 'delivery', 'district'])), name='brief_kind_known'), models.CheckConstraint(condition=models.Q(('state__in', ['building', 'ready', 'failed'])), name='brief_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'ready'), _negated=True), models.Q(('built_at__isnull', False), ('pdf__isnull', False)), _connector='OR'), name='brief_ready_has_pdf')],
            },
        ),
        migrations.CreateModel(
            name='EvidenceVersion',
            fields=[
                ('claim', models.CharField(max_length=300, verbose_name='claim')),
                ('figure', models.CharField(help_text='As printed, e.g. 41.', max_length=40, verbose_name='figure')),
                ('unit', models.CharField(blank=True, max_length=60, verbose_name='unit')),
                ('source_title', models.CharField(max_length=240, verbose_name='source')),
                ('source_url', models.URLField(verbose_name='link to the source')),
                ('published_on', models.DateField(verbose_name='published on')),
                ('retrieved_on', models.DateField(verbose_name='read on')),
                ('is_example', models.BooleanField(default=False, verbose_name='invented example')),
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('evidence', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='policy.evidence')),
                ('replaced_at', models.DateTimeField()),
                ('replaced_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-replaced_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Follow',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='follows', to=settings.AUTH_USER_MODEL)),
                ('measure', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='followers', to='policy.measure')),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'measure'), name='follow_once_per_measure')],
            },
        ),
        migrations.CreateModel(
            name='IndicatorValue',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='values_by_place', to='policy.indicator')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.division')),
                ('period', models.CharField(help_text='2024, 2024-Q3 or 2024-07.', max_length=10)),
                ('starts_on', models.DateField(help_text="The period's first day, to sort by.")),
                ('value', models.DecimalField(blank=True, decimal_places=4, max_digits=16, null=True)),
                ('source', models.CharField(max_length=240)),
                ('source_url', models.URLField(blank=True, max_length=500)),
                ('imported_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['indicator', '-starts_on'], name='indicator_newest')],
                'constraints': [models.UniqueConstraint(fields=('indicator', 'division', 'period'), name='indicator_value_once_per_place_and_period'), models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='indicator_value_has_source')],
            },
        ),
        migrations.CreateModel(
            name='MeasureDate',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('measure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dates', to='policy.measure')),
                ('kind', models.CharField(choices=[('hearing', 'Hearing'), ('committee_vote', 'Committee vote'), ('vote', 'Vote'), ('deadline', 'Deadline for comments')], max_length=14, verbose_name='kind')),
                ('on', models.DateField(verbose_name='day')),
                ('starts_at', models.TimeField(blank=True, null=True, verbose_name='from')),
                ('ends_at', models.TimeField(blank=True, null=True, verbose_name='until')),
                ('time_zone', models.CharField(max_length=60, verbose_name='time zone')),
                ('chamber', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.chamber', verbose_name='chamber or committee')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='place')),
                ('link', models.URLField(blank=True, max_length=500, verbose_name='link')),
                ('note', models.CharField(blank=True, max_length=240, verbose_name='note')),
                ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                ('cancelled_because', models.CharField(blank=True, max_length=240, verbose_name='why it is cancelled')),
                ('sequence', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['on', 'starts_at', 'id'],
                'indexes': [models.Index(fields=['on'], name='measure_date_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['hearing', 'committee_vote', 'vote', 'deadline'])), name='measure_date_kind_known'), models.CheckConstraint(condition=models.Q(('ends_at__isnull', True), models.Q(('ends_at__gt', models.F('starts_at')), ('starts_at__isnull', False)), _connector='OR'), name='measure_date_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='MeasureEvent',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('measure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='policy.measure')),
                ('kind', models.CharField(choices=[('drafted', 'Drafted'), ('introduced', 'Introduced'), ('referred', 'Referred to committee'), ('heard', 'Heard'), ('amended', 'Amended'), ('passed_chamber', 'Passed a chamber'), ('passed', 'Passed'), ('adopted', 'Signed or adopted'), ('in_force', 'In force'), ('failed', 'Failed'), ('withdrawn', 'Withdrawn'), ('vetoed', 'Vetoed'), ('struck', 'Struck out')], max_length=14, verbose_name='milestone')),
                ('on', models.DateField(verbose_name='date')),
                ('chamber', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.chamber', verbose_name='chamber or committee')),
                ('note', models.CharField(blank=True, max_length=240, verbose_name='note')),
                ('source_url', models.URLField(max_length=500, verbose_name='source')),
                ('strikes', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='struck_by', to='policy.measureevent')),
                ('reason', models.CharField(blank=True, max_length=240, verbose_name='why it was wrong')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['on', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('strikes__isnull', True)), fields=('measure', 'kind', 'on', 'note'), name='measure_event_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['drafted', 'introduced', 'referred', 'heard', 'amended', 'passed_chamber', 'passed', 'adopted', 'in_force', 'failed', 'withdrawn', 'vetoed', 'struck'])), name='measure_event_kind_known'), models.CheckConstraint(condition=models.Q(('source_url', ''), _negated=True), name='measure_event_has_source'), models.CheckConstraint(condition=models.Q(('strikes__isnull', True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='measure_event_strikes_with_reason'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'struck'), _negated=True), ('strikes__isnull', False), _connector='OR'), name='measure_event_struck_names_which')],
            },
        ),
        migrations.CreateModel(
            name='MeasurePosition',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('measure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='positions', to='policy.measure')),
                ('position', models.CharField(choices=[('support', 'Support'), ('oppose', 'Oppose'), ('watch', 'Watch'), ('neutral', 'Neutral')], max_length=8, verbose_name='our position')),
                ('reasons', models.TextField(blank=True, verbose_name='our reasons')),
                ('on', models.DateField(verbose_name='since')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('position__in', ['support', 'oppose', 'watch', 'neutral'])), name='measure_position_history_known')],
            },
        ),
        migrations.CreateModel(
            name='RelatedMeasure',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('measure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='relations', to='policy.measure')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='relations_from_others', to='policy.measure')),
                ('kind', models.CharField(choices=[('companion', 'Companion of'), ('supersedes', 'Supersedes'), ('amends', 'Amends')], max_length=10, verbose_name='is')),
            ],
            options={
                'ordering': ['kind', 'id'],
                'constraints': [models.UniqueConstraint(fields=('measure', 'other', 'kind'), name='related_measure_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['companion', 'supersedes', 'amends'])), name='related_measure_kind_known'), models.CheckConstraint(condition=models.Q(('measure', models.F('other')), _negated=True), name='related_measure_is_another')],
            },
        ),
        migrations.CreateModel(
            name='Sponsorship',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('measure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sponsorships', to='policy.measure')),
                ('legislator', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sponsorships', to='contacts.legislator')),
                ('name', models.CharField(max_length=160, verbose_name='name')),
                ('kind', models.CharField(choices=[('primary', 'Sponsor'), ('cosponsor', 'Co-sponsor')], default='primary', max_length=9, verbose_name='kind')),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-kind', 'name', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('legislator__isnull', False)), fields=('measure', 'legislator'), name='sponsor_once_per_measure'), models.UniqueConstraint(condition=models.Q(('legislator__isnull', True)), fields=('measure', 'name'), name='sponsor_by_name_once_per_measure'), models.CheckConstraint(condition=models.Q(('kind__in', ['primary', 'cosponsor'])), name='sponsor_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='Stance',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stances', to='contacts.organization')),
                ('legislator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stances', to='contacts.legislator')),
                ('measure', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stances', to='policy.measure')),
                ('level', models.PositiveSmallIntegerField(blank=True, choices=[(1, 'Opposed'), (2, 'Leans against'), (3, 'Undecided'), (4, 'Supports'), (5, 'Champion')], null=True, verbose_name='stance')),
                ('on', models.DateField(verbose_name='date')),
                ('evidence', models.CharField(max_length=400, verbose_name='evidence')),
                ('source_url', models.URLField(blank=True, verbose_name='source')),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='policy.stance')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['organization', 'measure', 'legislator', '-on'], name='stance_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('level__in', [1, 2, 3, 4, 5])), name='stance_level_known'), models.CheckConstraint(condition=models.Q(('level__isnull', False), ('corrects__isnull', False), _connector='OR'), name='stance_empty_only_corrects'), models.CheckConstraint(condition=models.Q(('evidence', ''), _negated=True), name='stance_has_evidence')],
            },
        ),
        migrations.CreateModel(
            name='VoteRule',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('measure', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='vote_rules', to='policy.measure')),
                ('chamber', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.chamber')),
                ('majority', models.CharField(choices=[('simple', 'More than half of the members in office'), ('fifths_held', 'Three fifths of the members in office'), ('thirds_held', 'Two thirds of the members in office'), ('absolute', 'More than half of all seats'), ('three_fifths', 'Three fifths of all seats'), ('two_thirds', 'Two thirds of all seats')], max_length=12, verbose_name='votes needed')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('measure', 'chamber'), name='vote_rule_once_per_chamber'), models.CheckConstraint(condition=models.Q(('majority__in', ['simple', 'fifths_held', 'thirds_held', 'absolute', 'three_fifths', 'two_thirds'])), name='vote_rule_known')],
            },
        ),
        migrations.CreateModel(
            name='BriefSetItem',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('brief_set', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='policy.briefset')),
                ('position', models.PositiveSmallIntegerField()),
                ('legislator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.legislator')),
                ('label', models.CharField(help_text="The seat, as in the campaign's list.", max_length=200)),
                ('brief', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='policy.brief')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('ready', 'Ready'), ('failed', 'Could not be made')], default='waiting', max_length=7)),
                ('is_unchanged', models.BooleanField(default=False)),
                ('error', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('brief_set', 'legislator'), name='brief_set_one_item_a_legislator'), models.UniqueConstraint(fields=('brief_set', 'position'), name='brief_set_one_item_a_place'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'ready', 'failed'])), name='brief_set_item_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'ready'), _negated=True), ('brief__isnull', False), _connector='OR'), name='brief_set_item_ready_has_brief')],
            },
        ),
        migrations.RunPython(measures.keep, measures.let_go),
        migrations.RunPython(search.add_indexes, search.remove_indexes),
        migrations.RunPython(marks.replace_function(marks.FUNCTION), migrations.RunPython.noop),
    ]
