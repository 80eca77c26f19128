from django.urls import re_path

from policy import views

app_name = "policy"

urlpatterns = [
    # A brief prints the first sixteen digits of its hash; more are as good.
    re_path(r"^briefs/(?P<digest>[0-9a-f]{16,64})/$", views.brief_version, name="brief-version"),
]
