import { type Context, Hono } from 'hono'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { requestId } from 'hono/request-id'
import { getPath } from 'hono/utils/url'
import { MessagePage, StillReadingPage } from '../views/pages/message-page.tsx'
import type { Deps } from './deps.ts'
import { once } from './domain/once.ts'
import {
  busyRetrySeconds,
  NoSpace,
  readingRetrySeconds,
  StillReading,
  StoreBusy,
} from './domain/unavailable.ts'
import { apiPageRoutes } from './routes/api-page.tsx'
import { apiReferenceRoutes } from './routes/api-reference.tsx'
import { assetRoutes } from './routes/assets.ts'
import { collectionPageRoutes } from './routes/collections-page.tsx'
import { storedFileRoutes } from './routes/files.ts'
import { formFields } from './routes/forms/form-fields.ts'
import { BadForm } from './routes/forms/multipart.ts'
import { healthRoutes } from './routes/health.ts'
import { upstreamFileRoutes } from './routes/hook-files.ts'
import { hookRoutes } from './routes/hooks.ts'
import { metricsRoutes } from './routes/metrics.ts'
import { modelRoutes } from './routes/models.tsx'
import { newModelRoutes } from './routes/new-model.tsx'
import { outputRoutes, sharedOutputRoutes } from './routes/outputs.tsx'
import { createPanels } from './routes/panels/panels.ts'
import { panelRoutes, predictionPageRoutes } from './routes/prediction.tsx'
import { predictionListRoutes } from './routes/predictions.tsx'
import {
  allowedHostsOnly,
  authentication,
  authenticationOrToken,
  compressedPages,
  pageHeaders,
  privateByDefault,
  sameOriginFormsOnly,
  shortFormsOnly,
} from './routes/request/guards.ts'
import { page } from './routes/request/page.tsx'
import { createRouter } from './routes/request/router.ts'
import { headerText } from './routes/request/viewer.ts'
import { settingsRoutes } from './routes/settings.tsx'
import { sharedPanelRoutes, shareRoutes } from './routes/shares.tsx'
import { themeRoutes } from './routes/theme.ts'
import { versionsPageRoutes } from './routes/versions-page.tsx'
import { webhookTestRoutes } from './routes/webhook-test.tsx'

/** The whole application, as a function from a request to a response. */
export function createApp(deps: Deps) {
  const { config } = deps
  const panels = createPanels(deps)
  const getPath = (request: Request) => ownPath(request, deps)
  const app = new Hono({ router: createRouter(), getPath })
  // A server of pages starts without it.
  const api = once(async () => (await import('./routes/api/index.ts')).createApi(deps, getPath))
  app.route('/', healthRoutes(deps))
  // Upstreams may know us by another name.
  app.route('/', hookRoutes(deps))
  app.route('/', upstreamFileRoutes(deps))
  app.use(allowedHostsOnly(config))
  app.route('/', sharedPanelRoutes(deps, panels))
  app.all('/v1/*', async (c) => (await api()).fetch(c.req.raw, c.env))
  app.use('/p/:id/panel', authentication(config))
  app.route('/', panelRoutes(deps, panels))
  app.use(requestId())
  app.use(pageHeaders(config, deps.stylesheet))
  app.use(privateByDefault())
  app.use(compressedPages())
  app.route('/', assetRoutes(deps.assets))
  app.route('/', sharedOutputRoutes(deps))
  app.route('/', shareRoutes(deps, panels))
  app.use('/metrics', authenticationOrToken(config))
  app.route('/', metricsRoutes(deps))
  app.use(authentication(config))
  app.use(sameOriginFormsOnly(config))
  app.use(shortFormsOnly())
  app.use(formFields())
  app.use(methodNotAllowed({ app }))
  app.route('/', storedFileRoutes(deps))
  app.route('/', themeRoutes(deps))
  app.route('/', predictionListRoutes(deps, panels))
  app.route('/', outputRoutes(deps))
  app.route('/', predictionPageRoutes(deps, panels))
  app.route('/', newModelRoutes(deps))
  app.route('/', settingsRoutes(deps))
  app.route('/', webhookTestRoutes(deps))
  app.route('/', collectionPageRoutes(deps))
  app.route(
    '/',
    apiReferenceRoutes(deps, async () =>
      (await import('./routes/api/document.ts')).apiDocument(await api(), deps),
    ),
  )
  app.route('/', apiPageRoutes(deps))
  app.route('/', versionsPageRoutes(deps))
  app.route('/', modelRoutes(deps))
  app.notFound((c) =>
    page(
      c,
      deps,
      <MessagePage
        title='Page not found'
        text='There is no model, prediction or page at this address. It may have been deleted, or the link may be incomplete.'
      />,
      404,
    ),
  )
  app.onError((error, c) => answerError(error, c, deps))
  return app
}

/** The path below the one we are served under, whether the proxy passed that on or took it off. */
function ownPath(request: Request, { config }: Deps): string {
  const path = getPath(request)
  const { base, trustProxy } = config
  if (base === '') return path
  if (path === base) return '/'
  if (path.startsWith(`${base}/`)) return path.slice(base.length)
  // Whoever watches the process asks it directly.
  if (path === '/healthz' || path === '/readyz') return path
  return trustProxy && prefixOf(request) === base ? path : `/outside${path}`
}

/** The path that a proxy says it took off, written as in an address. */
function prefixOf(request: Request): string | undefined {
  const said = headerText(request.headers.get('X-Forwarded-Prefix') ?? '')
  return URL.parse(said, 'http://localhost')?.pathname.replace(/(?<!\/)\/+$/, '')
}

const noSpaceText =
  'The server’s disk is full, so nothing was saved. Its operator needs to free some space.'

const busyText =
  'The server’s database is locked by another program, so nothing was saved. Try again in a moment.'

function answerError(error: Error, c: Context, deps: Deps) {
  if (error instanceof BadForm)
    return page(
      c,
      deps,
      <MessagePage title='That form could not be read' text={error.message} />,
      400,
    )
  if (error instanceof NoSpace)
    return page(c, deps, <MessagePage title='That could not be saved' text={noSpaceText} />, 507)
  if (error instanceof StillReading) {
    c.header('Retry-After', String(readingRetrySeconds))
    // Only what was to be looked at comes by itself.
    const comes = c.req.method === 'GET'
    if (comes) c.header('Refresh', String(readingRetrySeconds))
    return page(c, deps, <StillReadingPage count={error.count} comes={comes} />, 503)
  }
  if (error instanceof StoreBusy) {
    c.header('Retry-After', String(busyRetrySeconds))
    const busy = <MessagePage title='The database is in use' text={busyText} />
    return page(c, deps, busy, 503)
  }
  // Middleware says what it refuses by an error that carries its answer.
  if ('getResponse' in error && typeof error.getResponse === 'function')
    return error.getResponse() as Response
  const request = c.get('requestId')
  deps.log.error({ error, path: c.req.path, request }, 'A request failed')
  const text = `Something went wrong on the server, and nothing was run. Its log has the details: request ${request}.`
  return page(c, deps, <MessagePage title='That did not work' text={text} />, 500)
}
