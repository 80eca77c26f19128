"""The tables as they are, for a fresh database. One that exists goes through the migrations that this one replaces."""

from importlib import import_module

import datetime
import django.db.models.deletion
import uuid
from contacts.migrations._at_once import AtOnce
from django.conf import settings
from django.db import migrations, models

measures = import_module("policy.migrations.0003_measures_tracked")
search = import_module("policy.migrations.0008_search")
marks = import_module("policy.migrations.0012_search_marks_and_majorities")



class Migration(migrations.Migration):

    replaces = [('policy', '0001_initial'), ('policy', '0002_stance_corrections_and_vote_rules'), ('policy', '0003_measures_tracked'), ('policy', '0004_calendar_of_measures'), ('policy', '0005_measure_imports'), ('policy', '0006_indicators'), ('policy', '0007_evidence_library'), ('policy', '0008_search'), ('policy', '0009_brief_sets_and_kinds'), ('policy', '0010_digests'), ('policy', '0011_brief_logos'), ('policy', '0012_search_marks_and_majorities'), ('policy', '0013_copies_and_recalls_of_briefs'), ('policy', '0014_older_versions_with_quotes_are_recalled'), ('policy', '0015_briefs_of_uncounted_signatures'), ('policy', '0016_directory_of_help'), ('policy', '0017_issue_pages')]

    initial = True

    dependencies = [
        ('contacts', '0001_squashed_to_0013'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce([
        migrations.CreateModel(
            name='Brief',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('issue', 'Issue brief'), ('leave_behind', 'Legislator leave-behind'), ('report', 'Campaign report'), ('delivery', 'Petition to hand over'), ('district', 'District sheet')], max_length=14, verbose_name='kind')),
                ('subject', models.CharField(max_length=80)),
                ('language', models.CharField(default='en', max_length=10, verbose_name='language')),
                ('paper', models.CharField(choices=[('letter', 'Letter'), ('a4', 'A4')], default='letter', max_length=6, verbose_name='paper')),
                ('title', models.CharField(max_length=240)),
                ('content', models.JSONField(help_text='The sections it is made of, as plain data.')),
                ('content_hash', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('building', 'Being made'), ('ready', 'Ready'), ('failed', 'Could not be made'), ('recalled', 'Taken back')], default='building', max_length=8)),
                ('error', models.CharField(blank=True, max_length=300)),
                ('pdf', models.BinaryField(blank=True, null=True)),
                ('page_count', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
                ('built_at', models.DateTimeField(blank=True, null=True)),
                ('recalled_at', models.DateTimeField(blank=True, null=True)),
                ('recall_reason', models.CharField(blank=True, choices=[('pledge', 'Somebody whose words or name it prints has taken their pledge back.'), ('words', 'Somebody whose words it prints no longer agrees to that.'), ('name', 'Somebody whose name it prints no longer agrees to that.'), ('erased', 'Somebody whose words or name it prints had their data erased.'), ('older', 'It was made before versions knew whose words and names they print.'), ('count', 'A signature whose words or name it prints is not counted any more.')], max_length=6)),
                ('legislator', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='briefs', to='contacts.legislator')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='briefs', to='contacts.organization')),
                ('requested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='BriefSet',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('subject', models.CharField(max_length=80)),
                ('title', models.CharField(max_length=240)),
                ('language', models.CharField(default='en', max_length=10, verbose_name='language')),
                ('paper', models.CharField(choices=[('letter', 'Letter'), ('a4', 'A4')], default='letter', max_length=6, verbose_name='paper')),
                ('state', models.CharField(choices=[('running', 'Being made'), ('done', 'Ready'), ('cancelled', 'Cancelled')], default='running', max_length=9)),
                ('vacant_count', models.PositiveSmallIntegerField(default=0, help_text='Seats nobody holds now.')),
                ('created_at', models.DateTimeField()),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='brief_sets', to='contacts.organization')),
                ('requested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='BriefSetItem',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('position', models.PositiveSmallIntegerField()),
                ('label', models.CharField(help_text="The seat, as in the campaign's list.", max_length=200)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('ready', 'Ready'), ('failed', 'Could not be made')], default='waiting', max_length=7)),
                ('is_unchanged', models.BooleanField(default=False)),
                ('error', models.CharField(blank=True, max_length=300)),
                ('brief', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='policy.brief')),
                ('brief_set', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='policy.briefset')),
                ('legislator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.legislator')),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='BriefWording',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('subject', models.CharField(max_length=80)),
                ('language', models.CharField(max_length=10, verbose_name='language')),
                ('summary', models.TextField(blank=True, max_length=1000, verbose_name='in short')),
                ('points', models.TextField(blank=True, max_length=5000, verbose_name='talking points')),
                ('changed_at', models.DateTimeField()),
                ('changed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='brief_wordings', to='contacts.organization')),
            ],
        ),
        migrations.CreateModel(
            name='CalendarFeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1)),
                ('renewed_at', models.DateTimeField()),
                ('organization', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='calendar_feed', to='contacts.organization')),
            ],
        ),
        migrations.CreateModel(
            name='Digest',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('period', models.CharField(max_length=10)),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('state', models.CharField(choices=[('queued', 'Waiting'), ('sending', 'Being sent'), ('sent', 'Handed over'), ('empty', 'Nothing had changed'), ('uncertain', 'Uncertain'), ('failed', 'Failed'), ('dropped', 'No longer wanted')], default='queued', max_length=9)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('not_before', models.DateTimeField()),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('last_reply', models.CharField(blank=True, max_length=300)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.organization')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='DigestWish',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('rhythm', models.CharField(choices=[('daily', 'Every day on which something changed'), ('weekly', 'Once a week, when something changed'), ('off', 'Never')], max_length=6, verbose_name='how often')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.organization')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
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
                ('key', models.SlugField(help_text='Letters cite it by this name, which stays.', max_length=60, verbose_name='short name')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                ('division', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.division', verbose_name='place')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='contacts.organization')),
            ],
            options={
                'ordering': ['position', 'id'],
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
                ('replaced_at', models.DateTimeField()),
                ('evidence', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='policy.evidence')),
                ('replaced_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-replaced_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Indicator',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('key', models.SlugField(help_text='Names it in commands and files.', max_length=60, verbose_name='short name')),
                ('name', models.CharField(max_length=160, verbose_name='what it counts')),
                ('unit', models.CharField(help_text='As printed after the figure, e.g. days or %.', max_length=40, verbose_name='unit')),
                ('better', models.CharField(choices=[('lower', 'Lower figures'), ('higher', 'Higher figures')], default='lower', max_length=6, verbose_name='better are')),
                ('target', models.DecimalField(blank=True, decimal_places=4, max_digits=16, null=True, verbose_name='target')),
                ('target_source', models.CharField(blank=True, max_length=240, verbose_name='source of the target')),
                ('created_at', models.DateTimeField()),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='indicators', to='contacts.organization')),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='IndicatorValue',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('period', models.CharField(help_text='2024, 2024-Q3 or 2024-07.', max_length=10)),
                ('starts_on', models.DateField(help_text="The period's first day, to sort by.")),
                ('value', models.DecimalField(blank=True, decimal_places=4, max_digits=16, null=True)),
                ('source', models.CharField(max_length=240)),
                ('source_url', models.URLField(blank=True, max_length=500)),
                ('imported_at', models.DateTimeField()),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.division')),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='values_by_place', to='policy.indicator')),
            ],
        ),
        migrations.CreateModel(
            name='Issue',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=160, verbose_name='title')),
                ('slug', models.SlugField(max_length=80)),
                ('summary', models.CharField(help_text='One or two sentences.', max_length=400, verbose_name='summary')),
                ('body', models.TextField(blank=True, help_text='Markdown.', verbose_name='background')),
                ('is_public', models.BooleanField(default=False, verbose_name='has a page for everybody')),
                ('created_at', models.DateTimeField()),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='issues', to='contacts.organization')),
            ],
            options={
                'ordering': ['title'],
            },
        ),
        migrations.AddField(
            model_name='indicator',
            name='issue',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='indicators', to='policy.issue', verbose_name='issue'),
        ),
        migrations.AddField(
            model_name='evidence',
            name='issue',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evidence', to='policy.issue', verbose_name='issue'),
        ),
        migrations.AddField(
            model_name='brief',
            name='issue',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='briefs', to='policy.issue'),
        ),
        migrations.CreateModel(
            name='Logo',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('sha256', models.CharField(max_length=64)),
                ('png', models.BinaryField(help_text='Drawn anew from what was uploaded.')),
                ('is_current', models.BooleanField(default=True)),
                ('uploaded_at', models.DateTimeField()),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='logos', to='contacts.organization')),
            ],
        ),
        migrations.CreateModel(
            name='Measure',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
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
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='measures', to='policy.issue', verbose_name='issue')),
                ('jurisdiction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='measures', to='contacts.jurisdiction', verbose_name='jurisdiction')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='measures', to='contacts.organization')),
            ],
            options={
                'ordering': ['identifier'],
            },
        ),
        migrations.CreateModel(
            name='Follow',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField()),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='follows', to=settings.AUTH_USER_MODEL)),
                ('measure', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='followers', to='policy.measure')),
            ],
        ),
        migrations.AddField(
            model_name='brief',
            name='measure',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='briefs', to='policy.measure'),
        ),
        migrations.CreateModel(
            name='MeasureDate',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('hearing', 'Hearing'), ('committee_vote', 'Committee vote'), ('vote', 'Vote'), ('deadline', 'Deadline for comments')], max_length=14, verbose_name='kind')),
                ('on', models.DateField(verbose_name='day')),
                ('starts_at', models.TimeField(blank=True, null=True, verbose_name='from')),
                ('ends_at', models.TimeField(blank=True, null=True, verbose_name='until')),
                ('time_zone', models.CharField(max_length=60, verbose_name='time zone')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='place')),
                ('link', models.URLField(blank=True, max_length=500, verbose_name='link')),
                ('note', models.CharField(blank=True, max_length=240, verbose_name='note')),
                ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                ('cancelled_because', models.CharField(blank=True, max_length=240, verbose_name='why it is cancelled')),
                ('sequence', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('chamber', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.chamber', verbose_name='chamber or committee')),
                ('measure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dates', to='policy.measure')),
            ],
            options={
                'ordering': ['on', 'starts_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='MeasureEvent',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('drafted', 'Drafted'), ('introduced', 'Introduced'), ('referred', 'Referred to committee'), ('heard', 'Heard'), ('amended', 'Amended'), ('passed_chamber', 'Passed a chamber'), ('passed', 'Passed'), ('adopted', 'Signed or adopted'), ('in_force', 'In force'), ('failed', 'Failed'), ('withdrawn', 'Withdrawn'), ('vetoed', 'Vetoed'), ('struck', 'Struck out')], max_length=14, verbose_name='milestone')),
                ('on', models.DateField(verbose_name='date')),
                ('note', models.CharField(blank=True, max_length=240, verbose_name='note')),
                ('source_url', models.URLField(max_length=500, verbose_name='source')),
                ('reason', models.CharField(blank=True, max_length=240, verbose_name='why it was wrong')),
                ('recorded_at', models.DateTimeField()),
                ('chamber', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.chamber', verbose_name='chamber or committee')),
                ('measure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='policy.measure')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('strikes', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='struck_by', to='policy.measureevent')),
            ],
            options={
                'ordering': ['on', 'id'],
            },
        ),
        migrations.CreateModel(
            name='MeasureImport',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('source', models.CharField(choices=[('csv', 'Table (CSV)'), ('openstates', 'Open States bills (JSON or zip)')], max_length=10, verbose_name='kind of file')),
                ('name', models.CharField(max_length=120)),
                ('only', models.CharField(blank=True, max_length=400, verbose_name='only these numbers')),
                ('data', models.BinaryField(null=True)),
                ('result', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField()),
                ('applied_at', models.DateTimeField(blank=True, null=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('issue', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='policy.issue', verbose_name='issue')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='measure_imports', to='contacts.organization')),
            ],
        ),
        migrations.CreateModel(
            name='MeasurePosition',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('position', models.CharField(choices=[('support', 'Support'), ('oppose', 'Oppose'), ('watch', 'Watch'), ('neutral', 'Neutral')], max_length=8, verbose_name='our position')),
                ('reasons', models.TextField(blank=True, verbose_name='our reasons')),
                ('on', models.DateField(verbose_name='since')),
                ('recorded_at', models.DateTimeField()),
                ('measure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='positions', to='policy.measure')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Myth',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('myth', models.CharField(max_length=200, verbose_name='what people say')),
                ('fact', models.CharField(max_length=400, verbose_name='what is so')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                ('evidence', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='myths', to='policy.evidence', verbose_name='what shows it')),
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='myths', to='policy.issue')),
            ],
            options={
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='RelatedMeasure',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('companion', 'Companion of'), ('supersedes', 'Supersedes'), ('amends', 'Amends')], max_length=10, verbose_name='is')),
                ('measure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='relations', to='policy.measure')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='relations_from_others', to='policy.measure')),
            ],
            options={
                'ordering': ['kind', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Resource',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('helpline', 'Helpline'), ('group', 'Support group'), ('service', 'Service')], max_length=10, verbose_name='kind')),
                ('is_emergency', models.BooleanField(default=False, verbose_name='for people in danger now')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('description', models.CharField(blank=True, max_length=600, verbose_name='description')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='phone')),
                ('text_number', models.CharField(blank=True, max_length=40, verbose_name='number for text messages')),
                ('text_words', models.CharField(blank=True, max_length=60, verbose_name='what to text')),
                ('chat', models.URLField(blank=True, verbose_name='chat')),
                ('website', models.URLField(blank=True, verbose_name='website')),
                ('address', models.CharField(blank=True, max_length=240, verbose_name='address to come to')),
                ('is_always_open', models.BooleanField(default=False, verbose_name='always open')),
                ('hours', models.CharField(blank=True, max_length=240, verbose_name='more on the hours')),
                ('time_zone', models.CharField(default='UTC', max_length=60, verbose_name='time zone')),
                ('languages', models.CharField(blank=True, max_length=240, verbose_name='languages')),
                ('audience', models.CharField(blank=True, max_length=240, verbose_name='for whom')),
                ('eligibility', models.CharField(blank=True, max_length=300, verbose_name='who may use it')),
                ('cost', models.CharField(blank=True, choices=[('free', 'Free'), ('scale', 'Pay what you can'), ('paid', 'Costs money')], max_length=6, verbose_name='cost')),
                ('cost_note', models.CharField(blank=True, max_length=240, verbose_name='more on the cost')),
                ('verified_on', models.DateField(blank=True, null=True, verbose_name='last verified on')),
                ('recorded_on', models.DateField(editable=False)),
                ('is_listed', models.BooleanField(default=True, verbose_name='shown on pages and in briefs')),
                ('is_example', models.BooleanField(default=False, verbose_name='invented example')),
                ('external_id', models.CharField(blank=True, editable=False, max_length=120)),
                ('division', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.division', verbose_name='place')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='resources', to='contacts.organization')),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='OpeningHours',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('weekday', models.PositiveSmallIntegerField(help_text='Monday is 0.')),
                ('opens', models.TimeField()),
                ('closes', models.TimeField()),
                ('resource', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='opening', to='policy.resource')),
            ],
            options={
                'ordering': ['weekday', 'opens'],
            },
        ),
        migrations.CreateModel(
            name='ShareText',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('language', models.CharField(max_length=10, verbose_name='language')),
                ('headline', models.CharField(max_length=120, verbose_name='words on the picture')),
                ('text', models.CharField(max_length=500, verbose_name='text to copy')),
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='share_texts', to='policy.issue')),
            ],
            options={
                'ordering': ['language'],
            },
        ),
        migrations.CreateModel(
            name='Sponsorship',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=160, verbose_name='name')),
                ('kind', models.CharField(choices=[('primary', 'Sponsor'), ('cosponsor', 'Co-sponsor')], default='primary', max_length=9, verbose_name='kind')),
                ('recorded_at', models.DateTimeField()),
                ('legislator', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sponsorships', to='contacts.legislator')),
                ('measure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sponsorships', to='policy.measure')),
            ],
            options={
                'ordering': ['-kind', 'name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Stance',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('level', models.PositiveSmallIntegerField(blank=True, choices=[(1, 'Opposed'), (2, 'Leans against'), (3, 'Undecided'), (4, 'Supports'), (5, 'Champion')], null=True, verbose_name='stance')),
                ('on', models.DateField(verbose_name='date')),
                ('evidence', models.CharField(max_length=400, verbose_name='evidence')),
                ('source_url', models.URLField(blank=True, verbose_name='source')),
                ('recorded_at', models.DateTimeField()),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='policy.stance')),
                ('legislator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stances', to='contacts.legislator')),
                ('measure', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stances', to='policy.measure')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stances', to='contacts.organization')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Toolkit',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('language', models.CharField(max_length=10, verbose_name='language')),
                ('kind', models.CharField(choices=[('pdf', 'PDF'), ('zip', 'ZIP')], max_length=3)),
                ('content', models.BinaryField()),
                ('size', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('added_at', models.DateTimeField()),
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='toolkits', to='policy.issue')),
            ],
            options={
                'ordering': ['title', 'id'],
            },
        ),
        migrations.CreateModel(
            name='VoteRule',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('majority', models.CharField(choices=[('simple', 'More than half of the members in office'), ('fifths_held', 'Three fifths of the members in office'), ('thirds_held', 'Two thirds of the members in office'), ('absolute', 'More than half of all seats'), ('three_fifths', 'Three fifths of all seats'), ('two_thirds', 'Two thirds of all seats')], max_length=12, verbose_name='votes needed')),
                ('chamber', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.chamber')),
                ('measure', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='vote_rules', to='policy.measure')),
            ],
        ),
        migrations.CreateModel(
            name='BriefCopy',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('file', 'Downloaded'), ('zip', 'Downloaded in a zip'), ('print', 'Downloaded to print'), ('handed', 'Handed over')], max_length=6)),
                ('to_whom', models.CharField(blank=True, max_length=160, verbose_name='to whom')),
                ('on', models.DateField(verbose_name='on')),
                ('noted_at', models.DateTimeField()),
                ('brief', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='copies', to='policy.brief')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-noted_at', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['file', 'zip', 'print', 'handed'])), name='brief_copy_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'handed'), models.Q(('to_whom', ''), _negated=True)), models.Q(models.Q(('kind', 'handed'), _negated=True), ('to_whom', '')), _connector='OR'), name='brief_copy_handed_says_to_whom')],
            },
        ),
        migrations.CreateModel(
            name='BriefMention',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('of', models.CharField(max_length=80)),
                ('kind', models.CharField(choices=[('words', 'Words'), ('name', 'Name')], max_length=5)),
                ('brief', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='policy.brief')),
            ],
            options={
                'indexes': [models.Index(fields=['of'], name='brief_mention_of')],
                'constraints': [models.UniqueConstraint(fields=('brief', 'of', 'kind'), name='brief_mention_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['words', 'name'])), name='brief_mention_kind_known')],
            },
        ),
        migrations.AddConstraint(
            model_name='briefset',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['running', 'done', 'cancelled'])), name='brief_set_state_known'),
        ),
        migrations.AddConstraint(
            model_name='briefset',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'running'), ('finished_at__isnull', False), _connector='OR'), name='brief_set_over_has_moment'),
        ),
        migrations.AddConstraint(
            model_name='briefset',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'running')), fields=('organization', 'subject', 'language', 'paper'), name='brief_set_runs_once'),
        ),
        migrations.AddConstraint(
            model_name='briefsetitem',
            constraint=models.UniqueConstraint(fields=('brief_set', 'legislator'), name='brief_set_one_item_a_legislator'),
        ),
        migrations.AddConstraint(
            model_name='briefsetitem',
            constraint=models.UniqueConstraint(fields=('brief_set', 'position'), name='brief_set_one_item_a_place'),
        ),
        migrations.AddConstraint(
            model_name='briefsetitem',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'ready', 'failed'])), name='brief_set_item_state_known'),
        ),
        migrations.AddConstraint(
            model_name='briefsetitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'ready'), _negated=True), ('brief__isnull', False), _connector='OR'), name='brief_set_item_ready_has_brief'),
        ),
        migrations.AddConstraint(
            model_name='briefwording',
            constraint=models.UniqueConstraint(fields=('organization', 'subject', 'language'), name='brief_wording_once_per_language'),
        ),
        migrations.AddIndex(
            model_name='digest',
            index=models.Index(condition=models.Q(('state__in', ['queued', 'sending'])), fields=['not_before'], name='digest_due'),
        ),
        migrations.AddConstraint(
            model_name='digest',
            constraint=models.UniqueConstraint(fields=('user', 'organization', 'period'), name='digest_once_per_period'),
        ),
        migrations.AddConstraint(
            model_name='digest',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'sending', 'sent', 'empty', 'uncertain', 'failed', 'dropped'])), name='digest_state_known'),
        ),
        migrations.AddConstraint(
            model_name='digestwish',
            constraint=models.UniqueConstraint(fields=('user', 'organization'), name='digest_wish_once'),
        ),
        migrations.AddConstraint(
            model_name='digestwish',
            constraint=models.CheckConstraint(condition=models.Q(('rhythm__in', ['daily', 'weekly', 'off'])), name='digest_rhythm_known'),
        ),
        migrations.AddIndex(
            model_name='indicatorvalue',
            index=models.Index(fields=['indicator', '-starts_on'], name='indicator_newest'),
        ),
        migrations.AddConstraint(
            model_name='indicatorvalue',
            constraint=models.UniqueConstraint(fields=('indicator', 'division', 'period'), name='indicator_value_once_per_place_and_period'),
        ),
        migrations.AddConstraint(
            model_name='indicatorvalue',
            constraint=models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='indicator_value_has_source'),
        ),
        migrations.AddConstraint(
            model_name='issue',
            constraint=models.UniqueConstraint(fields=('organization', 'slug'), name='issue_slug_once_per_organization'),
        ),
        migrations.AddConstraint(
            model_name='indicator',
            constraint=models.UniqueConstraint(fields=('organization', 'key'), name='indicator_key_once'),
        ),
        migrations.AddConstraint(
            model_name='indicator',
            constraint=models.CheckConstraint(condition=models.Q(('better__in', ['lower', 'higher'])), name='indicator_better_known'),
        ),
        migrations.AddConstraint(
            model_name='indicator',
            constraint=models.CheckConstraint(condition=models.Q(('target__isnull', True), models.Q(('target_source', ''), _negated=True), _connector='OR'), name='indicator_target_has_source'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('source_title', ''), _negated=True), models.Q(('source_url', ''), _negated=True)), name='evidence_has_source'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.UniqueConstraint(fields=('organization', 'key'), name='evidence_key_once'),
        ),
        migrations.AddConstraint(
            model_name='logo',
            constraint=models.UniqueConstraint(fields=('organization', 'sha256'), name='logo_once_per_organization'),
        ),
        migrations.AddConstraint(
            model_name='logo',
            constraint=models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('organization',), name='logo_one_is_current'),
        ),
        migrations.AddConstraint(
            model_name='measure',
            constraint=models.UniqueConstraint(fields=('organization', 'jurisdiction', 'session', 'identifier'), name='measure_once_per_session'),
        ),
        migrations.AddConstraint(
            model_name='measure',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['bill', 'motion', 'regulation', 'budget_line', 'bylaw', 'treaty'])), name='measure_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='measure',
            constraint=models.CheckConstraint(condition=models.Q(('position__in', ['support', 'oppose', 'watch', 'neutral'])), name='measure_position_known'),
        ),
        migrations.AddConstraint(
            model_name='follow',
            constraint=models.UniqueConstraint(fields=('user', 'measure'), name='follow_once_per_measure'),
        ),
        migrations.AddConstraint(
            model_name='brief',
            constraint=models.UniqueConstraint(fields=('organization', 'content_hash'), name='brief_once_per_content'),
        ),
        migrations.AddConstraint(
            model_name='brief',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['issue', 'leave_behind', 'report', 'delivery', 'district'])), name='brief_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='brief',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['building', 'ready', 'failed', 'recalled'])), name='brief_state_known'),
        ),
        migrations.AddConstraint(
            model_name='brief',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'ready'), _negated=True), models.Q(('built_at__isnull', False), ('pdf__isnull', False)), _connector='OR'), name='brief_ready_has_pdf'),
        ),
        migrations.AddConstraint(
            model_name='brief',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('content', {}), ('pdf__isnull', True), ('recalled_at__isnull', False), ('state', 'recalled'), models.Q(('recall_reason', ''), _negated=True)), models.Q(models.Q(('state', 'recalled'), _negated=True), ('recall_reason', ''), ('recalled_at__isnull', True)), _connector='OR'), name='brief_recalled_has_nothing'),
        ),
        migrations.AddIndex(
            model_name='measuredate',
            index=models.Index(fields=['on'], name='measure_date_day'),
        ),
        migrations.AddConstraint(
            model_name='measuredate',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['hearing', 'committee_vote', 'vote', 'deadline'])), name='measure_date_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='measuredate',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__isnull', True), models.Q(('ends_at__gt', models.F('starts_at')), ('starts_at__isnull', False)), _connector='OR'), name='measure_date_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='measureevent',
            constraint=models.UniqueConstraint(condition=models.Q(('strikes__isnull', True)), fields=('measure', 'kind', 'on', 'note'), name='measure_event_once'),
        ),
        migrations.AddConstraint(
            model_name='measureevent',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['drafted', 'introduced', 'referred', 'heard', 'amended', 'passed_chamber', 'passed', 'adopted', 'in_force', 'failed', 'withdrawn', 'vetoed', 'struck'])), name='measure_event_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='measureevent',
            constraint=models.CheckConstraint(condition=models.Q(('source_url', ''), _negated=True), name='measure_event_has_source'),
        ),
        migrations.AddConstraint(
            model_name='measureevent',
            constraint=models.CheckConstraint(condition=models.Q(('strikes__isnull', True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='measure_event_strikes_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='measureevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'struck'), _negated=True), ('strikes__isnull', False), _connector='OR'), name='measure_event_struck_names_which'),
        ),
        migrations.AddConstraint(
            model_name='measureposition',
            constraint=models.CheckConstraint(condition=models.Q(('position__in', ['support', 'oppose', 'watch', 'neutral'])), name='measure_position_history_known'),
        ),
        migrations.AddConstraint(
            model_name='myth',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('myth', ''), _negated=True), models.Q(('fact', ''), _negated=True)), name='myth_has_fact'),
        ),
        migrations.AddConstraint(
            model_name='relatedmeasure',
            constraint=models.UniqueConstraint(fields=('measure', 'other', 'kind'), name='related_measure_once'),
        ),
        migrations.AddConstraint(
            model_name='relatedmeasure',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['companion', 'supersedes', 'amends'])), name='related_measure_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='relatedmeasure',
            constraint=models.CheckConstraint(condition=models.Q(('measure', models.F('other')), _negated=True), name='related_measure_is_another'),
        ),
        migrations.AddConstraint(
            model_name='resource',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['helpline', 'group', 'service'])), name='resource_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='resource',
            constraint=models.CheckConstraint(condition=models.Q(('cost__in', ['', 'free', 'scale', 'paid'])), name='resource_cost_known'),
        ),
        migrations.AddConstraint(
            model_name='resource',
            constraint=models.CheckConstraint(condition=models.Q(('address', ''), ('chat', ''), ('phone', ''), ('text_number', ''), ('website', ''), _negated=True), name='resource_can_be_reached'),
        ),
        migrations.AddConstraint(
            model_name='resource',
            constraint=models.CheckConstraint(condition=models.Q(('text_words', ''), models.Q(('text_number', ''), _negated=True), _connector='OR'), name='resource_words_have_a_number'),
        ),
        migrations.AddConstraint(
            model_name='resource',
            constraint=models.CheckConstraint(condition=models.Q(('is_emergency', False), models.Q(('phone', ''), ('text_number', ''), _negated=True), _connector='OR'), name='resource_emergency_has_a_number'),
        ),
        migrations.AddConstraint(
            model_name='resource',
            constraint=models.CheckConstraint(condition=models.Q(('time_zone', ''), _negated=True), name='resource_has_a_clock'),
        ),
        migrations.AddConstraint(
            model_name='resource',
            constraint=models.CheckConstraint(condition=models.Q(('verified_on__isnull', True), ('verified_on__lte', models.F('recorded_on')), _connector='OR'), name='resource_not_verified_in_future'),
        ),
        migrations.AddConstraint(
            model_name='resource',
            constraint=models.UniqueConstraint(condition=models.Q(('external_id', ''), _negated=True), fields=('organization', 'external_id'), name='resource_once_per_source'),
        ),
        migrations.AddConstraint(
            model_name='openinghours',
            constraint=models.CheckConstraint(condition=models.Q(('weekday__lte', 6)), name='opening_weekday_known'),
        ),
        migrations.AddConstraint(
            model_name='openinghours',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('opens', models.F('closes')), _negated=True), ('opens', datetime.time(0, 0)), _connector='OR'), name='opening_has_a_length'),
        ),
        migrations.AddConstraint(
            model_name='openinghours',
            constraint=models.UniqueConstraint(fields=('resource', 'weekday', 'opens'), name='opening_once_per_beginning'),
        ),
        migrations.AddConstraint(
            model_name='sharetext',
            constraint=models.UniqueConstraint(fields=('issue', 'language'), name='share_text_once_per_language'),
        ),
        migrations.AddConstraint(
            model_name='sharetext',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('headline', ''), _negated=True), models.Q(('text', ''), _negated=True)), name='share_text_has_words'),
        ),
        migrations.AddConstraint(
            model_name='sponsorship',
            constraint=models.UniqueConstraint(condition=models.Q(('legislator__isnull', False)), fields=('measure', 'legislator'), name='sponsor_once_per_measure'),
        ),
        migrations.AddConstraint(
            model_name='sponsorship',
            constraint=models.UniqueConstraint(condition=models.Q(('legislator__isnull', True)), fields=('measure', 'name'), name='sponsor_by_name_once_per_measure'),
        ),
        migrations.AddConstraint(
            model_name='sponsorship',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['primary', 'cosponsor'])), name='sponsor_kind_known'),
        ),
        migrations.AddIndex(
            model_name='stance',
            index=models.Index(fields=['organization', 'measure', 'legislator', '-on'], name='stance_newest'),
        ),
        migrations.AddConstraint(
            model_name='stance',
            constraint=models.CheckConstraint(condition=models.Q(('level__in', [1, 2, 3, 4, 5])), name='stance_level_known'),
        ),
        migrations.AddConstraint(
            model_name='stance',
            constraint=models.CheckConstraint(condition=models.Q(('level__isnull', False), ('corrects__isnull', False), _connector='OR'), name='stance_empty_only_corrects'),
        ),
        migrations.AddConstraint(
            model_name='stance',
            constraint=models.CheckConstraint(condition=models.Q(('evidence', ''), _negated=True), name='stance_has_evidence'),
        ),
        migrations.AddConstraint(
            model_name='toolkit',
            constraint=models.UniqueConstraint(fields=('issue', 'sha256'), name='toolkit_file_once_per_issue'),
        ),
        migrations.AddConstraint(
            model_name='toolkit',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['pdf', 'zip'])), name='toolkit_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='voterule',
            constraint=models.UniqueConstraint(fields=('measure', 'chamber'), name='vote_rule_once_per_chamber'),
        ),
        migrations.AddConstraint(
            model_name='voterule',
            constraint=models.CheckConstraint(condition=models.Q(('majority__in', ['simple', 'fifths_held', 'thirds_held', 'absolute', 'three_fifths', 'two_thirds'])), name='vote_rule_known'),
        ),
        ]),
        migrations.RunPython(measures.keep, measures.let_go),
        migrations.RunPython(search.add_indexes, search.remove_indexes),
        migrations.RunPython(marks.replace_function(marks.FUNCTION), migrations.RunPython.noop),
    ]
