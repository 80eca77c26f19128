"""The shapes of what the API takes; rules stand in the actions."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError as FieldRefused
from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from campaigns.api.fields import ClockField
from campaigns.forms.entered import TITLES, clean_name, clean_words
from campaigns.models import Campaign, CampaignState, Drive
from contacts.addresses import BadAddress, canonical_email
from policy.models import Issue, Measure

Row = dict[str, Any]

# Moments outside these are slips of the pen, and arithmetic with them overflows.
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
LONGEST_DRIVE = timedelta(days=366)
MOST = 1_000_000
WORKDAYS = [0, 1, 2, 3, 4]


class Strict:
    """A serializer that refuses fields it does not know: a misspelt one would be ignored silently otherwise."""

    def to_internal_value(self, data: Any) -> Row:
        if isinstance(data, Mapping):
            unknown = set(data) - set(self.fields)  # type: ignore[attr-defined]
            if unknown:
                no_such = _t("There is no such field.")
                raise serializers.ValidationError({name: [no_such] for name in sorted(unknown)})
        values: Row = super().to_internal_value(data)  # type: ignore[misc]
        return values


class StrictSerializer(Strict, serializers.Serializer[Row]):
    """The plain kind of it."""


class ConsentsSerializer(StrictSerializer):
    """Which consents were ticked; the words shown have to be those the campaign's detail gives."""

    contact = serializers.BooleanField(default=False)
    name = serializers.BooleanField(default=False)
    story = serializers.BooleanField(default=False)
    partners = serializers.ListField(
        child=serializers.SlugField(max_length=40),
        required=False,
        default=list,
        max_length=50,
        help_text=_("Source codes of the partners whose box was ticked."),
    )


class SigningSerializer(StrictSerializer):
    """What a supporter enters to sign."""

    name = serializers.CharField(max_length=80)
    email = serializers.CharField(max_length=254)
    postal_code = serializers.CharField(max_length=12)
    title = serializers.ChoiceField(
        choices=TITLES, required=False, default="", allow_blank=True, help_text=_("Some offices ask for one.")
    )
    city = serializers.CharField(max_length=80, required=False, default="", allow_blank=True)
    street = serializers.CharField(max_length=160, required=False, default="", allow_blank=True)
    comment = serializers.CharField(max_length=1000, required=False, default="", allow_blank=True)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)
    source_code = serializers.RegexField(
        r"^[-a-zA-Z0-9_]*$", max_length=40, required=False, default="", allow_blank=True
    )
    send_untouched = serializers.BooleanField(
        default=False, help_text=_("Send the suggested letter if the supporter does not change it.")
    )
    old_enough = serializers.BooleanField(
        default=False,
        help_text=_("The supporter says that they have the least age that the campaign asks for."),
    )
    consents = ConsentsSerializer(required=False)
    places = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        default=list,
        max_length=10,
        help_text=_("Answers to “which of these is you?”: ids of divisions."),
    )
    place_unknown = serializers.BooleanField(
        default=False, help_text=_("The supporter does not know which place it is; letters need one.")
    )
    sign_without_letter = serializers.BooleanField(
        default=False, help_text=_("Sign although nobody is known for the postal code.")
    )

    def validate_name(self, value: str) -> str:
        with _as_field_error():
            return clean_name(value)

    def validate_city(self, value: str) -> str:
        with _as_field_error():
            return clean_words(value, 80)

    def validate_street(self, value: str) -> str:
        with _as_field_error():
            return clean_words(value, 160)

    def validate_email(self, value: str) -> str:
        try:
            canonical_email(value)
        except BadAddress:
            raise serializers.ValidationError(_t("This is not a mail address we can write to.")) from None
        return value


@contextmanager
def _as_field_error() -> Iterator[None]:
    """The refusals of the page's own checks, as errors of this field."""
    try:
        yield
    except FieldRefused as fault:
        raise serializers.ValidationError(fault.messages) from None


class PageQuery(serializers.Serializer[Row]):
    """Which page of a list."""

    page = serializers.IntegerField(min_value=1, max_value=MOST, default=1)
    page_size = serializers.IntegerField(min_value=1, max_value=100, default=20)


class StateQuery(serializers.Serializer[Row]):
    """Only campaigns in one state."""

    state = serializers.ChoiceField(choices=CampaignState.choices, required=False)


class LookupSerializer(serializers.Serializer[Row]):
    """The query of a look-up by postal code."""

    postal_code = serializers.RegexField(r"^[0-9A-Za-z][0-9A-Za-z -]{0,11}$", max_length=12)
    country = serializers.RegexField(r"^[a-z]{2}$", default="us", help_text=_("Two letters, lower case."))


class CampaignInput(Strict, serializers.ModelSerializer[Campaign]):
    """What can be said of a campaign. Issue and measure are the organisation's own."""

    issue = serializers.PrimaryKeyRelatedField[Issue](queryset=Issue.objects.none())
    measure = serializers.PrimaryKeyRelatedField[Measure](
        queryset=Measure.objects.none(), required=False, allow_null=True
    )
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)
    goal = serializers.IntegerField(min_value=1, max_value=MOST * 100, required=False)
    editing_minutes = serializers.IntegerField(min_value=0, max_value=60 * 24 * 30, required=False)
    why = serializers.CharField(max_length=20_000)

    class Meta:
        model = Campaign
        fields = [
            "issue",
            "measure",
            "slug",
            "title",
            "ask",
            "why",
            "language",
            "goal",
            "ask_street",
            "allow_households",
            "editing_minutes",
        ]

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        organization = self.context.get("organization")
        if organization is not None:
            fields["issue"].queryset = Issue.objects.filter(organization=organization)
            fields["measure"].queryset = Measure.objects.filter(organization=organization)
        return fields

    def validate_slug(self, slug: str) -> str:
        same = Campaign.objects.filter(organization=self.context["organization"], slug=slug)
        if self.instance is not None and isinstance(self.instance, models.Model):
            same = same.exclude(pk=self.instance.pk)
        if same.exists():
            raise serializers.ValidationError(_t("Another campaign of yours has this address."))
        return slug

    def validate(self, attrs: Row) -> Row:
        issue = attrs.get("issue") or (self.instance and self.instance.issue)
        measure = attrs.get("measure", self.instance and self.instance.measure)
        if measure and issue and measure.issue_id != issue.pk:
            raise serializers.ValidationError({"measure": [_t("This measure belongs to another issue.")]})
        return attrs


class NothingSerializer(StrictSerializer):
    """An empty object, or no body at all."""


class DriveInput(Strict, serializers.ModelSerializer[Drive]):
    """When and how fast letters leave. Hours and weekdays (0 is Monday) are those of each letter's office."""

    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(
        required=False, help_text=_("The last moment; not used with hours_before_vote.")
    )
    hours_before_vote = serializers.IntegerField(
        min_value=0,
        max_value=24 * 90,
        required=False,
        allow_null=True,
        help_text=_("End so many hours before the day of the vote begins."),
    )
    hour_weights = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=100),
        max_length=24,
        required=False,
        help_text=_(
            "24 numbers, midnight first: percent of the office's rate in that hour; empty: all alike."
        ),
    )
    weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6),
        min_length=1,
        max_length=7,
        default=WORKDAYS,
    )
    opens = ClockField(default=time(9))
    closes = ClockField(default=time(17))
    per_office_hour = serializers.IntegerField(min_value=1, max_value=MOST, required=False)
    per_domain_hour = serializers.IntegerField(min_value=1, max_value=MOST, required=False)
    per_site_hour = serializers.IntegerField(min_value=1, max_value=MOST, required=False)

    class Meta:
        model = Drive
        fields = [
            "name",
            "starts_at",
            "ends_at",
            "hours_before_vote",
            "vote_on",
            "starts_on",
            "ends_on",
            "skips_holidays",
            "skips_recess",
            "hour_weights",
            "weekdays",
            "opens",
            "closes",
            "all_day",
            "per_office_hour",
            "per_domain_hour",
            "per_site_hour",
        ]

    def validate_starts_at(self, value: datetime) -> datetime:
        return _sensible(value)

    def validate_ends_at(self, value: datetime) -> datetime:
        return _sensible(value)

    def validate_vote_on(self, value: date | None) -> date | None:
        return _sensible_day(value)

    def validate_starts_on(self, value: date | None) -> date | None:
        return _sensible_day(value)

    def validate_ends_on(self, value: date | None) -> date | None:
        return _sensible_day(value)

    def validate_weekdays(self, value: list[int]) -> list[int]:
        return sorted(set(value))

    def validate(self, attrs: Row) -> Row:
        starts = attrs.get("starts_at") or (self.instance and self.instance.starts_at)
        ends = attrs.get("ends_at") or (self.instance and self.instance.ends_at)
        if starts and ends and ends - starts > LONGEST_DRIVE:
            raise serializers.ValidationError({"ends_at": [_t("A drive lasts at most a year.")]})
        return attrs


def _sensible_day(value: date | None) -> date | None:
    if value is not None and not EARLIEST.date() <= value <= LATEST.date():
        raise serializers.ValidationError(_t("Choose a day between 2000 and 2100."))
    return value


def _sensible(value: datetime) -> datetime:
    if not EARLIEST <= value <= LATEST:
        raise serializers.ValidationError(_t("Choose a moment between 2000 and 2100."))
    return value
