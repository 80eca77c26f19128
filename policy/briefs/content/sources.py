from django.utils.translation import gettext as _

from policy.briefs.facts import CampaignFacts, IssueFacts
from policy.briefs.pieces import CAMPAIGN, POSITIONS
from policy.briefs.sections import Sender, Source


def sources_of(
    campaign: CampaignFacts, issue: IssueFacts, sender: Sender, more: tuple[Source, ...] = ()
) -> tuple[Source, ...]:
    """Everything that may be cited; a document prints those it uses."""
    own = (
        Source(
            CAMPAIGN,
            _("%(organization)s: confirmed pledges and letters in “%(campaign)s”, and how they are counted")
            % {"organization": sender.name, "campaign": campaign.title},
            campaign.definition_url,
        ),
        Source(
            POSITIONS,
            _("%(organization)s: positions as recorded from public statements, votes and meetings")
            % {"organization": sender.name},
            campaign.page_url,
        ),
    )
    measure = issue.measure.sources if issue.measure else ()
    return (*own, *(fact.source for fact in issue.evidence), *measure, *issue.sources, *more)
