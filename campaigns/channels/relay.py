"""Where mail is handed over, and how that server is spoken to."""

from dataclasses import dataclass, field
from typing import Literal, Self

from django.conf import settings

Security = Literal["none", "starttls", "tls"]


@dataclass(frozen=True)
class Relay:
    """The mail server letters are handed to. Certificates are always verified; times are in seconds."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    security: Security = "none"
    # Trusted instead of the system's authorities: the path of a file with certificates (PEM).
    ca_file: str = ""
    connect_seconds: float = 30
    command_seconds: float = 60
    # RFC 5321 §4.5.3.2.6: wait ten minutes for the reply to the final dot.
    reply_seconds: float = 600

    @classmethod
    def from_settings(cls) -> Self:
        return cls(
            host=settings.EMAIL_HOST,
            port=settings.EMAIL_PORT,
            user=settings.EMAIL_HOST_USER,
            password=settings.EMAIL_HOST_PASSWORD,
            security="tls" if settings.EMAIL_USE_SSL else "starttls" if settings.EMAIL_USE_TLS else "none",
            reply_seconds=settings.SMTP_REPLY_SECONDS,
        )
