"""Change or stop a digest from the mail itself, without signing in."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from campaigns.views.console.following import RhythmForm
from policy.actions.follows import set_rhythm
from policy.models import DigestWish, Rhythm
from policy.news import read_wish_token


# The link is the right to do it; mail programs post to it without a form of ours (RFC 8058).
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def digest_wish(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows, POST changes: scanners of mail open every link."""
    whose = read_wish_token(token)
    if whose is None:
        raise Http404
    user, organization = whose
    wish = DigestWish.objects.filter(user=user, organization=organization).first()
    start = {"rhythm": wish.rhythm if wish else Rhythm.WEEKLY}
    if request.method == "POST" and "List-Unsubscribe" in request.POST:
        form = RhythmForm({"rhythm": Rhythm.OFF})
    else:
        form = RhythmForm(request.POST or None, initial=start)
    is_saved = request.method == "POST" and form.is_valid()
    if is_saved:
        set_rhythm(organization=organization, user=user, rhythm=form.cleaned_data["rhythm"])
    context = {"form": form, "organization": organization, "is_saved": is_saved}
    response = render(request, "policy/digest_wish.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
