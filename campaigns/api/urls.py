from django.urls import path, re_path
from drf_spectacular.views import SpectacularJSONAPIView

from campaigns.api import (
    campaign_moves,
    campaigns,
    docs,
    drives,
    endorsements,
    events,
    evidence,
    joint_campaigns,
    legislators,
    library_translations,
    measures,
    milestones,
    outcomes,
    pledges,
    resources,
    stances,
    stories,
    translations,
)
from campaigns.api.base import Nowhere

V1 = "api/v1/"
OWN = f"{V1}organization/"
JOINT = f"{OWN}joint-campaigns/"

urlpatterns = [
    path("api/", docs.index, name="api-docs"),
    path("api/schema/", SpectacularJSONAPIView.as_view(), name="api-schema"),
    path(f"{V1}campaigns/", campaigns.Campaigns.as_view(), name="api-campaigns"),
    path(f"{V1}campaigns/<uuid:campaign_id>/", campaigns.CampaignDetail.as_view(), name="api-campaign"),
    path(f"{V1}campaigns/<uuid:campaign_id>/counts/", campaigns.CampaignCounts.as_view(), name="api-counts"),
    path(f"{V1}campaigns/<uuid:campaign_id>/pledges/", pledges.Pledges.as_view(), name="api-pledges"),
    path(
        f"{V1}campaigns/<uuid:campaign_id>/organizations/",
        endorsements.Endorsements.as_view(),
        name="api-endorsements",
    ),
    path(f"{V1}outcomes/", outcomes.Outcomes.as_view(), name="api-outcomes"),
    path(f"{V1}legislators/", legislators.Legislators.as_view(), name="api-legislators"),
    path(f"{V1}stories/", stories.Stories.as_view(), name="api-stories"),
    path(f"{V1}stories/<uuid:story_id>/", stories.StoryDetail.as_view(), name="api-story"),
    path(f"{OWN}issues/", campaigns.OwnIssues.as_view(), name="api-own-issues"),
    path(f"{OWN}measures/", measures.OwnMeasures.as_view(), name="api-own-measures"),
    path(f"{OWN}measures/<uuid:measure_id>/", measures.OwnMeasure.as_view(), name="api-own-measure"),
    path(f"{OWN}measures/<uuid:measure_id>/events/", milestones.Milestones.as_view(), name="api-milestones"),
    path(f"{OWN}measures/<uuid:measure_id>/stances/", stances.Stances.as_view(), name="api-stances"),
    path(f"{OWN}measures/<uuid:measure_id>/whip/", stances.Whip.as_view(), name="api-whip"),
    path(f"{OWN}dates/", milestones.Dates.as_view(), name="api-dates"),
    path(f"{OWN}evidence/", evidence.Library.as_view(), name="api-evidence"),
    path(f"{OWN}indicators/", evidence.Indicators.as_view(), name="api-indicators"),
    path(f"{OWN}indicators/<uuid:indicator_id>/figures/", evidence.Figures.as_view(), name="api-figures"),
    path(f"{OWN}events/", events.Events.as_view(), name="api-events"),
    path(f"{OWN}events/<uuid:event_id>/", events.EventDetail.as_view(), name="api-event"),
    path(f"{OWN}resources/", resources.Resources.as_view(), name="api-resources"),
    path(f"{OWN}campaigns/", campaigns.OwnCampaigns.as_view(), name="api-own-campaigns"),
    path(f"{OWN}campaigns/<uuid:campaign_id>/", campaigns.OwnCampaign.as_view(), name="api-own-campaign"),
    path(
        f"{OWN}campaigns/<uuid:campaign_id>/counts/",
        campaigns.OwnCampaignCounts.as_view(),
        name="api-own-counts",
    ),
    path(
        f"{OWN}campaigns/<uuid:campaign_id>/people/",
        campaigns.OwnCampaignPeople.as_view(),
        name="api-own-people",
    ),
    path(f"{OWN}campaigns/<uuid:campaign_id>/open/", campaign_moves.OpenCampaign.as_view(), name="api-open"),
    path(f"{OWN}campaigns/<uuid:campaign_id>/opening/", campaign_moves.Opening.as_view(), name="api-opening"),
    path(
        f"{OWN}campaigns/<uuid:campaign_id>/pause/", campaign_moves.PauseCampaign.as_view(), name="api-pause"
    ),
    path(
        f"{OWN}campaigns/<uuid:campaign_id>/close/", campaign_moves.CloseCampaign.as_view(), name="api-close"
    ),
    path(
        f"{OWN}campaigns/<uuid:campaign_id>/outcome/", outcomes.OwnOutcome.as_view(), name="api-own-outcome"
    ),
    path(
        f"{OWN}campaigns/<uuid:campaign_id>/translations/",
        translations.Translations.as_view(),
        name="api-translations",
    ),
    path(
        f"{OWN}campaigns/<uuid:campaign_id>/translations/<slug:language>/",
        translations.TranslationDetail.as_view(),
        name="api-translation",
    ),
    path(
        f"{OWN}<slug:kind>/<uuid:row_id>/translations/",
        library_translations.LibraryTranslations.as_view(),
        name="api-library-translations",
    ),
    path(
        f"{OWN}<slug:kind>/<uuid:row_id>/translations/<slug:language>/",
        library_translations.LibraryTranslation.as_view(),
        name="api-library-translation",
    ),
    path(f"{OWN}campaigns/<uuid:campaign_id>/drives/", drives.Drives.as_view(), name="api-drives"),
    path(f"{OWN}drives/<uuid:drive_id>/", drives.DriveDetail.as_view(), name="api-drive"),
    path(f"{OWN}drives/<uuid:drive_id>/rehearsal/", drives.RehearseDrive.as_view(), name="api-rehearsal"),
    path(f"{OWN}drives/<uuid:drive_id>/schedule/", drives.ScheduleDrive.as_view(), name="api-schedule-drive"),
    path(f"{OWN}drives/<uuid:drive_id>/pause/", drives.PauseDrive.as_view(), name="api-pause-drive"),
    path(f"{OWN}drives/<uuid:drive_id>/resume/", drives.ResumeDrive.as_view(), name="api-resume-drive"),
    path(f"{OWN}drives/<uuid:drive_id>/cancel/", drives.CancelDrive.as_view(), name="api-cancel-drive"),
    path(JOINT, joint_campaigns.JointCampaigns.as_view(), name="api-joint-campaigns"),
    path(
        f"{JOINT}<uuid:partnership_id>/", joint_campaigns.JointCampaign.as_view(), name="api-joint-campaign"
    ),
    path(
        f"{JOINT}<uuid:partnership_id>/counts/",
        joint_campaigns.JointCounts.as_view(),
        name="api-joint-counts",
    ),
    path(
        f"{JOINT}<uuid:partnership_id>/supporters/",
        joint_campaigns.JointSupporters.as_view(),
        name="api-joint-supporters",
    ),
    re_path(r"^api/", Nowhere.as_view()),
]
