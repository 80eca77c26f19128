"""A campaign's texts in other languages, for its organisation."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.actions.translations import remove_translation, save_campaign_translation
from campaigns.api.base import OrganizationView
from campaigns.api.campaigns import own_campaign
from campaigns.api.inputs import StrictSerializer
from campaigns.errors import UnknownMergeField
from campaigns.letters.compose import check
from campaigns.models import Campaign, CampaignTranslation
from policy.xml_text import carriable

Row = dict[str, Any]


class OwnTranslationSerializer(serializers.ModelSerializer[CampaignTranslation]):
    """What the page says in a language. Parts are named as the fields of a campaign."""

    missing = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        help_text=_("Parts that are read in the campaign's own language."),
    )
    older = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        help_text=_("Parts whose original was changed after they were translated."),
    )

    class Meta:
        model = CampaignTranslation
        fields = ["language", *Campaign.to_translate, "missing", "older", "changed_at"]
        read_only_fields = fields


class TranslationInput(StrictSerializer):
    """All that the page says in a language; what is left out is read in the campaign's own."""

    title = serializers.CharField(max_length=140)
    ask = serializers.CharField(max_length=300)
    why = serializers.CharField(max_length=20_000, required=False, default="", allow_blank=True)
    call_script = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)
    outcome_text = serializers.CharField(max_length=20_000, required=False, default="", allow_blank=True)

    def validate_call_script(self, script: str) -> str:
        try:
            check(script, office_fields=True)
        except UnknownMergeField as fact:
            raise serializers.ValidationError(str(fact.message)) from None
        return script

    def validate(self, attrs: Row) -> Row:
        # A headline and an ask are one line each.
        return {
            name: carriable(" ".join(text.split()) if name in {"title", "ask"} else text)
            for name, text in attrs.items()
        }


class Translations(OrganizationView):
    @extend_schema(
        operation_id="translations",
        summary="A campaign in other languages",
        responses=OwnTranslationSerializer(many=True),
    )
    def get(self, request: Request, campaign_id: UUID) -> Response:
        """Every translation, with what it lacks and what is older than the original."""
        campaign = own_campaign(self.organization, campaign_id)
        return Response(
            OwnTranslationSerializer(campaign.translations.select_related("campaign"), many=True).data
        )


class TranslationDetail(OrganizationView):
    @extend_schema(
        operation_id="save_translation",
        summary="Write a campaign in another language",
        request=TranslationInput,
        responses=OwnTranslationSerializer,
    )
    def put(self, request: Request, campaign_id: UUID, language: str) -> Response:
        """The whole translation, made from the campaign as it is now. It is on the page at once."""
        campaign = own_campaign(self.organization, campaign_id)
        given = TranslationInput(data=request.data)
        given.is_valid(raise_exception=True)
        saved = save_campaign_translation(
            campaign=campaign, language=language, actor=self.actor, **given.validated_data
        )
        return Response(OwnTranslationSerializer(saved).data)

    @extend_schema(
        operation_id="remove_translation", summary="Take a translation away", responses={204: None}
    )
    def delete(self, request: Request, campaign_id: UUID, language: str) -> Response:
        """Its readers get another language they read, or the campaign's own."""
        campaign = own_campaign(self.organization, campaign_id)
        translation = campaign.translations.filter(language=language).first()
        if translation is None:
            raise Http404
        remove_translation(translation=translation, actor=self.actor)
        return Response(status=204)
