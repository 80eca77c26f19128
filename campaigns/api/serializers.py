"""The shapes of what the API gives; `inputs` has the shapes of what it takes."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from campaigns.api import counts
from campaigns.api.fields import ClockField
from campaigns.api.library_translations import OtherLanguages
from campaigns.forms.consents import CONSENT_VERSION, CONSENTS, consent_words
from campaigns.forms.partner_boxes import writes
from campaigns.models import Campaign, CampaignTranslation, Drive, published_outcome
from campaigns.partners_now import partners_of
from campaigns.reports import campaign_numbers
from campaigns.sharing import issue_url
from policy.models import Issue, Myth

Row = dict[str, Any]


class CountSerializer(serializers.Serializer[Row]):
    """A figure with what it counts."""

    name = serializers.CharField()
    value = serializers.IntegerField()
    definition = serializers.CharField()
    more = serializers.CharField(help_text=_("The page that explains how we count."))


class CountsSerializer(serializers.Serializer[Row]):
    campaign = serializers.UUIDField()
    goal = serializers.IntegerField(help_text=_("How many people the campaign hopes for."))
    counts = CountSerializer(many=True)


class DayCountSerializer(serializers.Serializer[Row]):
    day = serializers.DateField()
    people = serializers.IntegerField()


class PlaceCountSerializer(serializers.Serializer[Row]):
    name = serializers.CharField()
    people = serializers.IntegerField()


class PeopleSerializer(serializers.Serializer[Row]):
    """Confirmed people, tests left out; each row a different cut of the same people."""

    days = DayCountSerializer(many=True)
    towns = PlaceCountSerializer(
        many=True, help_text=_("Those with most people; a postal code where no town is known.")
    )
    districts = PlaceCountSerializer(many=True)


class ConsentOfferSerializer(serializers.Serializer[Row]):
    """A consent to ask for, with the words to show beside an unticked box."""

    purpose = serializers.CharField()
    text = serializers.CharField()
    version = serializers.CharField()


class PartnerSerializer(serializers.Serializer[Row]):
    name = serializers.CharField()
    role = serializers.CharField()
    source_code = serializers.CharField(
        help_text=_("To be sent as `source_code` with signatures that came by this partner.")
    )
    website = serializers.URLField(allow_blank=True)
    privacy_url = serializers.URLField(allow_blank=True)
    consent = serializers.CharField(
        allow_blank=True,
        help_text=_(
            "Words to show beside an unticked box, whose answer goes into `consents.partners`. "
            "Empty: this partner does not ask."
        ),
    )


class TranslationSerializer(serializers.ModelSerializer[CampaignTranslation]):
    """A campaign's texts in another language; what is empty is read in the campaign's own."""

    outcome_text = serializers.SerializerMethodField(help_text=_("Once what came of it is published."))
    measure = serializers.SerializerMethodField(
        help_text=_("Number and title of its measure; empty where the title is not translated.")
    )

    class Meta:
        model = CampaignTranslation
        fields = ["language", "title", "ask", "why", "outcome_text", "measure"]
        read_only_fields = fields

    def get_measure(self, translation: CampaignTranslation) -> str:
        said = translation.campaign.measure_in([translation.language])
        is_written = bool(said) and said["title"].language == translation.language
        return f"{said['identifier']}: {said['title']}" if is_written else ""

    def get_outcome_text(self, translation: CampaignTranslation) -> str:
        campaign = translation.campaign
        return campaign.translated[translation.language]["outcome_text"] if campaign.outcome_text else ""


class CampaignSerializer(serializers.ModelSerializer[Campaign]):
    """A campaign as everybody may see it."""

    languages = serializers.ListField(
        child=serializers.CharField(), read_only=True, help_text=_("Languages of its page, its own first.")
    )

    organization = serializers.CharField(source="organization.name")
    country = serializers.CharField(source="organization.country", help_text=_("Two letters, lower case."))
    measure = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()
    outcome = serializers.SerializerMethodField(help_text=_("Published ones only; empty until then."))

    class Meta:
        model = Campaign
        fields: list[str] = [
            "id",
            "organization",
            "country",
            "title",
            "ask",
            "language",
            "languages",
            "goal",
            "state",
            "outcome",
            "measure",
            "opens_at",
            "opened_at",
            "closed_at",
            "url",
        ]
        read_only_fields = fields

    def get_outcome(self, campaign: Campaign) -> str:
        outcome = published_outcome(campaign)
        return outcome.result if outcome else ""

    def get_measure(self, campaign: Campaign) -> str:
        return str(campaign.measure or "")

    def get_url(self, campaign: Campaign) -> str:
        return f"{settings.SITE_URL}/c/{campaign.organization.slug}/{campaign.slug}/"


class CampaignDetailSerializer(CampaignSerializer):
    """A campaign with its reasons, partners, public numbers, and the consents a form has to ask for."""

    translations = TranslationSerializer(many=True, read_only=True)
    consents = serializers.SerializerMethodField()
    partners = serializers.SerializerMethodField()
    counts = serializers.SerializerMethodField()

    class Meta(CampaignSerializer.Meta):
        fields = [
            *CampaignSerializer.Meta.fields,
            "why",
            "translations",
            "is_test",
            "ask_street",
            "consents",
            "partners",
            "counts",
        ]
        read_only_fields = fields

    @extend_schema_field(ConsentOfferSerializer(many=True))
    def get_consents(self, campaign: Campaign) -> list[Row]:
        return [
            {"purpose": purpose.value, "text": consent_words(campaign, purpose), "version": CONSENT_VERSION}
            for purpose in CONSENTS
        ]

    @extend_schema_field(PartnerSerializer(many=True))
    def get_partners(self, campaign: Campaign) -> list[Row]:
        return [
            {
                "name": partner.organization.name,
                "role": partner.role,
                "source_code": partner.source_code,
                "website": partner.organization.website,
                "privacy_url": partner.organization.privacy_url,
                "consent": writes(partner.organization) if partner.sees_supporters else "",
            }
            for partner in partners_of(campaign)
        ]

    @extend_schema_field(CountSerializer(many=True))
    def get_counts(self, campaign: Campaign) -> list[Row]:
        figures = counts.values(campaign_numbers(campaign))
        return counts.with_definitions({name: figures[name] for name in counts.PUBLIC})


class OwnCampaignSerializer(CampaignSerializer):
    """A campaign as its organisation sees it."""

    class Meta(CampaignSerializer.Meta):
        fields = [
            *CampaignSerializer.Meta.fields,
            "slug",
            "issue",
            "measure_id",
            "why",
            "is_test",
            "ask_street",
            "allow_households",
            "editing_minutes",
            "created_at",
        ]
        read_only_fields = fields

    measure_id = serializers.UUIDField(allow_null=True, read_only=True)


class MythSerializer(OtherLanguages, serializers.ModelSerializer[Myth]):
    """A myth, the fact against it, and the id of the evidence that the fact cites."""

    class Meta:
        model = Myth
        fields = ["id", "myth", "fact", "evidence", "translations"]
        read_only_fields = fields


class IssueSerializer(OtherLanguages, serializers.ModelSerializer[Issue]):
    """An issue with its myths and facts; `url` is its page, which strangers see where `is_public`."""

    url = serializers.SerializerMethodField()
    myths = MythSerializer(many=True, read_only=True)

    class Meta:
        model = Issue
        fields = ["id", "title", "summary", "translations", "is_public", "url", "myths"]
        read_only_fields = fields

    def get_url(self, issue: Any) -> str:
        return issue_url(issue)


class DriveSerializer(serializers.ModelSerializer[Drive]):
    """A wave of letters. Hours and weekdays (0 is Monday) are those of each letter's office."""

    weekdays = serializers.ListField(child=serializers.IntegerField(min_value=0, max_value=6))
    hour_weights = serializers.ListField(child=serializers.IntegerField(min_value=0, max_value=100))
    opens = ClockField()
    closes = ClockField()

    class Meta:
        model = Drive
        fields = [
            "id",
            "campaign",
            "name",
            "state",
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
            "created_at",
        ]
        read_only_fields = fields


class DriveMovedSerializer(serializers.Serializer[Row]):
    """A drive after a change of its state, with how many letters that concerned."""

    drive = DriveSerializer()
    letters_waiting = serializers.IntegerField(
        required=False, help_text=_("When scheduled: letters that wait to leave. Tests never count.")
    )
    letters_leaving = serializers.IntegerField(
        required=False, help_text=_("When paused or cancelled: letters already leaving, which finish.")
    )
    letters_cancelled = serializers.IntegerField(required=False)


class SignedSerializer(serializers.Serializer[Row]):
    """The same for everybody: nobody learns here who has signed."""

    status = serializers.ChoiceField(choices=["check_mail"])
    detail = serializers.CharField()
