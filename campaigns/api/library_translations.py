"""Measures, evidence, issues and myths in other languages, for their organisation."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.base import OrganizationView
from campaigns.api.inputs import StrictSerializer
from contacts.models import Organization
from policy.actions.translations import remove_texts, save_texts
from policy.models import Evidence, Issue, Measure, Myth, Translated
from policy.xml_text import carriable

Row = dict[str, Any]
_TextsField = serializers.DictField(child=serializers.CharField())
_KIND = OpenApiParameter("kind", str, "path", enum=["measures", "evidence", "issues", "myths"])


class OtherLanguages(serializers.Serializer[Any]):
    """What readers get of a row in other languages, by language and name."""

    translations = serializers.SerializerMethodField(
        help_text=_("By language. What is not there is read in the organisation’s own language.")
    )

    @extend_schema_field(serializers.DictField(child=_TextsField))
    def get_translations(self, row: Translated) -> dict[str, dict[str, str]]:
        return {language: texts for language in row.translations if (texts := row.shown_in(language))}


class TextsSerializer(serializers.Serializer[Any]):
    """What a row says in a language: TextsIn."""

    language = serializers.CharField()
    texts = _TextsField
    missing = serializers.ListField(
        child=serializers.CharField(), help_text=_("Texts that are read in the organisation’s own language.")
    )
    older = serializers.ListField(
        child=serializers.CharField(),
        help_text=_("Texts whose original was changed after they were translated."),
    )
    changed_at = serializers.DateTimeField(allow_null=True)


class TextsInput(StrictSerializer):
    """All that a row says in a language, by name; what is left out is read in the organisation's own."""

    texts = serializers.DictField(child=serializers.CharField(max_length=20_000, allow_blank=True))


def _row(organization: Organization, kind: str, row_id: UUID) -> Translated:
    """A row of an organisation; others' do not exist for it. Raises Http404."""
    rows: dict[str, Any] = {
        "measures": Measure.objects.filter(organization=organization),
        "evidence": Evidence.objects.filter(organization=organization),
        "issues": Issue.objects.filter(organization=organization),
        "myths": Myth.objects.filter(issue__organization=organization).select_related("issue__organization"),
    }
    if kind not in rows:
        raise Http404
    found: Translated = get_object_or_404(rows[kind], pk=row_id)
    return found


def _texts_for(row: Translated, given: dict[str, str]) -> dict[str, str]:
    """What was given, as the row keeps it. Raises ValidationError naming what it does not have."""
    wrong: dict[str, list[str]] = {}
    texts = dict.fromkeys(row.to_translate, "")
    for name, text in given.items():
        if name not in row.TEXTS:
            wrong[f"texts.{name}"] = [_t("There is no such field.")]
            continue
        if name not in row.to_translate:
            wrong[f"texts.{name}"] = [_t("The original has no words here.")]
            continue
        column = type(row)._meta.get_field(name)
        most = getattr(column, "max_length", None)
        # What the original has on one line stays on one.
        texts[name] = carriable(" ".join(text.split()) if most else text.replace("\r\n", "\n").strip())
        if most and len(texts[name]) > most:
            wrong[f"texts.{name}"] = [_t("At most %(most)s characters.") % {"most": most}]
    if wrong:
        raise serializers.ValidationError(wrong)
    return texts


class LibraryTranslations(OrganizationView):
    @extend_schema(
        operation_id="library_translations",
        summary="A measure, a claim, an issue or a myth in other languages",
        parameters=[_KIND],
        responses=TextsSerializer(many=True),
    )
    def get(self, request: Request, kind: str, row_id: UUID) -> Response:
        """Every translation, with what it lacks and what is older than the original."""
        row = _row(self.organization, kind, row_id)
        written = [row.texts_in(code) for code in sorted(row.translations)]
        return Response(TextsSerializer(written, many=True).data)


class LibraryTranslation(OrganizationView):
    @extend_schema(
        operation_id="save_library_translation",
        summary="Write one of them in another language",
        parameters=[_KIND],
        request=TextsInput,
        responses=TextsSerializer,
    )
    def put(self, request: Request, kind: str, row_id: UUID, language: str) -> Response:
        """The whole translation, made from the original as it is now. Pages, new letters and briefs have it at once."""
        row = _row(self.organization, kind, row_id)
        given = TextsInput(data=request.data)
        given.is_valid(raise_exception=True)
        texts = _texts_for(row, given.validated_data["texts"])
        return Response(
            TextsSerializer(save_texts(row=row, language=language, actor=self.actor, texts=texts)).data
        )

    @extend_schema(
        operation_id="remove_library_translation",
        summary="Take such a translation away",
        parameters=[_KIND],
        responses={204: None},
    )
    def delete(self, request: Request, kind: str, row_id: UUID, language: str) -> Response:
        """Its readers get another language they read, or the organisation's own."""
        row = _row(self.organization, kind, row_id)
        if language not in row.translations:
            raise Http404
        remove_texts(row=row, language=language, actor=self.actor)
        return Response(status=204)
