from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from config import health, language
from config.mailbox import views as mailbox

# The admin has no sign-in of its own: the site's, with its limits and second factor, stands before it.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("language/", language.choose, name="language"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/", include("allauth.urls")),
    path("mailbox/", mailbox.index, name="mailbox"),
    path("mailbox/<str:key>/", mailbox.show, name="mailbox-mail"),
    path("mailbox/<str:key>/html", mailbox.html, name="mailbox-html"),
    path(settings.ADMIN_PATH, admin.site.urls),
    path("", include("policy.urls")),
    path("", include("campaigns.urls")),
]
# A form with more text than we take gets a page that says so.
handler400 = "config.errors.bad_request"
# Below /api/ a server error is a problem document, elsewhere a page.
handler500 = "campaigns.api.problems.server_error"
