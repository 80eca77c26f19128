"""The tables as they are, for a fresh database. One that exists goes through the migrations that this one replaces."""

from importlib import import_module

import datetime
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import uuid
from django.conf import settings
from django.db import migrations, models

clock = import_module("contacts.migrations.0002_clock_row")


class Migration(migrations.Migration):

    replaces = [('contacts', '0001_initial'), ('contacts', '0002_clock_row'), ('contacts', '0003_contact_point_source'), ('contacts', '0004_recess'), ('contacts', '0005_evidence_days'), ('contacts', '0006_stop_by_one_way'), ('contacts', '0007_wishes_of_supporters')]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
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
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='contacts.division')),
                ('time_zone', models.CharField(blank=True, help_text='IANA zone of most of the place.', max_length=60)),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('level__in', ['local', 'regional', 'national', 'international'])), name='division_level_known')],
            },
        ),
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
                ('is_partner_only', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['name'],
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
            options={
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='user_email_once')],
            },
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_tokens', to='contacts.organization')),
                ('name', models.CharField(max_length=80)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField()),
                ('last_used_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='audit_entries', to='contacts.organization')),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('verb', models.CharField(max_length=60)),
                ('object_kind', models.CharField(max_length=40)),
                ('object_id', models.CharField(max_length=40)),
                ('detail', models.JSONField(default=dict)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['organization', '-id'], name='audit_newest')],
            },
        ),
        migrations.CreateModel(
            name='Identifier',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('legislator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='identifiers', to='contacts.legislator')),
                ('scheme', models.CharField(max_length=30)),
                ('value', models.CharField(max_length=120)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('scheme', 'value'), name='identifier_names_one_person')],
            },
        ),
        migrations.CreateModel(
            name='Jurisdiction',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('ocd_id', models.CharField(max_length=200, unique=True)),
                ('name', models.CharField(max_length=160)),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='jurisdictions', to='contacts.division')),
                ('level', models.CharField(choices=[('local', 'Local'), ('regional', 'Regional'), ('national', 'National'), ('international', 'International')], max_length=14)),
                ('time_zone', models.CharField(default='UTC', help_text='IANA zone of its seat.', max_length=60)),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('level__in', ['local', 'regional', 'national', 'international'])), name='jurisdiction_level_known')],
            },
        ),
        migrations.CreateModel(
            name='Office',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('legislator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offices', to='contacts.legislator')),
                ('kind', models.CharField(choices=[('capitol', 'Capitol office'), ('district', 'District office'), ('mail', 'Mail address')], max_length=10)),
                ('key', models.CharField(help_text="The source's own name of this office, unique per legislator.", max_length=120)),
                ('name', models.CharField(blank=True, max_length=160)),
                ('time_zone', models.CharField(blank=True, help_text="IANA zone; the jurisdiction's when empty.", max_length=60)),
                ('source', models.CharField(blank=True, help_text='The import scope that keeps it.', max_length=120)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('legislator', 'key'), name='office_once_per_key'), models.CheckConstraint(condition=models.Q(('kind__in', ['capitol', 'district', 'mail'])), name='office_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='PostalArea',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('country', models.CharField(max_length=2)),
                ('code', models.CharField(max_length=12)),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='postal_areas', to='contacts.division')),
                ('weight', models.FloatField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('country', 'code', 'division'), name='postal_area_once_per_division'), models.CheckConstraint(condition=models.Q(('weight__isnull', True), models.Q(('weight__gt', 0), ('weight__lte', 1)), _connector='OR'), name='postal_area_weight_share')],
            },
        ),
        migrations.CreateModel(
            name='Role',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roles', to='contacts.organization')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roles', to=settings.AUTH_USER_MODEL)),
                ('name', models.CharField(choices=[('owner', 'Owner'), ('organizer', 'Organizer'), ('staff', 'Staff'), ('reviewer', 'Reviewer')], max_length=12)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization', 'user', 'name'), name='role_once_per_person'), models.CheckConstraint(condition=models.Q(('name__in', ['owner', 'organizer', 'staff', 'reviewer'])), name='role_name_known')],
            },
        ),
        migrations.CreateModel(
            name='Supporter',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='supporters', to='contacts.organization')),
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
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization', 'canonical_email', 'name_key'), name='supporter_once_per_organization')],
            },
        ),
        migrations.CreateModel(
            name='Chamber',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('jurisdiction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='chambers', to='contacts.jurisdiction')),
                ('kind', models.CharField(choices=[('upper', 'Upper chamber'), ('lower', 'Lower chamber'), ('unicameral', 'Single chamber'), ('committee', 'Committee'), ('executive', 'Executive'), ('council', 'Council')], max_length=12)),
                ('code', models.CharField(help_text='Stable code within the jurisdiction, e.g. upper or HSAG.', max_length=120)),
                ('name', models.CharField(max_length=200)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='committees', to='contacts.chamber')),
                ('source', models.CharField(blank=True, help_text='The import scope that keeps it.', max_length=120)),
                ('ended_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('jurisdiction', 'code'), name='chamber_code_once_per_jurisdiction'), models.CheckConstraint(condition=models.Q(('kind__in', ['upper', 'lower', 'unicameral', 'committee', 'executive', 'council'])), name='chamber_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('supporter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='contacts.supporter')),
                ('purpose', models.CharField(choices=[('deliver', 'Deliver my letter'), ('contact', 'Contact me'), ('name', 'Publish my name'), ('story', 'Publish my story'), ('ask', 'Ask me whether offices answered')], max_length=10)),
                ('given', models.BooleanField()),
                ('text', models.TextField(help_text='The words that were shown.')),
                ('text_version', models.CharField(max_length=20)),
                ('language', models.CharField(max_length=10)),
                ('source', models.CharField(help_text='The page, form or call it came by.', max_length=120)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['supporter', 'purpose', '-id'], name='consent_last_word')],
                'constraints': [models.CheckConstraint(condition=models.Q(('purpose__in', ['deliver', 'contact', 'name', 'story', 'ask'])), name='consent_purpose_known')],
            },
        ),
        migrations.CreateModel(
            name='ContactPoint',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contact_points', to='contacts.office')),
                ('kind', models.CharField(choices=[('email', 'Mail address'), ('cwc', 'Communicating With Congress code'), ('postal', 'Postal address'), ('phone', 'Phone'), ('fax', 'Fax'), ('web_form', 'Web form')], max_length=10)),
                ('value', models.CharField(max_length=500)),
                ('health', models.CharField(choices=[('ok', 'Working'), ('suspect', 'Doubtful'), ('failing', 'Failing'), ('retired', 'Retired')], default='ok', max_length=8)),
                ('health_reason', models.CharField(blank=True, max_length=200)),
                ('health_changed_at', models.DateTimeField(blank=True, null=True)),
                ('source', models.CharField(blank=True, help_text='The import scope that keeps it; empty when added by hand.', max_length=120)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('office', 'kind', 'value'), name='contact_point_once_per_office'), models.CheckConstraint(condition=models.Q(('kind__in', ['email', 'cwc', 'postal', 'phone', 'fax', 'web_form'])), name='contact_point_kind_known'), models.CheckConstraint(condition=models.Q(('health__in', ['ok', 'suspect', 'failing', 'retired'])), name='contact_point_health_known')],
            },
        ),
        migrations.CreateModel(
            name='Residence',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('supporter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='residences', to='contacts.supporter')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.division')),
                ('method', models.CharField(max_length=40)),
                ('confidence', models.FloatField(default=1)),
                ('matched_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('supporter', 'division'), name='residence_once_per_division'), models.CheckConstraint(condition=models.Q(('confidence__gt', 0), ('confidence__lte', 1)), name='residence_confidence_share')],
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('chamber', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='contacts.chamber')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='contacts.division')),
                ('seat', models.CharField(blank=True, help_text='e.g. class 1, or 2 for the second of two seats.', max_length=40)),
                ('role', models.CharField(help_text='Title of the holder, e.g. Senator.', max_length=60)),
                ('label', models.CharField(max_length=200)),
            ],
            options={
                'ordering': ['label'],
                'constraints': [models.UniqueConstraint(fields=('chamber', 'division', 'seat'), name='post_once_per_seat')],
            },
        ),
        migrations.CreateModel(
            name='Recess',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recesses', to='contacts.organization')),
                ('chamber', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recesses', to='contacts.chamber')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('source', models.CharField(blank=True, help_text='Where it is published; a page or a file.', max_length=200, verbose_name='source')),
                ('uid', models.CharField(blank=True, help_text="The calendar's own name of the entry; empty when by hand.", max_length=255)),
            ],
            options={
                'ordering': ['starts_on', 'ends_on', 'name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='recess_ends_not_before_start'), models.UniqueConstraint(fields=('organization', 'chamber', 'starts_on', 'ends_on', 'name'), name='recess_once'), models.UniqueConstraint(condition=models.Q(('uid', ''), _negated=True), fields=('organization', 'chamber', 'uid'), name='recess_once_per_calendar_entry')],
            },
        ),
        migrations.CreateModel(
            name='Suppression',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('organization', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='suppressions', to='contacts.organization')),
                ('address_hash', models.CharField(blank=True, max_length=64)),
                ('legislator', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='suppressions', to='contacts.legislator')),
                ('contact_point', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='suppressions', to='contacts.contactpoint')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('contact_point__isnull', True), ('legislator__isnull', True), models.Q(('address_hash', ''), _negated=True)), models.Q(('address_hash', ''), ('contact_point__isnull', True), ('legislator__isnull', False)), models.Q(('address_hash', ''), ('contact_point__isnull', False), ('legislator__isnull', True)), _connector='OR'), name='suppression_names_one_party'), models.UniqueConstraint(condition=models.Q(('legislator__isnull', False)), fields=('organization', 'legislator'), name='suppression_office_once'), models.UniqueConstraint(condition=models.Q(('contact_point__isnull', False)), fields=('organization', 'contact_point'), name='suppression_contact_point_once'), models.UniqueConstraint(condition=models.Q(('organization__isnull', False), models.Q(('address_hash', ''), _negated=True)), fields=('organization', 'address_hash'), name='suppression_address_once'), models.UniqueConstraint(condition=models.Q(('organization__isnull', True), models.Q(('address_hash', ''), _negated=True)), fields=('address_hash',), name='suppression_address_once_everywhere')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('legislator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='contacts.legislator')),
                ('chamber', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='contacts.chamber')),
                ('post', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='contacts.post')),
                ('role', models.CharField(blank=True, max_length=120)),
                ('party', models.CharField(blank=True, max_length=120)),
                ('start_on', models.DateField(blank=True, null=True)),
                ('end_on', models.DateField(blank=True, help_text='First day no longer in office; empty while in office.', null=True)),
                ('term_ends_on', models.DateField(blank=True, help_text='Last day of the published term.', null=True)),
                ('source', models.CharField(blank=True, help_text='The import scope that keeps it.', max_length=120)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('end_on__isnull', True), ('post__isnull', False)), fields=('post',), name='post_has_one_holder'), models.UniqueConstraint(condition=models.Q(('end_on__isnull', True), ('post__isnull', True)), fields=('legislator', 'chamber'), name='committee_seat_once_per_person'), models.CheckConstraint(condition=models.Q(('end_on__isnull', True), ('start_on__isnull', True), ('end_on__gte', models.F('start_on')), _connector='OR'), name='membership_ends_after_start')],
            },
        ),
        migrations.RunPython(clock.add_clock, migrations.RunPython.noop),
    ]
