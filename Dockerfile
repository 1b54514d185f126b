# syntax=docker/dockerfile:1
FROM node:22-bookworm-slim AS modules
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM python:3.12-slim-bookworm AS packages
WORKDIR /build
COPY requirements/base.txt ./
RUN python -m venv /opt/venv && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r base.txt

# the free Chinese faces of official papers, taken out of a Debian package (see docs/operations.md)
FROM python:3.12-slim-bookworm AS fonts
WORKDIR /build
COPY ops ops
RUN QC_VAR=/build/var python -m ops.fonts && mkdir -p /build/var/fonts

FROM python:3.12-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PYTHONUTF8=1 PATH=/opt/venv/bin:$PATH QC_VAR=/srv/portal/var \
    XDG_CACHE_HOME=/tmp/cache
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
       libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-noto-cjk fonts-liberation2 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /srv/portal --shell /usr/sbin/nologin portal
WORKDIR /srv/portal
COPY --from=packages /opt/venv /opt/venv
COPY . .
COPY --from=fonts /build/var/fonts var/fonts
RUN --mount=type=bind,from=modules,source=/build/node_modules,target=/build/node_modules \
    python -m ops.assets /build/node_modules
# values that only let the commands start; nothing of them stays in the image
RUN export DJANGO_SETTINGS_MODULE=qualitycity.settings.production DJANGO_SECRET_KEY=only-while-building \
       ALLOWED_HOSTS=localhost DATABASE_URL=postgresql://localhost/none REDIS_URL=redis://localhost/0 \
    && python manage.py compile_catalogues \
    && python manage.py collectstatic --noinput --verbosity 0 \
    && mkdir -p var/media && chown portal:portal var/media
ENV DJANGO_SETTINGS_MODULE=qualitycity.settings.production
USER portal
EXPOSE 8000
CMD ["gunicorn", "qualitycity.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--threads", "4"]
