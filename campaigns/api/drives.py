"""Drives of an organisation's campaigns."""

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.actions.drives import (
    cancel_drive,
    create_drive,
    pause_drive,
    resume_drive,
    schedule_drive,
    update_drive,
)
from campaigns.api.base import OrganizationView
from campaigns.api.campaigns import own_campaign
from campaigns.api.idempotency import once
from campaigns.api.inputs import DriveInput, NothingSerializer, PageQuery
from campaigns.api.rehearsal import RehearsalSerializer
from campaigns.api.schema import KEY, paged
from campaigns.api.serializers import DriveMovedSerializer, DriveSerializer
from campaigns.delivery.rehearsal import as_data, rehearse
from campaigns.models import Drive


class Drives(OrganizationView):
    @extend_schema(
        operation_id="drives",
        summary="Drives of a campaign",
        parameters=[PageQuery],
        responses=paged(DriveSerializer),
    )
    def get(self, request: Request, campaign_id: UUID) -> Response:
        """Newest first; a campaign has one open drive at a time."""
        campaign = own_campaign(self.organization, campaign_id)
        return self.page(campaign.drives.order_by("-created_at", "pk"), DriveSerializer)

    @extend_schema(
        operation_id="create_drive",
        summary="Set up a drive",
        parameters=[KEY],
        request=DriveInput,
        responses={201: DriveSerializer},
    )
    def post(self, request: Request, campaign_id: UUID) -> Response:
        """A draft; nothing leaves before it is scheduled."""
        campaign = own_campaign(self.organization, campaign_id)

        def act() -> tuple[int, dict[str, Any]]:
            given = DriveInput(data=request.data)
            given.is_valid(raise_exception=True)
            drive = create_drive(campaign=campaign, actor=self.actor, **given.validated_data)
            data = DriveSerializer(drive).data
            return 201, {**data, "campaign": str(campaign.pk)}

        return once(request, f"create drive {campaign.pk}", act)


class _OwnDrive(OrganizationView):
    def drive(self, drive_id: UUID) -> Drive:
        """A drive of the token's organisation; others' do not exist for it. Raises Http404."""
        own = Drive.objects.filter(campaign__organization=self.organization, pk=drive_id)
        drive = own.select_related("campaign__organization").first()
        if drive is None:
            raise Http404
        return drive

    def moved(self, drive: Drive, **letters: int) -> Response:
        return Response(DriveMovedSerializer({"drive": drive, **letters}).data)

    def drive_to_move(self, request: Request, drive_id: UUID) -> Drive:
        NothingSerializer(data=request.data).is_valid(raise_exception=True)
        return self.drive(drive_id)


class DriveDetail(_OwnDrive):
    @extend_schema(operation_id="drive", summary="One drive", responses=DriveSerializer)
    def get(self, request: Request, drive_id: UUID) -> Response:
        """Its window, rates and state."""
        return Response(DriveSerializer(self.drive(drive_id)).data)

    @extend_schema(
        operation_id="edit_drive", summary="Change a drive", request=DriveInput, responses=DriveSerializer
    )
    def patch(self, request: Request, drive_id: UUID) -> Response:
        """Only the fields you send change; what is not queued yet is planned anew."""
        drive = self.drive(drive_id)
        given = DriveInput(drive, data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        if given.validated_data:
            update_drive(drive=drive, actor=self.actor, **given.validated_data)
        return Response(DriveSerializer(drive).data)


class RehearseDrive(_OwnDrive):
    @extend_schema(operation_id="rehearse_drive", summary="Rehearse a drive", responses=RehearsalSerializer)
    def get(self, request: Request, drive_id: UUID) -> Response:
        """The whole plan, hour by hour and office by office, by the code that sends. Nothing is changed."""
        return Response(RehearsalSerializer(as_data(rehearse(self.drive(drive_id)))).data)


class ScheduleDrive(_OwnDrive):
    @extend_schema(
        operation_id="schedule_drive",
        summary="Schedule a drive",
        request=NothingSerializer,
        responses=DriveMovedSerializer,
    )
    def post(self, request: Request, drive_id: UUID) -> Response:
        """It starts by itself at its time. Refused (409) with what is missing."""
        drive = self.drive_to_move(request, drive_id)
        return self.moved(drive, letters_waiting=schedule_drive(drive=drive, actor=self.actor))


class PauseDrive(_OwnDrive):
    @extend_schema(
        operation_id="pause_drive",
        summary="Pause a drive",
        request=NothingSerializer,
        responses=DriveMovedSerializer,
    )
    def post(self, request: Request, drive_id: UUID) -> Response:
        """Begin no more letters; the answer says how many are leaving already and will finish."""
        drive = self.drive_to_move(request, drive_id)
        return self.moved(drive, letters_leaving=pause_drive(drive=drive, actor=self.actor))


class ResumeDrive(_OwnDrive):
    @extend_schema(
        operation_id="resume_drive",
        summary="Resume a drive",
        request=NothingSerializer,
        responses=DriveMovedSerializer,
    )
    def post(self, request: Request, drive_id: UUID) -> Response:
        """Go on; what was missed is planned anew from now, never sent in a burst."""
        drive = self.drive_to_move(request, drive_id)
        resume_drive(drive=drive, actor=self.actor)
        return self.moved(drive)


class CancelDrive(_OwnDrive):
    @extend_schema(
        operation_id="cancel_drive",
        summary="Cancel a drive",
        request=NothingSerializer,
        responses=DriveMovedSerializer,
    )
    def post(self, request: Request, drive_id: UUID) -> Response:
        """Stop it for good. This can't be taken back."""
        drive = self.drive_to_move(request, drive_id)
        cancelled, leaving = cancel_drive(drive=drive, actor=self.actor)
        return self.moved(drive, letters_cancelled=cancelled, letters_leaving=leaving)
