from django.urls import path

from campaigns.api.urls import urlpatterns as api_urls
from campaigns.views import briefs, letters, public, supporter
from campaigns.views.console import campaigns as console_campaigns
from campaigns.views.console import drives, home, issues, legislators, settings, targets
from campaigns.views.console import letters as console_letters

app_name = "campaigns"

# Pages anyone may open
public_urls = [
    path("", public.home, name="home"),
    path("c/<slug:org>/<slug:slug>/", public.campaign_page, name="campaign"),
    path("c/<slug:org>/<slug:slug>/sign/", public.sign, name="sign"),
    path("c/<slug:org>/<slug:slug>/check-mail/", public.check_mail, name="check-mail"),
    path("c/<slug:org>/<slug:slug>/send-link/", public.send_link, name="send-link"),
    path("how-we-count/", public.how_we_count, name="how-we-count"),
    path("privacy/", public.privacy, name="privacy"),
    path("robots.txt", public.robots, name="robots"),
]

# A supporter's own pages, behind a signed link
supporter_urls = [
    path("p/<str:token>/confirm/", supporter.confirm, name="confirm"),
    path("p/<str:token>/", supporter.my_page, name="my-page"),
    path("p/<str:token>/withdraw/", supporter.withdraw, name="withdraw"),
    path("p/<str:token>/letters/<uuid:letter_id>/withdraw/", supporter.withdraw_one, name="withdraw-letter"),
    path("p/<str:token>/stop/", supporter.stop, name="stop"),
    path("p/<str:token>/letter/", letters.edit, name="my-letter"),
    path("p/<str:token>/letter/preview/", letters.preview, name="preview-letter"),
    path("p/<str:token>/letter/check/", letters.check, name="check-letter"),
    path("p/<str:token>/letter/send/", letters.send, name="send-letters"),
    path("p/<str:token>/thanks/", letters.thanks, name="thanks"),
]

# Briefs, for people with a role in the organisation
brief_urls = [
    path("console/<slug:org>/briefs/", briefs.brief_list, name="brief-list"),
    path("console/<slug:org>/briefs/new/", briefs.brief_new, name="brief-new"),
    path("console/<slug:org>/briefs/<uuid:brief_id>/", briefs.brief_detail, name="brief-detail"),
    path("console/<slug:org>/briefs/<uuid:brief_id>/state/", briefs.brief_state, name="brief-state"),
    path("console/<slug:org>/briefs/<uuid:brief_id>/again/", briefs.brief_renew, name="brief-renew"),
    path("console/<slug:org>/briefs/<uuid:brief_id>/pdf/", briefs.brief_download, name="brief-download"),
]

# The console, below the organisation somebody works in
CONSOLE = "console/<slug:org>/"
console_urls = [
    path("console/", home.choose, name="console"),
    path(CONSOLE, home.home, name="console-home"),
    path(f"{CONSOLE}issues/", issues.issue_list, name="issue-list"),
    path(f"{CONSOLE}issues/new/", issues.issue_form, name="issue-new"),
    path(f"{CONSOLE}issues/<uuid:issue_id>/", issues.issue_detail, name="issue"),
    path(f"{CONSOLE}issues/<uuid:issue_id>/edit/", issues.issue_form, name="issue-edit"),
    path(f"{CONSOLE}issues/<uuid:issue_id>/evidence/new/", issues.evidence_form, name="evidence-new"),
    path(f"{CONSOLE}issues/<uuid:issue_id>/evidence/<uuid:evidence_id>/", issues.evidence_form, name="evidence-edit"),
    path(f"{CONSOLE}resources/new/", issues.resource_form, name="resource-new"),
    path(f"{CONSOLE}resources/<uuid:resource_id>/", issues.resource_form, name="resource-edit"),
    path(f"{CONSOLE}measures/new/", issues.measure_form, name="measure-new"),
    path(f"{CONSOLE}measures/<uuid:measure_id>/", issues.measure_detail, name="measure"),
    path(f"{CONSOLE}measures/<uuid:measure_id>/edit/", issues.measure_form, name="measure-edit"),
    path(f"{CONSOLE}measures/<uuid:measure_id>/milestones/", issues.event_add, name="milestone-add"),
    path(f"{CONSOLE}legislators/", legislators.legislator_list, name="legislator-list"),
    path(f"{CONSOLE}legislators/<uuid:legislator_id>/", legislators.legislator_detail, name="legislator"),
    path(f"{CONSOLE}legislators/<uuid:legislator_id>/stances/", legislators.stance_add, name="stance-add"),
    path(f"{CONSOLE}campaigns/", console_campaigns.campaign_list, name="campaign-list"),
    path(f"{CONSOLE}campaigns/new/", console_campaigns.campaign_form, name="campaign-new"),
    path(f"{CONSOLE}campaigns/<uuid:campaign_id>/", console_campaigns.campaign_detail, name="campaign-detail"),
    path(f"{CONSOLE}campaigns/<uuid:campaign_id>/edit/", console_campaigns.campaign_form, name="campaign-edit"),
    path(f"{CONSOLE}campaigns/<uuid:campaign_id>/do/<slug:verb>/", console_campaigns.campaign_move, name="campaign-move"),
    path(f"{CONSOLE}campaigns/<uuid:campaign_id>/groups/new/", targets.group_new, name="target-group-new"),
    path(f"{CONSOLE}campaigns/<uuid:campaign_id>/drives/new/", drives.drive_form, name="drive-new"),
    path(f"{CONSOLE}groups/<uuid:group_id>/", targets.group_detail, name="target-group"),
    path(f"{CONSOLE}groups/<uuid:group_id>/rules/", targets.rule_add, name="rule-add"),
    path(f"{CONSOLE}groups/<uuid:group_id>/rules/<uuid:rule_id>/remove/", targets.rule_remove, name="rule-remove"),
    path(f"{CONSOLE}groups/<uuid:group_id>/letters/new/", targets.version_form, name="version-new"),
    path(f"{CONSOLE}groups/<uuid:group_id>/letters/<uuid:version_id>/", targets.version_form, name="version-edit"),
    path(f"{CONSOLE}drives/<uuid:drive_id>/", drives.drive_detail, name="drive"),
    path(f"{CONSOLE}drives/<uuid:drive_id>/board/", drives.drive_board, name="drive-board"),
    path(f"{CONSOLE}drives/<uuid:drive_id>/edit/", drives.drive_form, name="drive-edit"),
    path(f"{CONSOLE}drives/<uuid:drive_id>/rehearsal/", drives.rehearsal, name="rehearsal"),
    path(f"{CONSOLE}drives/<uuid:drive_id>/do/<slug:verb>/", drives.drive_move, name="drive-move"),
    path(f"{CONSOLE}letters/", console_letters.letter_list, name="letter-list"),
    path(f"{CONSOLE}letters/<uuid:letter_id>/", console_letters.letter_detail, name="letter"),
    path(f"{CONSOLE}letters/<uuid:letter_id>/do/<slug:verb>/", console_letters.letter_decide, name="letter-decide"),
    path(f"{CONSOLE}settings/", settings.settings, name="settings"),
    path(f"{CONSOLE}settings/members/", settings.member_add, name="member-add"),
    path(f"{CONSOLE}settings/members/<uuid:role_id>/remove/", settings.member_remove, name="member-remove"),
    path(f"{CONSOLE}settings/tokens/", settings.token_add, name="token-add"),
    path(f"{CONSOLE}settings/tokens/<uuid:token_id>/revoke/", settings.token_revoke, name="token-revoke"),
    path(f"{CONSOLE}settings/audit/", settings.audit, name="audit"),
]

urlpatterns = public_urls + supporter_urls + console_urls + api_urls + brief_urls
