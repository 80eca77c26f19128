"""The way from nothing to an open campaign: a bar of steps above each step's own page, read anew each time."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.checklist import Lack, StepName, is_form_looked_at, lacks_letter, missing
from campaigns.letters.write import open_drive
from campaigns.models import Campaign, CampaignState, TargetGroup
from campaigns.permissions import ConsoleRequest
from contacts.models import Organization

LABELS: dict[StepName, object] = {
    StepName.ASK: _("Issue and ask"),
    StepName.TARGETS: _("Targets"),
    StepName.LETTERS: _("Letters"),
    StepName.SIGNING: _("Pledge form"),
    StepName.DRIVE: _("Drive"),
    StepName.REVIEW: _("Review and open"),
}
# States in which a campaign is still on its way.
ON_THE_WAY = {CampaignState.DRAFT, CampaignState.IN_REVIEW, CampaignState.SCHEDULED}


@dataclass(frozen=True)
class PathStep:
    """One step: where it is done, whether it is, and what it lacks."""

    name: StepName
    label: object
    url: str
    is_current: bool
    missing: list[str]
    is_done: bool


@dataclass(frozen=True)
class Path:
    """All steps of a campaign, seen from the one that a person is at."""

    steps: list[PathStep]
    current: PathStep

    @property
    def onward(self) -> PathStep:
        """The following step that is not done; the review, which is last, never is before the campaign opens."""
        following = self.steps[self.steps.index(self.current) + 1 :]
        return next((step for step in following if not step.is_done), self.current)

    @property
    def first_open(self) -> PathStep:
        """The first step that is not done, from the beginning."""
        return next(step for step in self.steps if not step.is_done)


def path_of(organization: Organization, campaign: Campaign | None, current: StepName) -> Path | None:
    """The way of a campaign that is not open yet, or (None) of one that is about to begin; None once it is open."""
    if campaign is not None and campaign.state not in ON_THE_WAY:
        return None
    lacking = missing(campaign) if campaign is not None else []
    urls = _urls(organization, campaign)
    steps = []
    for name, label in LABELS.items():
        lines = [lack.text for lack in lacking if lack.step == name]
        is_done = campaign is not None and not lines and name != StepName.REVIEW
        if campaign is not None and name == StepName.SIGNING:
            is_done = is_done and is_form_looked_at(campaign)
        steps.append(PathStep(name, label, urls.get(name, ""), name == current, lines, is_done))
    return Path(steps, next(step for step in steps if step.is_current))


def onward(
    request: ConsoleRequest, organization: Organization, campaign: Campaign, current: StepName
) -> HttpResponse | None:
    """To the next step that is not done, if the button for that was pressed."""
    path = path_of(organization, campaign, current)
    return redirect(path.onward.url) if path is not None and "onward" in request.POST else None


def _urls(organization: Organization, campaign: Campaign | None) -> dict[StepName, str]:
    """Where each step is done: straight to the first thing that it lacks, or to what there is; letters to a list."""
    slug = organization.slug
    if campaign is None:
        return {}

    def url(name: str, *more: object) -> str:
        return reverse(f"campaigns:{name}", args=[slug, *more])

    groups: list[TargetGroup] = list(campaign.target_groups.prefetch_related("rules", "versions"))
    without_rule = next((group for group in groups if not group.rules.all()), None)
    without_letter = next((group for group in groups if lacks_letter(group, campaign)), None)
    drive = open_drive(campaign)
    return {
        StepName.ASK: url("campaign-ask", campaign.pk),
        StepName.TARGETS: url("target-group", without_rule.pk)
        if without_rule
        else url("campaign-targets", campaign.pk),
        StepName.LETTERS: url("version-new", without_letter.pk)
        if without_letter and not any(group.versions.all() for group in groups)
        else url("campaign-letters", campaign.pk),
        StepName.SIGNING: url("campaign-signing", campaign.pk),
        StepName.DRIVE: url("drive", drive.pk) if drive else url("drive-new", campaign.pk),
        StepName.REVIEW: url("campaign-review", campaign.pk),
    }


def place_of(lack: Lack, organization: Organization, campaign: Campaign, path: Path) -> str:
    """The page where a line of the checklist is mended."""
    if lack.place == "issue":
        return reverse("campaigns:issue", args=[organization.slug, campaign.issue_id])
    if lack.place == "measure":
        return f"{reverse('campaigns:measure-new', args=[organization.slug])}?issue={campaign.issue_id}"
    if lack.place == "languages":
        return reverse("campaigns:campaign-languages", args=[organization.slug, campaign.pk])
    return next(step.url for step in path.steps if step.name == lack.step)
