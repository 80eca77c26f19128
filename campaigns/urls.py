from django.urls import path

from campaigns.api.urls import urlpatterns as api_urls
from campaigns.views import (
    answers,
    by_hand,
    calls,
    digests,
    embeds,
    endorsements,
    events,
    feeds,
    help,
    impact,
    issues,
    letters,
    my_data,
    outcomes,
    partner_invitation,
    public,
    registrations,
    share,
    signing,
    stories,
    stories_own,
    supporter,
    unsubscribe,
    webhooks,
)
from campaigns.views.console.urls import urlpatterns as console_urls

app_name = "campaigns"

# What is sent a thousand times a minute, so that no other address is compared first
rush_urls = [
    path("c/<slug:org>/<slug:slug>/sign/", signing.sign, name="sign"),
    path("p/<str:token>/confirm/", supporter.confirm, name="confirm"),
]

# Pages anyone may open
public_urls = [
    path("", public.home, name="home"),
    path("c/<slug:org>/<slug:slug>/", public.campaign_page, name="campaign"),
    path("c/<slug:org>/<slug:slug>/with/<slug:code>/", public.partner_page, name="campaign-with"),
    path("c/<slug:org>/<slug:slug>/with/<slug:code>/sign/", signing.sign, name="sign-with"),
    path("c/<slug:org>/<slug:slug>/news.atom", feeds.campaign_feed, name="feed"),
    path("c/<slug:org>/<slug:slug>/picture.png", share.picture, name="share-picture"),
    path("c/<slug:org>/<slug:slug>/share/", share.share, name="share"),
    path("c/<slug:org>/<slug:slug>/outcome/", outcomes.outcome_page, name="outcome"),
    path("c/<slug:org>/<slug:slug>/outcome/picture.png", outcomes.picture, name="outcome-picture"),
    path("c/<slug:org>/<slug:slug>/check-mail/", signing.check_mail, name="check-mail"),
    path("c/<slug:org>/<slug:slug>/send-link/", signing.send_link, name="send-link"),
    path("c/<slug:org>/<slug:slug>/organizations/", endorsements.endorsements, name="endorsements"),
    path(
        "c/<slug:org>/<slug:slug>/organizations/<uuid:endorsement_id>/<slug:sha256>.png",
        endorsements.logo,
        name="endorsement-logo",
    ),
    path("c/<slug:org>/<slug:slug>/organizations/join/", endorsements.endorse, name="endorse"),
    path(
        "c/<slug:org>/<slug:slug>/organizations/check-mail/", endorsements.endorse_mail, name="endorse-mail"
    ),
    path("embed/<slug:org>/<slug:slug>/", embeds.embed, name="embed"),
    path("embed/<slug:org>/<slug:slug>/signed/", embeds.embed_signed, name="embed-signed"),
    path("embed.js", embeds.embed_js, name="embed-js"),
    path("oembed", embeds.oembed, name="oembed"),
    path("events/<slug:org>/", events.event_list, name="event-list-public"),
    path("events/<slug:org>/events.ics", events.event_feed, name="event-feed"),
    path("events/<slug:org>/<slug:slug>/", events.event_page, name="event"),
    path("events/<slug:org>/<slug:slug>/register/", events.event_register, name="event-register"),
    path("events/<slug:org>/<slug:slug>/check-mail/", events.event_mail, name="event-mail"),
    path("events/<slug:org>/<slug:slug>/picture.png", events.event_picture, name="event-picture"),
    path("events/<slug:org>/<slug:slug>/event.ics", events.event_file, name="event-file"),
    path("help/", help.help_start, name="help-start"),
    path("help/<slug:org>/", help.help_page, name="help"),
    path("stories/<slug:org>/", stories.wall, name="stories"),
    path("stories/<slug:org>/stories.atom", stories.feed, name="stories-feed"),
    path("stories/<slug:org>/embed/", stories.embed, name="stories-embed"),
    path("stories/<slug:org>/tell/", stories.tell, name="story-tell"),
    path("stories/<slug:org>/told/", stories.told, name="story-told"),
    path("stories/<slug:org>/send-link/", stories.send_link, name="story-link"),
    path("stories/<slug:org>/<uuid:story_id>/", stories.story, name="story"),
    path("stories/<slug:org>/<uuid:story_id>/picture.jpg", stories.picture, name="story-picture"),
    path("impact/<slug:org>/<slug:slug>/", impact.impact_page, name="impact"),
    path("wins/", outcomes.wins_start, name="wins-start"),
    path("wins/<slug:org>/", outcomes.wins, name="wins"),
    path("wins/<slug:org>/news.atom", outcomes.wins_feed, name="wins-feed"),
    path("issues/<slug:org>/", issues.issue_pages, name="public-issues"),
    path("issues/<slug:org>/<slug:slug>/", issues.issue_page, name="public-issue"),
    path(
        "issues/<slug:org>/<slug:slug>/picture-<slug:language>.png",
        issues.issue_picture,
        name="issue-picture",
    ),
    path("issues/<slug:org>/<slug:slug>/toolkits/<uuid:toolkit_id>/", issues.toolkit, name="issue-toolkit"),
    path("how-we-count/", public.how_we_count, name="how-we-count"),
    path("privacy/", public.privacy, name="privacy"),
    path("robots.txt", public.robots, name="robots"),
    path("digest/<str:token>/", digests.digest_wish, name="digest-wish"),
    path("calendar/<str:token>.ics", feeds.calendar_feed, name="calendar-feed"),
    path(".well-known/security.txt", public.security, name="security-txt"),
]

# A supporter's own pages, behind a signed link
supporter_urls = [
    path("p/<str:token>/fresh/", supporter.fresh_link, name="fresh-link"),
    path("p/<str:token>/", supporter.my_page, name="my-page"),
    path("p/<str:token>/withdraw/", supporter.withdraw, name="withdraw"),
    path("p/<str:token>/letters/<uuid:letter_id>/withdraw/", supporter.withdraw_one, name="withdraw-letter"),
    path("p/<str:token>/letters/<uuid:letter_id>/after-all/", supporter.return_one, name="return-letter"),
    path("p/<str:token>/letters/<uuid:letter_id>/by-hand/", by_hand.by_hand, name="by-hand"),
    path("p/<str:token>/stop/", supporter.stop, name="stop"),
    path("p/<str:token>/details/", my_data.details, name="my-details"),
    path("p/<str:token>/mails/", my_data.wishes, name="my-wishes"),
    path("p/<str:token>/data/", my_data.export, name="my-export"),
    path("p/<str:token>/erase/", my_data.erase, name="my-erase"),
    path("u/<slug:purpose>/<str:token>/", unsubscribe.unsubscribe, name="unsubscribe"),
    path("p/<str:token>/letter/", letters.edit, name="my-letter"),
    path("p/<str:token>/letter/preview/", letters.preview, name="preview-letter"),
    path("p/<str:token>/letter/check/", letters.check, name="check-letter"),
    path("p/<str:token>/letter/send/", letters.send, name="send-letters"),
    path("p/<str:token>/thanks/", letters.thanks, name="thanks"),
    path("p/<str:token>/calls/", calls.calls, name="my-calls"),
    path("p/<str:token>/answers/<uuid:letter_id>/", answers.answer, name="answer"),
]

# A story's own pages for who told it, likewise
story_urls = [
    path("story/<str:token>/confirm/", stories_own.confirm, name="story-confirm"),
    path("story/<str:token>/", stories_own.own, name="story-own"),
    path("story/<str:token>/change/", stories_own.change, name="story-change"),
    path("story/<str:token>/agree/", stories_own.agree, name="story-agree"),
    path("story/<str:token>/take-back/", stories_own.take_back, name="story-take-back"),
    path("story/<str:token>/stop/", stories_own.stop, name="story-stop"),
    path("story/<str:token>/data/", stories_own.data, name="story-data"),
    path("story/<str:token>/picture.jpg", stories_own.own_picture, name="story-own-picture"),
]

# The page of somebody who comes to an event, behind a signed link
registration_urls = [
    path("r/<str:token>/", registrations.my_registration, name="my-registration"),
    path("r/<str:token>/do/<slug:verb>/", registrations.registration_move, name="registration-move"),
    path("r/<str:token>/event.ics", registrations.registration_file, name="registration-file"),
    path("r/<str:token>/met/", registrations.registration_met, name="registration-met"),
    path("r/<str:token>/data/", registrations.registration_data, name="registration-data"),
    path("r/<str:token>/stop/", registrations.registration_stop, name="registration-stop"),
]

# The page of who asked for an organisation to be shown, behind a signed link
endorsement_urls = [
    path("e/<str:token>/", endorsements.own, name="endorsement-own"),
    path("e/<str:token>/do/<slug:verb>/", endorsements.own_move, name="endorsement-own-move"),
    path("e/<str:token>/change/", endorsements.own_change, name="endorsement-own-change"),
]

# For whoever is asked to be a partner, likewise
partner_urls = [
    path("partner/<str:token>/", partner_invitation.partner_invitation, name="partner-invitation")
]

# For mail services
webhook_urls = [path("inbound/<slug:provider>/<slug:kind>/", webhooks.webhook, name="inbound-webhook")]

urlpatterns = (
    rush_urls
    + public_urls
    + supporter_urls
    + story_urls
    + registration_urls
    + endorsement_urls
    + partner_urls
    + console_urls
    + webhook_urls
    + api_urls
)
