"""What a brief looks like, as one short hash: it counts with the content, so new styles make new files."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from django.conf import settings


@cache
def fingerprint() -> str:
    """A hash of the templates, stylesheets, fonts and drawings of briefs, and of the engine."""
    base = Path(settings.BASE_DIR)
    files = [
        *base.glob("templates/briefs/**/*.html"),
        *base.glob("static/css/brief*.css"),
        *base.glob("static/fonts/*.woff2"),
        *base.glob("policy/charts/*.py"),
        base / "static/css/tokens.css",
        base / "policy/briefs/press.py",
    ]
    digest = hashlib.sha256(f"weasyprint {version('weasyprint')}".encode())
    for path in sorted(files):
        digest.update(path.relative_to(base).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]
