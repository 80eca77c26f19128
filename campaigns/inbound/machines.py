"""Whether a machine wrote a mail that is no bounce. Such mail is noted, and never answered or passed on."""

import re
from email.message import Message

from campaigns.inbound.reading import header

# What programs put first in the subject of an answer nobody typed. A "Re:" before it means that somebody did.
_SUBJECT = re.compile(
    r"^\W*(?:auto(?:matic)?[ -]?(?:reply|response|responder|generated)|autoreply|auto:|out of (?:the )?office|"
    r"away from (?:the )?office|on vacation|vacation reply|thank you for contacting|we have received your|"
    r"automatische antwort|abwesenheit|nicht im büro|abwesend|"
    r"réponse automatique|absence du bureau|absent du bureau|message d'absence|"
    r"respuesta automática|fuera de (?:la )?oficina|ausente|"
    r"resposta automática|fora do escritório|risposta automatica|fuori sede|"
    r"automatisch antwoord|afwezig|autosvar|automatiskt svar|frånvaro|automaattinen|"
    r"odpowiedź automatyczna|автоответ|自動応答|自动回复|不在)",
    re.IGNORECASE,
)
_MARKS = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Auto-Reply",
    "X-AutoReply-From",
    "X-Mail-Autoreply",
    "X-Auto-Reply-From",
)


def by_machine(message: Message) -> bool:
    """By RFC 3834 (and RFC 5230, RFC 2919), by headers of older programs, and by what their subjects begin with."""
    submitted = header(message, "Auto-Submitted").partition(";")[0].strip().lower()
    if submitted and submitted != "no":
        return True
    if header(message, "Precedence").lower() in ("bulk", "junk", "list", "auto_reply"):
        return True
    if header(message, "X-Auto-Response-Suppress").lower() not in ("", "none"):
        return True
    # A disposition notification (RFC 8098) says that a mail was displayed; no person says so.
    if message.get_param("report-type") in ("disposition-notification", "delivery-status"):
        return True
    if any(name in message for name in (*_MARKS, "List-Id")) or header(message, "Return-Path") == "<>":
        return True
    return bool(_SUBJECT.match(header(message, "Subject")))
