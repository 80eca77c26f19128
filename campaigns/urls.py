from django.urls import path

from campaigns.api.urls import urlpatterns as api_urls
from campaigns.views import (
    answers,
    brief_sets,
    briefs,
    by_hand,
    calls,
    digests,
    embeds,
    feeds,
    letterheads,
    letters,
    my_data,
    public,
    share,
    signing,
    supporter,
    unsubscribe,
    webhooks,
)
from campaigns.views.console import (
    addresses,
    agenda,
    batches,
    brakes,
    calendars,
    campaign_moves,
    departures,
    drive_moves,
    drives,
    evidence,
    exports,
    following,
    home,
    indicators,
    invalidations,
    issues,
    jobs,
    jurisdictions,
    legislators,
    measure_imports,
    measure_parts,
    measures,
    merges,
    milestones,
    replies,
    review,
    search,
    settings,
    stances,
    stops,
    strays,
    supporter_imports,
    supporters,
    tags,
    targets,
    updates,
    versions,
    whip,
)
from campaigns.views.console import campaigns as console_campaigns
from campaigns.views.console import embeds as console_embeds
from campaigns.views.console import letters as console_letters

app_name = "campaigns"

# Pages anyone may open
public_urls = [
    path("", public.home, name="home"),
    path("c/<slug:org>/<slug:slug>/", public.campaign_page, name="campaign"),
    path("c/<slug:org>/<slug:slug>/news.atom", feeds.campaign_feed, name="feed"),
    path("c/<slug:org>/<slug:slug>/picture.png", share.picture, name="share-picture"),
    path("c/<slug:org>/<slug:slug>/share/", share.share, name="share"),
    path("c/<slug:org>/<slug:slug>/sign/", signing.sign, name="sign"),
    path("c/<slug:org>/<slug:slug>/check-mail/", signing.check_mail, name="check-mail"),
    path("c/<slug:org>/<slug:slug>/send-link/", signing.send_link, name="send-link"),
    path("embed/<slug:org>/<slug:slug>/", embeds.embed, name="embed"),
    path("embed/<slug:org>/<slug:slug>/signed/", embeds.embed_signed, name="embed-signed"),
    path("embed.js", embeds.embed_js, name="embed-js"),
    path("oembed", embeds.oembed, name="oembed"),
    path("how-we-count/", public.how_we_count, name="how-we-count"),
    path("privacy/", public.privacy, name="privacy"),
    path("robots.txt", public.robots, name="robots"),
    path("digest/<str:token>/", digests.digest_wish, name="digest-wish"),
    path("calendar/<str:token>.ics", feeds.calendar_feed, name="calendar-feed"),
    path(".well-known/security.txt", public.security, name="security-txt"),
]

# A supporter's own pages, behind a signed link
supporter_urls = [
    path("p/<str:token>/confirm/", supporter.confirm, name="confirm"),
    path("p/<str:token>/fresh/", supporter.fresh_link, name="fresh-link"),
    path("p/<str:token>/", supporter.my_page, name="my-page"),
    path("p/<str:token>/withdraw/", supporter.withdraw, name="withdraw"),
    path("p/<str:token>/letters/<uuid:letter_id>/withdraw/", supporter.withdraw_one, name="withdraw-letter"),
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

# For mail services
webhook_urls = [path("inbound/<slug:provider>/<slug:kind>/", webhooks.webhook, name="inbound-webhook")]

# Briefs, for people with a role in the organisation
brief_urls = [
    path("console/<slug:org>/briefs/", briefs.brief_list, name="brief-list"),
    path("console/<slug:org>/briefs/new/", briefs.brief_new, name="brief-new"),
    path("console/<slug:org>/briefs/letterhead/", letterheads.letterhead, name="letterhead"),
    path(
        "console/<slug:org>/briefs/letterhead/remove/",
        letterheads.letterhead_remove,
        name="letterhead-remove",
    ),
    path("console/<slug:org>/briefs/letterhead/<slug:sha256>.png", letterheads.logo, name="brief-logo"),
    path(
        "console/<slug:org>/briefs/words/<uuid:campaign_id>/<slug:language>/",
        briefs.brief_wording,
        name="brief-wording",
    ),
    path("console/<slug:org>/briefs/sets/<uuid:set_id>/", brief_sets.brief_set, name="brief-set"),
    path(
        "console/<slug:org>/briefs/sets/<uuid:set_id>/state/",
        brief_sets.brief_set_state,
        name="brief-set-state",
    ),
    path(
        "console/<slug:org>/briefs/sets/<uuid:set_id>/all.zip", brief_sets.brief_set_zip, name="brief-set-zip"
    ),
    path(
        "console/<slug:org>/briefs/sets/<uuid:set_id>/print.pdf",
        brief_sets.brief_set_print,
        name="brief-set-print",
    ),
    path(
        "console/<slug:org>/briefs/sets/<uuid:set_id>/do/<slug:verb>/",
        brief_sets.brief_set_move,
        name="brief-set-move",
    ),
    path("console/<slug:org>/briefs/<uuid:brief_id>/", briefs.brief_detail, name="brief-detail"),
    path("console/<slug:org>/briefs/<uuid:brief_id>/state/", briefs.brief_state, name="brief-state"),
    path("console/<slug:org>/briefs/<uuid:brief_id>/again/", briefs.brief_renew, name="brief-renew"),
    path("console/<slug:org>/briefs/<uuid:brief_id>/pdf/", briefs.brief_download, name="brief-download"),
    path("console/<slug:org>/briefs/<uuid:brief_id>/handed/", briefs.brief_hand_over, name="brief-hand-over"),
]

# The console, below the organisation somebody works in
CONSOLE = "console/<slug:org>/"
MEASURE = f"{CONSOLE}measures/<uuid:measure_id>/"
policy_urls = [
    path(f"{CONSOLE}issues/", issues.issue_list, name="issue-list"),
    path(f"{CONSOLE}issues/new/", issues.issue_form, name="issue-new"),
    path(f"{CONSOLE}issues/<uuid:issue_id>/", issues.issue_detail, name="issue"),
    path(f"{CONSOLE}issues/<uuid:issue_id>/edit/", issues.issue_form, name="issue-edit"),
    path(f"{CONSOLE}issues/<uuid:issue_id>/evidence/new/", evidence.evidence_form, name="evidence-new"),
    path(
        f"{CONSOLE}issues/<uuid:issue_id>/evidence/<uuid:evidence_id>/",
        evidence.evidence_form,
        name="evidence-edit",
    ),
    path(f"{CONSOLE}resources/", issues.resource_list, name="resource-list"),
    path(f"{CONSOLE}resources/new/", issues.resource_form, name="resource-new"),
    path(f"{CONSOLE}resources/<uuid:resource_id>/", issues.resource_form, name="resource-edit"),
    path(f"{CONSOLE}measures/", measures.measure_list, name="measure-list"),
    path(f"{CONSOLE}measures/new/", measures.measure_form, name="measure-new"),
    path(f"{CONSOLE}agenda/", agenda.agenda, name="agenda"),
    path(f"{CONSOLE}agenda/link/", agenda.feed_renew, name="feed-renew"),
    path(f"{MEASURE}dates/new/", agenda.date_form, name="date-new"),
    path(f"{MEASURE}dates/<uuid:date_id>/", agenda.date_form, name="date-edit"),
    path(f"{MEASURE}dates/<uuid:date_id>/cancel/", agenda.date_cancel, name="date-cancel"),
    path(f"{CONSOLE}measures/import/", measure_imports.import_new, name="measure-import"),
    path(f"{CONSOLE}measures/import/<uuid:import_id>/", measure_imports.import_detail, name="import-preview"),
    path(
        f"{CONSOLE}measures/import/<uuid:import_id>/apply/", measure_imports.import_apply, name="import-apply"
    ),
    path(f"{CONSOLE}following/", following.following, name="following"),
    path(f"{MEASURE}follow/", following.follow_move, name="follow-move"),
    path(f"{CONSOLE}jurisdictions/new/", jurisdictions.jurisdiction_form, name="jurisdiction-new"),
    path(MEASURE, measures.measure_detail, name="measure"),
    path(f"{MEASURE}edit/", measures.measure_form, name="measure-edit"),
    path(f"{MEASURE}milestones/", milestones.event_add, name="milestone-add"),
    path(f"{MEASURE}milestones/<int:event_id>/strike/", milestones.event_strike, name="milestone-strike"),
    path(f"{MEASURE}sponsors/new/", measure_parts.sponsor_add, name="sponsor-add"),
    path(f"{MEASURE}sponsors/<int:sponsor_id>/remove/", measure_parts.sponsor_remove, name="sponsor-remove"),
    path(f"{MEASURE}related/new/", measure_parts.relate, name="measure-relate"),
    path(f"{MEASURE}related/<int:related_id>/remove/", measure_parts.part, name="measure-part"),
    path(f"{CONSOLE}legislators/", legislators.legislator_list, name="legislator-list"),
    path(f"{CONSOLE}calendars/", calendars.calendar_list, name="calendar-list"),
    path(f"{CONSOLE}calendars/<uuid:chamber_id>/", calendars.calendar, name="calendar"),
    path(f"{CONSOLE}calendars/<uuid:chamber_id>/days/", calendars.recess_add, name="recess-add"),
    path(f"{CONSOLE}calendars/<uuid:chamber_id>/import/", calendars.recess_import, name="recess-import"),
    path(f"{CONSOLE}recesses/<uuid:recess_id>/remove/", calendars.recess_remove, name="recess-remove"),
    path(f"{CONSOLE}legislators/<uuid:legislator_id>/", legislators.legislator_detail, name="legislator"),
    path(f"{CONSOLE}addresses/", addresses.address_list, name="address-list"),
    path(f"{CONSOLE}addresses/<uuid:point_id>/works/", addresses.address_works, name="address-works"),
    path(f"{CONSOLE}legislators/<uuid:legislator_id>/stop/", stops.office_stop, name="office-stop"),
    path(
        f"{CONSOLE}legislators/<uuid:legislator_id>/stop/<uuid:point_id>/",
        stops.office_stop,
        name="point-stop",
    ),
    path(f"{CONSOLE}stops/<uuid:stop_id>/lift/", stops.office_allow, name="office-allow"),
    path(f"{CONSOLE}legislators/<uuid:legislator_id>/stances/", legislators.stance_add, name="stance-add"),
    path(f"{CONSOLE}stances/<uuid:stance_id>/correct/", stances.stance_correct, name="stance-correct"),
    path(f"{CONSOLE}measures/<uuid:measure_id>/whip/", whip.whip, name="whip"),
    path(
        f"{CONSOLE}measures/<uuid:measure_id>/whip/<uuid:chamber_id>/", whip.majority_set, name="majority-set"
    ),
]
# What staff know: figures, claims, and the search over all of it
fact_urls = [
    path(f"{CONSOLE}search/", search.search_all, name="search"),
    path(f"{CONSOLE}evidence/", evidence.evidence_list, name="evidence-list"),
    path(f"{CONSOLE}evidence/<uuid:evidence_id>/", evidence.evidence_detail, name="evidence"),
    path(f"{CONSOLE}indicators/", indicators.indicator_list, name="indicator-list"),
    path(f"{CONSOLE}indicators/new/", indicators.indicator_form, name="indicator-new"),
    path(f"{CONSOLE}indicators/<uuid:indicator_id>/", indicators.indicator_detail, name="indicator"),
    path(f"{CONSOLE}indicators/<uuid:indicator_id>/edit/", indicators.indicator_form, name="indicator-edit"),
    path(
        f"{CONSOLE}indicators/<uuid:indicator_id>/import/", indicators.figures_import, name="figures-import"
    ),
    path(f"{CONSOLE}places/<uuid:division_id>/", indicators.local_figures, name="local-figures"),
]
CAMPAIGN, GROUP = f"{CONSOLE}campaigns/<uuid:campaign_id>/", f"{CONSOLE}groups/<uuid:group_id>/"
campaign_urls = [
    path(f"{CONSOLE}campaigns/", console_campaigns.campaign_list, name="campaign-list"),
    path(f"{CONSOLE}campaigns/new/", console_campaigns.campaign_form, name="campaign-new"),
    path(CAMPAIGN, console_campaigns.campaign_detail, name="campaign-detail"),
    path(f"{CAMPAIGN}edit/", console_campaigns.campaign_form, name="campaign-edit"),
    path(f"{CAMPAIGN}do/<slug:verb>/", campaign_moves.campaign_move, name="campaign-move"),
    path(f"{CAMPAIGN}embed/", console_embeds.embed, name="campaign-embed"),
    path(f"{CAMPAIGN}news/", updates.update_list, name="update-list"),
    path(f"{CAMPAIGN}news/new/", updates.update_form, name="update-new"),
    path(f"{CAMPAIGN}news/<uuid:update_id>/", updates.update_form, name="update-edit"),
    path(f"{CAMPAIGN}news/<uuid:update_id>/<slug:verb>/", updates.update_move, name="update-move"),
    path(f"{CAMPAIGN}groups/new/", targets.group_new, name="target-group-new"),
    path(f"{CAMPAIGN}drives/new/", drives.drive_form, name="drive-new"),
    path(GROUP, targets.group_detail, name="target-group"),
    path(f"{GROUP}edit/", targets.group_edit, name="target-group-edit"),
    path(f"{GROUP}remove/", targets.group_remove, name="target-group-remove"),
    path(f"{GROUP}rules/<slug:kind>/", targets.rule_add, name="rule-add"),
    path(f"{GROUP}rules/<uuid:rule_id>/remove/", targets.rule_remove, name="rule-remove"),
    path(f"{GROUP}letters/new/", versions.version_form, name="version-new"),
    path(f"{GROUP}letters/new/preview/", versions.version_preview, name="version-preview-new"),
    path(f"{GROUP}letters/<uuid:version_id>/", versions.version_form, name="version-edit"),
    path(f"{GROUP}letters/<uuid:version_id>/preview/", versions.version_preview, name="version-preview"),
]
BATCH = f"{CONSOLE}batches/<uuid:batch_id>/"
DRIVE, LETTER = f"{CONSOLE}drives/<uuid:drive_id>/", f"{CONSOLE}letters/<uuid:letter_id>/"
delivery_urls = [
    path(DRIVE, drives.drive_detail, name="drive"),
    path(f"{DRIVE}board/", drives.drive_board, name="drive-board"),
    path(f"{DRIVE}offices/", drives.office_list, name="drive-offices"),
    path(f"{DRIVE}edit/", drives.drive_form, name="drive-edit"),
    path(f"{DRIVE}rehearsal/", drives.rehearsal, name="rehearsal"),
    path(f"{DRIVE}do/<slug:verb>/", drive_moves.drive_move, name="drive-move"),
    path(f"{DRIVE}print/", batches.batch_list, name="print-batches"),
    path(f"{DRIVE}print/make/", batches.batch_make, name="print-make"),
    path(BATCH, batches.batch_detail, name="print-batch"),
    path(f"{BATCH}file/<slug:part>/", batches.batch_download, name="print-download"),
    path(f"{BATCH}do/<slug:verb>/", batches.batch_move, name="print-move"),
    path(f"{CONSOLE}letters/", console_letters.letter_list, name="letter-list"),
    path(LETTER, console_letters.letter_detail, name="letter"),
    path(f"{LETTER}do/<slug:verb>/", console_letters.letter_decide, name="letter-decide"),
    path(f"{CONSOLE}departures/", departures.departure_list, name="departures"),
    path(
        f"{DRIVE}departures/<uuid:post_id>/<uuid:legislator_id>/<slug:verb>/",
        departures.departure_move,
        name="departure-move",
    ),
]
PEOPLE, JOB = f"{CONSOLE}supporters/", f"{CONSOLE}jobs/<uuid:job_id>/"
people_urls = [
    path(PEOPLE, supporters.supporter_list, name="supporter-list"),
    path(f"{PEOPLE}<uuid:supporter_id>/", supporters.supporter_detail, name="supporter"),
    path(f"{PEOPLE}<uuid:supporter_id>/tags/", tags.supporter_tag, name="supporter-tag"),
    path(
        f"{PEOPLE}<uuid:supporter_id>/tags/<uuid:tag_id>/remove/",
        tags.supporter_untag,
        name="supporter-untag",
    ),
    path(f"{PEOPLE}tags/", tags.tag_list, name="tag-list"),
    path(f"{PEOPLE}tags/<uuid:tag_id>/delete/", tags.tag_delete, name="tag-delete"),
    path(f"{PEOPLE}all/<slug:verb>/", tags.tag_all, name="tag-all"),
    path(f"{PEOPLE}export/", exports.supporter_export, name="supporter-export"),
    path(f"{PEOPLE}import/", supporter_imports.import_new, name="supporter-import"),
    path(f"{PEOPLE}import/<uuid:job_id>/", supporter_imports.import_plan, name="supporter-import-plan"),
    path(f"{PEOPLE}import/<uuid:job_id>/do/", supporter_imports.import_apply, name="supporter-import-apply"),
    path(
        f"{PEOPLE}import/<uuid:job_id>/report/",
        supporter_imports.import_report,
        name="supporter-import-report",
    ),
    path(f"{PEOPLE}import/<uuid:job_id>/undo/", supporter_imports.import_undo, name="supporter-import-undo"),
    path(f"{PEOPLE}duplicates/", merges.duplicate_list, name="duplicate-list"),
    path(
        f"{PEOPLE}<uuid:supporter_id>/merge/<uuid:other_id>/", merges.supporter_merge, name="supporter-merge"
    ),
    path(f"{PEOPLE}merges/<uuid:merge_id>/undo/", merges.merge_undo, name="merge-undo"),
    path(f"{PEOPLE}signatures/", invalidations.invalidate_signatures, name="signatures"),
    path(
        f"{PEOPLE}signatures/<uuid:invalidation_id>/undo/",
        invalidations.invalidation_undo,
        name="signatures-undo",
    ),
    path(f"{CONSOLE}jobs/", jobs.job_list, name="job-list"),
    path(JOB, jobs.job_detail, name="job"),
    path(f"{JOB}state/", jobs.job_state, name="job-state"),
    path(f"{JOB}do/<slug:verb>/", jobs.job_move, name="job-move"),
    path(f"{JOB}file/", jobs.job_file, name="job-file"),
    path(f"{PEOPLE}review/", review.review_list, name="review"),
    path(f"{PEOPLE}review/<slug:verb>/", review.review_move, name="review-move"),
]
REPLY = f"{CONSOLE}replies/<uuid:reply_id>/"
reply_urls = [
    path(f"{CONSOLE}replies/", replies.reply_list, name="reply-list"),
    path(f"{CONSOLE}replies/offices/", replies.responsiveness, name="responsiveness"),
    path(REPLY, replies.reply_detail, name="reply"),
    path(f"{REPLY}code/", replies.reply_code, name="reply-code"),
    path(f"{REPLY}stance/", replies.reply_stance, name="reply-stance"),
    path(f"{REPLY}stance/decline/", replies.stance_decline, name="stance-decline"),
    path(f"{REPLY}aside/", replies.reply_aside, name="reply-aside"),
    path(f"{REPLY}match/", strays.reply_match, name="reply-match"),
]
settings_urls = [
    path(f"{CONSOLE}sending/", brakes.sending, name="sending"),
    path(f"{CONSOLE}sending/<slug:verb>/", brakes.sending_move, name="sending-move"),
    path(f"{CONSOLE}sending/resume/<slug:channel>/", brakes.channel_resume, name="channel-resume"),
    path(f"{CONSOLE}sending/domains/<str:domain>/", brakes.domain_resume, name="domain-resume"),
    path(f"{CONSOLE}settings/", settings.settings, name="settings"),
    path(f"{CONSOLE}settings/members/", settings.members, name="members"),
    path(f"{CONSOLE}settings/members/<uuid:role_id>/remove/", settings.member_remove, name="member-remove"),
    path(f"{CONSOLE}settings/tokens/", settings.tokens, name="tokens"),
    path(f"{CONSOLE}settings/tokens/<uuid:token_id>/revoke/", settings.token_revoke, name="token-revoke"),
    path(f"{CONSOLE}settings/audit/", settings.audit, name="audit"),
]
console_urls = [
    path("console/", home.choose, name="console"),
    path(CONSOLE, home.home, name="console-home"),
    *policy_urls,
    *fact_urls,
    *campaign_urls,
    *delivery_urls,
    *people_urls,
    *reply_urls,
    *settings_urls,
]

urlpatterns = public_urls + supporter_urls + console_urls + webhook_urls + api_urls + brief_urls
