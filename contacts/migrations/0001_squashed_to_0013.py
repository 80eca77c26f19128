"""The tables as they are, for a fresh database. One that exists goes through the migrations that this one replaces."""

from importlib import import_module

import datetime
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import uuid
from contacts.migrations._at_once import AtOnce
from django.conf import settings
from django.db import migrations, models

clock = import_module("contacts.migrations.0002_clock_row")



class Migration(migrations.Migration):

    replaces = [('contacts', '0001_initial'), ('contacts', '0002_clock_row'), ('contacts', '0003_contact_point_source'), ('contacts', '0004_recess'), ('contacts', '0005_evidence_days'), ('contacts', '0006_stop_by_one_way'), ('contacts', '0007_wishes_of_supporters'), ('contacts', '0008_sites_that_embed'), ('contacts', '0009_tags_jobs_and_merges'), ('contacts', '0010_jobs_that_mail_news'), ('contacts', '0011_second_person_opens'), ('contacts', '0012_age_of_help'), ('contacts', '0013_jobs_that_thank')]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        AtOnce([
        migrations.CreateModel(
            name='Legislator',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=160)),
                ('given_name', models.CharField(blank=True, max_length=80)),
                ('family_name', models.CharField(blank=True, max_length=80)),
                ('prefix', models.CharField(blank=True, help_text='How the person is addressed, e.g. Dr.', max_length=40)),
                ('photo_url', models.URLField(blank=True, max_length=500)),
                ('website', models.URLField(blank=True, max_length=500)),
            ],
            options={
                'ordering': ['family_name', 'name'],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='mail address')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='name')),
                ('language', models.CharField(blank=True, max_length=10, verbose_name='language')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('is_staff', models.BooleanField(default=False, help_text="May open the operators' admin.", verbose_name='operator')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
        ),
        migrations.CreateModel(
            name='Clock',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('offset', models.DurationField(default=datetime.timedelta(0))),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='clock_is_one_row')],
            },
        ),
        migrations.CreateModel(
            name='Division',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('ocd_id', models.CharField(max_length=200, unique=True)),
                ('name', models.CharField(max_length=160)),
                ('level', models.CharField(choices=[('local', 'Local'), ('regional', 'Regional'), ('national', 'National'), ('international', 'International')], max_length=14)),
                ('country', models.CharField(max_length=2)),
                ('time_zone', models.CharField(blank=True, help_text='IANA zone of most of the place.', max_length=60)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='contacts.division')),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('import', 'Import of supporters'), ('undo_import', 'Import taken back'), ('export', 'Export of supporters'), ('tag', 'Tag added'), ('untag', 'Tag removed'), ('invalidate', 'Signatures not counted'), ('restore', 'Signatures counted again'), ('news', 'News mailed'), ('thanks', 'People thanked')], max_length=12)),
                ('state', models.CharField(choices=[('draft', 'Being set up'), ('running', 'Under way'), ('waiting', 'Waits for you'), ('done', 'Done'), ('cancelled', 'Cancelled'), ('failed', 'Could not be done')], default='running', max_length=9)),
                ('title', models.CharField(max_length=160)),
                ('params', models.JSONField(default=dict)),
                ('cursor', models.JSONField(default=dict)),
                ('result', models.JSONField(default=dict)),
                ('done', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('error', models.CharField(blank=True, max_length=300)),
                ('crash_count', models.PositiveSmallIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('seen_at', models.DateTimeField(blank=True, null=True)),
                ('requested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='JobPart',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('role', models.CharField(max_length=6)),
                ('position', models.PositiveIntegerField()),
                ('data', models.BinaryField()),
                ('job', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='contacts.job')),
            ],
        ),
        migrations.CreateModel(
            name='Jurisdiction',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('ocd_id', models.CharField(max_length=200, unique=True)),
                ('name', models.CharField(max_length=160)),
                ('level', models.CharField(choices=[('local', 'Local'), ('regional', 'Regional'), ('national', 'National'), ('international', 'International')], max_length=14)),
                ('time_zone', models.CharField(default='UTC', help_text='IANA zone of its seat.', max_length=60)),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='jurisdictions', to='contacts.division')),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Chamber',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('upper', 'Upper chamber'), ('lower', 'Lower chamber'), ('unicameral', 'Single chamber'), ('committee', 'Committee'), ('executive', 'Executive'), ('council', 'Council')], max_length=12)),
                ('code', models.CharField(help_text='Stable code within the jurisdiction, e.g. upper or HSAG.', max_length=120)),
                ('name', models.CharField(max_length=200)),
                ('source', models.CharField(blank=True, help_text='The import scope that keeps it.', max_length=120)),
                ('ended_on', models.DateField(blank=True, null=True)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='committees', to='contacts.chamber')),
                ('jurisdiction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='chambers', to='contacts.jurisdiction')),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Identifier',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('scheme', models.CharField(max_length=30)),
                ('value', models.CharField(max_length=120)),
                ('legislator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='identifiers', to='contacts.legislator')),
            ],
        ),
        migrations.CreateModel(
            name='Office',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('capitol', 'Capitol office'), ('district', 'District office'), ('mail', 'Mail address')], max_length=10)),
                ('key', models.CharField(help_text="The source's own name of this office, unique per legislator.", max_length=120)),
                ('name', models.CharField(blank=True, max_length=160)),
                ('time_zone', models.CharField(blank=True, help_text="IANA zone; the jurisdiction's when empty.", max_length=60)),
                ('source', models.CharField(blank=True, help_text='The import scope that keeps it.', max_length=120)),
                ('legislator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offices', to='contacts.legislator')),
            ],
        ),
        migrations.CreateModel(
            name='ContactPoint',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('email', 'Mail address'), ('cwc', 'Communicating With Congress code'), ('postal', 'Postal address'), ('phone', 'Phone'), ('fax', 'Fax'), ('web_form', 'Web form')], max_length=10)),
                ('value', models.CharField(max_length=500)),
                ('health', models.CharField(choices=[('ok', 'Working'), ('suspect', 'Doubtful'), ('failing', 'Failing'), ('retired', 'Retired')], default='ok', max_length=8)),
                ('health_reason', models.CharField(blank=True, max_length=200)),
                ('health_changed_at', models.DateTimeField(blank=True, null=True)),
                ('source', models.CharField(blank=True, help_text='The import scope that keeps it; empty when added by hand.', max_length=120)),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contact_points', to='contacts.office')),
            ],
        ),
        migrations.CreateModel(
            name='Organization',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('slug', models.SlugField(max_length=60, unique=True)),
                ('about', models.TextField(blank=True, verbose_name='about')),
                ('website', models.URLField(blank=True, verbose_name='website')),
                ('email', models.EmailField(max_length=254, verbose_name='public mail address')),
                ('mail_domain', models.CharField(max_length=120, validators=[django.core.validators.RegexValidator('^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$', 'Enter a domain name.')], verbose_name='sending domain')),
                ('postal_address', models.TextField(blank=True, verbose_name='postal address')),
                ('privacy_url', models.URLField(blank=True, verbose_name='privacy notice')),
                ('accent', models.CharField(default='#0b6e5f', max_length=7, validators=[django.core.validators.RegexValidator('^#[0-9a-fA-F]{6}$', 'Write the colour as # and six hexadecimal digits.')], verbose_name='accent colour')),
                ('language', models.CharField(default='en', max_length=10, verbose_name='language')),
                ('time_zone', models.CharField(default='UTC', max_length=60, verbose_name='time zone')),
                ('country', models.CharField(default='us', max_length=2, verbose_name='country')),
                ('retention_days', models.PositiveIntegerField(default=730, verbose_name='days to keep data after a campaign ends')),
                ('evidence_days', models.PositiveIntegerField(default=730, help_text='Figures published longer ago are flagged where they are used.', verbose_name='days after which a figure is old')),
                ('second_person_opens', models.BooleanField(default=False, help_text="Whoever asks for the review can't open it; another owner or organizer does.", verbose_name='a second person looks before a campaign opens')),
                ('resource_days', models.PositiveIntegerField(default=180, help_text='A helpline or service that nobody verified for so long is hidden until somebody does. The list of helplines says which are near it.', validators=[django.core.validators.MinValueValidator(7), django.core.validators.MaxValueValidator(1825)], verbose_name='days after which help is no longer shown')),
                ('embed_origins', models.JSONField(blank=True, default=list)),
                ('is_partner_only', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('resource_days__gte', 7)), name='organization_hides_help_in_time')],
            },
        ),
        migrations.AddField(
            model_name='job',
            name='organization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='jobs', to='contacts.organization'),
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('verb', models.CharField(max_length=60)),
                ('object_kind', models.CharField(max_length=40)),
                ('object_id', models.CharField(max_length=40)),
                ('detail', models.JSONField(default=dict)),
                ('at', models.DateTimeField()),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='audit_entries', to='contacts.organization')),
            ],
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField()),
                ('last_used_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_tokens', to='contacts.organization')),
            ],
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('seat', models.CharField(blank=True, help_text='e.g. class 1, or 2 for the second of two seats.', max_length=40)),
                ('role', models.CharField(help_text='Title of the holder, e.g. Senator.', max_length=60)),
                ('label', models.CharField(max_length=200)),
                ('chamber', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='contacts.chamber')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='contacts.division')),
            ],
            options={
                'ordering': ['label'],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(blank=True, max_length=120)),
                ('party', models.CharField(blank=True, max_length=120)),
                ('start_on', models.DateField(blank=True, null=True)),
                ('end_on', models.DateField(blank=True, help_text='First day no longer in office; empty while in office.', null=True)),
                ('term_ends_on', models.DateField(blank=True, help_text='Last day of the published term.', null=True)),
                ('source', models.CharField(blank=True, help_text='The import scope that keeps it.', max_length=120)),
                ('chamber', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='contacts.chamber')),
                ('legislator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='contacts.legislator')),
                ('post', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='contacts.post')),
            ],
        ),
        migrations.CreateModel(
            name='PostalArea',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('country', models.CharField(max_length=2)),
                ('code', models.CharField(max_length=12)),
                ('weight', models.FloatField(blank=True, null=True)),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='postal_areas', to='contacts.division')),
            ],
        ),
        migrations.CreateModel(
            name='Recess',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('source', models.CharField(blank=True, help_text='Where it is published; a page or a file.', max_length=200, verbose_name='source')),
                ('uid', models.CharField(blank=True, help_text="The calendar's own name of the entry; empty when by hand.", max_length=255)),
                ('chamber', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recesses', to='contacts.chamber')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recesses', to='contacts.organization')),
            ],
            options={
                'ordering': ['starts_on', 'ends_on', 'name'],
            },
        ),
        migrations.CreateModel(
            name='Role',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(choices=[('owner', 'Owner'), ('organizer', 'Organizer'), ('staff', 'Staff'), ('reviewer', 'Reviewer')], max_length=12)),
                ('created_at', models.DateTimeField()),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roles', to='contacts.organization')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roles', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Supporter',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('email', models.EmailField(max_length=254, verbose_name='mail address')),
                ('canonical_email', models.CharField(max_length=254)),
                ('name_key', models.CharField(blank=True, help_text='Empty, except for a second person at one address.', max_length=80)),
                ('prefix', models.CharField(blank=True, max_length=20, verbose_name='title')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='phone')),
                ('street', models.CharField(blank=True, max_length=160, verbose_name='street and number')),
                ('city', models.CharField(blank=True, max_length=80, verbose_name='town or city')),
                ('region', models.CharField(blank=True, max_length=40, verbose_name='state or region')),
                ('postal_code', models.CharField(max_length=12, verbose_name='postal code')),
                ('country', models.CharField(default='us', max_length=2, verbose_name='country')),
                ('language', models.CharField(default='en', max_length=10, verbose_name='language')),
                ('created_at', models.DateTimeField()),
                ('erased_at', models.DateTimeField(blank=True, null=True)),
                ('import_job', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='contacts.job')),
                ('merged_into', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.supporter')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='supporters', to='contacts.organization')),
            ],
        ),
        migrations.CreateModel(
            name='Residence',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('method', models.CharField(max_length=40)),
                ('confidence', models.FloatField(default=1)),
                ('matched_at', models.DateTimeField()),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.division')),
                ('supporter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='residences', to='contacts.supporter')),
            ],
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('purpose', models.CharField(choices=[('deliver', 'Deliver my letter'), ('contact', 'Contact me'), ('name', 'Publish my name'), ('story', 'Publish my story'), ('ask', 'Ask me whether offices answered')], max_length=10)),
                ('given', models.BooleanField()),
                ('text', models.TextField(help_text='The words that were shown.')),
                ('text_version', models.CharField(max_length=20)),
                ('language', models.CharField(max_length=10)),
                ('source', models.CharField(help_text='The page, form or call it came by.', max_length=120)),
                ('at', models.DateTimeField()),
                ('supporter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='contacts.supporter')),
            ],
        ),
        migrations.CreateModel(
            name='Suppression',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('address_hash', models.CharField(blank=True, max_length=64)),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('created_at', models.DateTimeField()),
                ('contact_point', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='suppressions', to='contacts.contactpoint')),
                ('legislator', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='suppressions', to='contacts.legislator')),
                ('organization', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='suppressions', to='contacts.organization')),
            ],
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=40, verbose_name='tag')),
                ('created_at', models.DateTimeField()),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tags', to='contacts.organization')),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Tagging',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('supporter', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='taggings', to='contacts.supporter')),
                ('tag', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='taggings', to='contacts.tag')),
            ],
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='user_email_once'),
        ),
        migrations.AddConstraint(
            model_name='division',
            constraint=models.CheckConstraint(condition=models.Q(('level__in', ['local', 'regional', 'national', 'international'])), name='division_level_known'),
        ),
        migrations.AddConstraint(
            model_name='jobpart',
            constraint=models.UniqueConstraint(fields=('job', 'role', 'position'), name='job_part_once'),
        ),
        migrations.AddConstraint(
            model_name='jobpart',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['source', 'report', 'file'])), name='job_part_role_known'),
        ),
        migrations.AddConstraint(
            model_name='jurisdiction',
            constraint=models.CheckConstraint(condition=models.Q(('level__in', ['local', 'regional', 'national', 'international'])), name='jurisdiction_level_known'),
        ),
        migrations.AddConstraint(
            model_name='chamber',
            constraint=models.UniqueConstraint(fields=('jurisdiction', 'code'), name='chamber_code_once_per_jurisdiction'),
        ),
        migrations.AddConstraint(
            model_name='chamber',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['upper', 'lower', 'unicameral', 'committee', 'executive', 'council'])), name='chamber_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='identifier',
            constraint=models.UniqueConstraint(fields=('scheme', 'value'), name='identifier_names_one_person'),
        ),
        migrations.AddConstraint(
            model_name='office',
            constraint=models.UniqueConstraint(fields=('legislator', 'key'), name='office_once_per_key'),
        ),
        migrations.AddConstraint(
            model_name='office',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['capitol', 'district', 'mail'])), name='office_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='contactpoint',
            constraint=models.UniqueConstraint(fields=('office', 'kind', 'value'), name='contact_point_once_per_office'),
        ),
        migrations.AddConstraint(
            model_name='contactpoint',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['email', 'cwc', 'postal', 'phone', 'fax', 'web_form'])), name='contact_point_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='contactpoint',
            constraint=models.CheckConstraint(condition=models.Q(('health__in', ['ok', 'suspect', 'failing', 'retired'])), name='contact_point_health_known'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(fields=['organization', '-created_at'], name='job_newest'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(condition=models.Q(('state', 'running')), fields=['lease_until'], name='job_running'),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['import', 'undo_import', 'export', 'tag', 'untag', 'invalidate', 'restore', 'news', 'thanks'])), name='job_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'running', 'waiting', 'done', 'cancelled', 'failed'])), name='job_state_known'),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['done', 'cancelled', 'failed']), _negated=True), ('finished_at__isnull', False), _connector='OR'), name='job_over_has_moment'),
        ),
        migrations.AddIndex(
            model_name='auditentry',
            index=models.Index(fields=['organization', '-id'], name='audit_newest'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.UniqueConstraint(fields=('chamber', 'division', 'seat'), name='post_once_per_seat'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(condition=models.Q(('end_on__isnull', True), ('post__isnull', False)), fields=('post',), name='post_has_one_holder'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(condition=models.Q(('end_on__isnull', True), ('post__isnull', True)), fields=('legislator', 'chamber'), name='committee_seat_once_per_person'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('end_on__isnull', True), ('start_on__isnull', True), ('end_on__gte', models.F('start_on')), _connector='OR'), name='membership_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='postalarea',
            constraint=models.UniqueConstraint(fields=('country', 'code', 'division'), name='postal_area_once_per_division'),
        ),
        migrations.AddConstraint(
            model_name='postalarea',
            constraint=models.CheckConstraint(condition=models.Q(('weight__isnull', True), models.Q(('weight__gt', 0), ('weight__lte', 1)), _connector='OR'), name='postal_area_weight_share'),
        ),
        migrations.AddConstraint(
            model_name='recess',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='recess_ends_not_before_start'),
        ),
        migrations.AddConstraint(
            model_name='recess',
            constraint=models.UniqueConstraint(fields=('organization', 'chamber', 'starts_on', 'ends_on', 'name'), name='recess_once'),
        ),
        migrations.AddConstraint(
            model_name='recess',
            constraint=models.UniqueConstraint(condition=models.Q(('uid', ''), _negated=True), fields=('organization', 'chamber', 'uid'), name='recess_once_per_calendar_entry'),
        ),
        migrations.AddConstraint(
            model_name='role',
            constraint=models.UniqueConstraint(fields=('organization', 'user', 'name'), name='role_once_per_person'),
        ),
        migrations.AddConstraint(
            model_name='role',
            constraint=models.CheckConstraint(condition=models.Q(('name__in', ['owner', 'organizer', 'staff', 'reviewer'])), name='role_name_known'),
        ),
        migrations.AddIndex(
            model_name='supporter',
            index=models.Index(fields=['organization', '-created_at', 'id'], name='supporter_newest'),
        ),
        migrations.AddIndex(
            model_name='supporter',
            index=models.Index(condition=models.Q(('import_job__isnull', False)), fields=['import_job'], name='supporter_of_import'),
        ),
        migrations.AddIndex(
            model_name='supporter',
            index=models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='supporter_merged'),
        ),
        migrations.AddConstraint(
            model_name='supporter',
            constraint=models.UniqueConstraint(fields=('organization', 'canonical_email', 'name_key'), name='supporter_once_per_organization'),
        ),
        migrations.AddConstraint(
            model_name='residence',
            constraint=models.UniqueConstraint(fields=('supporter', 'division'), name='residence_once_per_division'),
        ),
        migrations.AddConstraint(
            model_name='residence',
            constraint=models.CheckConstraint(condition=models.Q(('confidence__gt', 0), ('confidence__lte', 1)), name='residence_confidence_share'),
        ),
        migrations.AddIndex(
            model_name='consent',
            index=models.Index(fields=['supporter', 'purpose', '-id'], name='consent_last_word'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(('purpose__in', ['deliver', 'contact', 'name', 'story', 'ask'])), name='consent_purpose_known'),
        ),
        migrations.AddConstraint(
            model_name='suppression',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('contact_point__isnull', True), ('legislator__isnull', True), models.Q(('address_hash', ''), _negated=True)), models.Q(('address_hash', ''), ('contact_point__isnull', True), ('legislator__isnull', False)), models.Q(('address_hash', ''), ('contact_point__isnull', False), ('legislator__isnull', True)), _connector='OR'), name='suppression_names_one_party'),
        ),
        migrations.AddConstraint(
            model_name='suppression',
            constraint=models.UniqueConstraint(condition=models.Q(('legislator__isnull', False)), fields=('organization', 'legislator'), name='suppression_office_once'),
        ),
        migrations.AddConstraint(
            model_name='suppression',
            constraint=models.UniqueConstraint(condition=models.Q(('contact_point__isnull', False)), fields=('organization', 'contact_point'), name='suppression_contact_point_once'),
        ),
        migrations.AddConstraint(
            model_name='suppression',
            constraint=models.UniqueConstraint(condition=models.Q(('organization__isnull', False), models.Q(('address_hash', ''), _negated=True)), fields=('organization', 'address_hash'), name='suppression_address_once'),
        ),
        migrations.AddConstraint(
            model_name='suppression',
            constraint=models.UniqueConstraint(condition=models.Q(('organization__isnull', True), models.Q(('address_hash', ''), _negated=True)), fields=('address_hash',), name='suppression_address_once_everywhere'),
        ),
        migrations.AddConstraint(
            model_name='tag',
            constraint=models.UniqueConstraint(models.F('organization'), django.db.models.functions.text.Lower('name'), name='tag_once_per_organization'),
        ),
        migrations.AddConstraint(
            model_name='tag',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='tag_has_name'),
        ),
        migrations.AddConstraint(
            model_name='tagging',
            constraint=models.UniqueConstraint(fields=('supporter', 'tag'), name='tagging_once_per_supporter'),
        ),
        ]),
        migrations.RunPython(clock.add_clock, migrations.RunPython.noop),
    ]
