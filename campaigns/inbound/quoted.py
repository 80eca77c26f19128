"""An answer without the mail it answers."""

import re

# "On Tuesday … wrote:" as mail programs say it, on one line or two. Anchored and without nested repeats: a hostile
# line costs no time.
_ATTRIBUTION = re.compile(
    r"^(?:On|Le|Am|El|Em|Il|Op|Den|Dnia|W dniu)\b.{4,300}"
    r"(?:wrote|a écrit|schrieb.{0,80}|escribió|escreveu|ha scritto|schreef.{0,80}|skrev.{0,80}|"
    r"napisał\(?a?\)?)\s*:\s*$",
    re.IGNORECASE,
)
_DIVIDER = re.compile(
    r"^\s*(?:-{2,}\s*(?:Original Message|Ursprüngliche Nachricht|Message d'origine|Message original|"
    r"Mensaje original|Messaggio originale|Oorspronkelijk bericht|Forwarded message)\s*-{2,}|_{20,})\s*$",
    re.IGNORECASE,
)
# The block of headers that some programs put above what they quote.
_FROM = re.compile(r"^\s*\*?(?:From|De|Von|Da|Van|Från|Fra)\s?:\*?\s+\S", re.IGNORECASE)
_DETAIL = re.compile(
    r"^\s*\*?(?:Sent|Date|Envoyé|Gesendet|Datum|Enviado|Fecha|Inviato|Verzonden|To|À|An|Para|Subject|Objet|Betreff|"
    r"Asunto|Oggetto)\s?:\*?\s",
    re.IGNORECASE,
)


def without_quotes(text: str) -> str:
    """What the writer wrote themselves: above, below or between what they quote.

    When nothing is left all of the text is given, since something may be in it that we don't understand.
    """
    lines = text.split("\n")
    kept: list[str] = []
    number = 0
    while number < len(lines):
        line = lines[number]
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if _DIVIDER.match(line) or (_FROM.match(line) and _has_details(lines[number + 1 : number + 5])):
            break
        if _ATTRIBUTION.match(line.strip()):
            number += 1
            continue
        if (
            following
            and not line.startswith(">")
            and _ATTRIBUTION.match(f"{line.strip()} {following.strip()}")
        ):
            number += 2
            continue
        if not line.lstrip().startswith(">"):
            kept.append(line.rstrip())
        number += 1
    own = re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
    return own or text.strip()


def _has_details(lines: list[str]) -> bool:
    return sum(bool(_DETAIL.match(line)) for line in lines) >= 2
