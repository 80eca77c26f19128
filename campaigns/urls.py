from django.urls import path

from campaigns.api.urls import urlpatterns as api_urls
from campaigns.views import briefs, letters, public, supporter

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

urlpatterns = public_urls + supporter_urls + api_urls + brief_urls
