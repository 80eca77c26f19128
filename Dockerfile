# One image for web, worker, beat and migrate.
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
RUN python -m venv /venv
COPY requirements.lock .
RUN /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock

FROM python:3.11-slim-bookworm
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-dejavu-core \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --create-home --home-dir /var/lib/outspoken outspoken
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 OUTSPOKEN_DATA_DIR=/var/lib/outspoken/data
WORKDIR /app
COPY --from=build /venv /venv
COPY . .
# Static files need no secret; these values live for this one command only.
RUN OUTSPOKEN_ENV=production OUTSPOKEN_DATA_DIR=/tmp/build SECRET_KEY=build DATABASE_URL=sqlite:////tmp/build.sqlite3 \
    REDIS_URL=redis://build ALLOWED_HOSTS=build SITE_URL=https://build EMAIL_URL=smtp://build DEFAULT_FROM_EMAIL=build@example.org \
    python manage.py collectstatic --noinput -v0 && rm -rf /tmp/build
USER 10001:10001
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", "config.wsgi:application"]
