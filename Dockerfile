# The gateway as a container: runs no package manager, not as root, and writes nothing. How to use it: deploy/README.md
# Another base, or a mirror's name for it: --build-arg NODE_IMAGE=…
ARG NODE_IMAGE=node:24-alpine

FROM ${NODE_IMAGE} AS build
# npm reads it from the environment. Another registry: --build-arg npm_config_registry=…
ARG npm_config_registry
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY nest-cli.json tsconfig.json tsconfig.build.json ./
COPY src src
COPY client client
COPY nocobase-plugin nocobase-plugin
COPY docs/openapi.json docs/
COPY LICENSE ./
COPY scripts/browser-bundle.mjs scripts/browser-floor.mjs scripts/bundling.mjs scripts/client.mjs scripts/plugin.mjs scripts/program.mjs scripts/
RUN npm run build && find dist -type f \( -name '*.map' -o -name '*.d.ts' \) -delete && mkdir state

FROM ${NODE_IMAGE} AS dependencies
ARG npm_config_registry
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# `optional` drops what packages can use and the gateway does not; TypeScript and source maps are for editors.
RUN npm ci --omit=dev --omit=optional --ignore-scripts \
  && find node_modules -type f \( -name '*.map' -o -name '*.ts' -o -name '*.mts' -o -name '*.cts' \) -delete

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="nocobase-dingtalk-gateway" \
  org.opencontainers.image.description="Sign in to NocoBase with DingTalk" \
  org.opencontainers.image.version="0.1.0" \
  org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
# For a volume, with STATE_FOLDER=/state: a new volume takes its owner and mode from here.
COPY --from=build --chown=65532:65532 --chmod=0700 /app/state /state
# With a mode, so that a strict umask at the checkout does not lock out the image's user.
COPY --chmod=0644 package.json LICENSE deploy/docker/health-check.mjs ./
# A number, because Kubernetes' runAsNonRoot cannot resolve names. The files belong to root.
USER 65532:65532
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["node", "/app/health-check.mjs"]
# Node is process 1 and receives SIGTERM itself. Arguments after the image's name replace `start`.
ENTRYPOINT ["node", "/app/dist/main.js"]
CMD ["start"]
