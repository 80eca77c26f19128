from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from config import health
from config.mailbox import views as mailbox

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/", include("allauth.urls")),
    path("mailbox/", mailbox.index, name="mailbox"),
    path("mailbox/<str:key>/", mailbox.show, name="mailbox-mail"),
    path("mailbox/<str:key>/html", mailbox.html, name="mailbox-html"),
    path(settings.ADMIN_PATH, admin.site.urls),
    path("", include("campaigns.urls")),
]
