"""The octets of a letter as SMTP carries them."""

# RFC 5322 §2.1.1, without CRLF.
_LONGEST_LINE = 998


def unfit(data: bytes) -> str:
    """Why these bytes can't be handed over as they are; empty when they can.

    A lone CR or LF is how a second mail is smuggled into the first: some servers take it for a line end.
    """
    if not data.endswith(b"\r\n"):
        return "not sent: the letter does not end with a line end"
    if not data.isascii() or b"\0" in data:
        return "not sent: the letter is not plain ASCII"
    ends = data.count(b"\r\n")
    if data.count(b"\r") != ends or data.count(b"\n") != ends:
        return "not sent: the letter has a line end that is not CRLF"
    if max(map(len, data.split(b"\r\n"))) > _LONGEST_LINE:
        return "not sent: the letter has a line that is too long"
    return ""


def stuffed(data: bytes) -> bytes:
    """The letter with the dots at line starts doubled (RFC 5321 §4.5.2)."""
    return (b"." if data.startswith(b".") else b"") + data.replace(b"\r\n.", b"\r\n..")
