#!/bin/sh
# Makes the virtual environment of a lock file: bootstrap.sh VENV LOCKFILE. Does nothing when it is up to date.
set -eu
venv=$1
lock=$2
py=${PYTHON:-python3}

fail() { echo "error: $*" >&2; exit 1; }

# A stamp holds the checksum of the lock file that was installed (cksum is in POSIX; sha256sum is not on macOS).
sum=$(cksum < "$lock")
stamp=$venv/.stamp-$(basename "$lock")
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$sum" ]; then exit 0; fi
# All files pin the same versions, and the richer ones hold everything the poorer ones do.
if [ "$lock" = requirements.lock ] || [ "$lock" = requirements-dev.lock ]; then
  for richer in requirements-dev.lock requirements-browser.lock requirements-api.lock; do
    [ "$richer" != "$lock" ] || continue
    other=$venv/.stamp-$richer
    if [ -f "$other" ] && [ -f "$richer" ] && [ "$(cat "$other")" = "$(cksum < "$richer")" ]; then exit 0; fi
  done
fi

command -v "$py" >/dev/null 2>&1 || fail "no $py found. Install Python 3.11 or newer, or set PYTHON=/path/to/python3."
"$py" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
  || fail "Python 3.11 or newer is needed; $py is $("$py" -c 'import platform; print(platform.python_version())'). Set PYTHON=/path/to/a/newer/python3."

if [ ! -x "$venv/bin/python" ]; then
  "$py" -m venv "$venv" || fail "Python has no venv module. On Debian or Ubuntu: apt-get install python3-venv"
fi
"$venv/bin/python" -m pip --version >/dev/null 2>&1 || "$venv/bin/python" -m ensurepip >/dev/null \
  || fail "pip is missing in $venv. On Debian or Ubuntu: apt-get install python3-venv"
echo "Installing the locked libraries into $venv (once, about half a minute) …" >&2
"$venv/bin/python" -m pip install -qq --disable-pip-version-check --require-hashes -r "$lock"

debian="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-dejavu-core"
pango() { "$venv/bin/python" -c 'import weasyprint' >/dev/null 2>&1; }
if ! pango; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Pango for the PDFs …" >&2
    # shellcheck disable=SC2086  # a list of packages
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $debian; } >/dev/null || true
  fi
  pango || fail "WeasyPrint needs Pango for the PDFs. Install it and start again:
  Debian, Ubuntu: sudo apt-get install -y $debian
  Fedora:         sudo dnf install -y pango fontconfig dejavu-sans-fonts
  macOS:          brew install pango"
fi
echo "$sum" > "$stamp"
