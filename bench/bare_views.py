"""What signing is compared with: the smallest view with one INSERT, and Django REST framework's usual way.

A site of its own (`bench.bare_settings`), on the same database and below the same server.
"""

from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.urls import path
from django.utils.timezone import now
from rest_framework import generics, serializers

from bench.bare_models import BareSignature

_INSERT = "INSERT INTO bench_signature (name, email, postal_code, comment, at) VALUES (%s, %s, %s, %s, %s)"


def insert(request):
    """One row, one commit; nothing is checked."""
    form = request.POST
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [form["name"], form["email"], form["postal_code"], form["comment"], now()])
    return JsonResponse({"ok": True})


def update(request, pk):
    """The smallest view that turns a row round: what a confirmation is compared with."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE bench_signature SET comment = 'confirmed' WHERE id = %s", [pk])
    return HttpResponse(status=302, headers={"Location": "/"})


class SignatureSerializer(serializers.ModelSerializer):
    class Meta:
        model = BareSignature
        fields = ["name", "email", "postal_code", "comment"]


class SignatureView(generics.CreateAPIView):
    queryset = BareSignature.objects.all()
    serializer_class = SignatureSerializer
    authentication_classes = ()
    permission_classes = ()


urlpatterns = [
    path("insert/", insert),
    path("update/<int:pk>/", update),
    path("drf/", SignatureView.as_view()),
]
