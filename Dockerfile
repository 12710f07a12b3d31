# Sandpit as an image. See docs/deploy.md.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# The image has the right Node: the one among the devDependencies, which a script installs, is not needed.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY build ./build
COPY src ./src
COPY views ./views
COPY public ./public
COPY models ./models
RUN npm run build

FROM node:24-slim AS production
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24-slim
ENV HOST=0.0.0.0 \
    PORT=3000 \
    SANDPIT_DATA=/data \
    MALLOC_ARENA_MAX=2 \
    MALLOC_TRIM_THRESHOLD_=131072 \
    MALLOC_MMAP_THRESHOLD_=32768
# HOST lets other machines in, so Sandpit does not start until SANDPIT_AUTH says who may use it.
WORKDIR /app
COPY --from=production /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# Data, and the compiled code that Node keeps.
RUN mkdir -m 700 /data dist/compile-cache && chown node:node /data dist/compile-cache
COPY package.json LICENSE ./
COPY models ./models
USER node
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "const { PORT, SANDPIT_URL } = process.env; const path = new URL(SANDPIT_URL || 'http://localhost').pathname.replace(/[/]+$/, ''); fetch('http://127.0.0.1:' + PORT + path + '/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=4", "dist/src/main.js"]
