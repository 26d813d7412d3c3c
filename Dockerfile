# syntax=docker/dockerfile:1
# Serves one project: docker build -t tessera . && docker run --network container:PROXY -v ./shop:/project -v shop-data:/project/warehouse tessera
#
# The server has no users yet and listens on loopback alone, so a published port (-p) reaches nothing. Run it in the network namespace of a
# proxy that signs people in (--network container:PROXY, a second container of a pod, or --network host); see api/deploy/nginx.conf.
FROM node:22-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:22-slim
ENV NODE_ENV=production
WORKDIR /opt/tessera
COPY --from=build /src/package.json /src/LICENSE /src/README.md /src/tessera.cjs /src/register.mjs /src/resolve-tessera.mjs ./
COPY --from=build /src/node_modules ./node_modules
COPY --from=build /src/dist ./dist
RUN ln -s /opt/tessera/tessera.cjs /usr/local/bin/tessera \
  && mkdir -p /project/warehouse && chown -R node:node /project
USER node
WORKDIR /project
VOLUME /project/warehouse
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT ?? 4100}/health`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["tessera"]
CMD ["serve", "--schedule"]
