from django.utils.translation import gettext as _

from policy.briefs.content.sources import sources_of
from policy.briefs.facts import CampaignFacts, IssueFacts, SignerFacts
from policy.briefs.results import cover, every_place, organizations, signed_and_named, who_signed
from policy.briefs.sections import Document, KeyFigures, Quotes, Section, Sender


def delivery_pack(
    *,
    campaign: CampaignFacts,
    signers: SignerFacts,
    issue: IssueFacts,
    sender: Sender,
    language: str,
    paper: str,
) -> Document:
    """A petition as it is handed over: a cover, the numbers, every place, the names that may be shown."""
    to = {decider.seat: None for decider in campaign.deciders}
    sections: list[Section] = [
        cover(campaign, issue.measure, next(iter(to)) if len(to) == 1 else ""),
        KeyFigures(_("In numbers"), tuple(signed_and_named(campaign, signers))),
    ]
    if signers.places:
        sections.append(every_place(signers))
    if campaign.quotes:
        sections.append(Quotes(_("In their words"), campaign.quotes))
    if (supporting := organizations(campaign)) is not None:
        sections.append(supporting)
    if signers.groups:
        sections.append(who_signed(signers))
    return Document(
        series=campaign.series,
        kind="delivery",
        kind_label=_("Petition"),
        language=language,
        paper=paper,
        title=campaign.title,
        sender=sender,
        facts_at=campaign.facts_at,
        sections=tuple(sections),
        sources=sources_of(campaign, issue, sender),
        is_test=campaign.is_test,
    )
