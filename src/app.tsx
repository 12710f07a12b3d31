import { setImmediate as nextTurn } from 'node:timers/promises'
import { Hono, type MiddlewareHandler } from 'hono'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { requestId } from 'hono/request-id'
import { hasPeople } from './config.ts'
import type { Deps } from './deps.ts'
import { once } from './domain/once.ts'
import { apiPageRoutes } from './routes/api-page.tsx'
import { apiReferenceRoutes } from './routes/api-reference.tsx'
import { assetRoutes } from './routes/assets.ts'
import { batchRoutes } from './routes/batch/batch.tsx'
import { comparePageRoutes } from './routes/compare/compare.tsx'
import { coverRoutes } from './routes/covers.ts'
import { collectionSettingsRoutes } from './routes/editing/collections.tsx'
import { coverChoiceRoutes } from './routes/editing/cover-choice.tsx'
import { deploymentPageRoutes } from './routes/editing/deployments.tsx'
import { modelEditRoutes } from './routes/editing/model-edit.tsx'
import { versionSettingsRoutes } from './routes/editing/versions.tsx'
import { embedAssetRoutes } from './routes/embed/assets.ts'
import { embedOutputRoutes, embedRoutes } from './routes/embed/embed-routes.tsx'
import { embedMakingRoutes } from './routes/embed/making.tsx'
import { oEmbedRoutes } from './routes/embed/oembed.ts'
import { elsewhereRoutes } from './routes/explore/elsewhere.tsx'
import { exploreRoutes } from './routes/explore/explore.tsx'
import { machinePageRoutes } from './routes/explore/machine-pages.ts'
import { storedFileRoutes, upstreamFileRoutes } from './routes/files.ts'
import { formFields } from './routes/forms/form-body.ts'
import { cellActionRoutes } from './routes/groups/cell-actions.tsx'
import { groupExportRoutes } from './routes/groups/export.ts'
import { groupJsonRoutes } from './routes/groups/group-json.ts'
import { groupPanelRoutes, groupRoutes } from './routes/groups/group-pages.tsx'
import { createGroupPanels, type GroupPanels } from './routes/groups/group-panels.tsx'
import { healthRoutes } from './routes/health.ts'
import { differenceRoutes } from './routes/history/difference.tsx'
import { exportRoutes } from './routes/history/export.ts'
import { favouriteRoutes } from './routes/history/favourites.tsx'
import { historyRoutes } from './routes/history/history.tsx'
import { massDeletionRoutes } from './routes/history/mass-deletion.tsx'
import { recordRoutes } from './routes/history/record.tsx'
import { selectionRoutes } from './routes/history/selection.tsx'
import { hookRoutes } from './routes/hooks.ts'
import { instanceRoutes } from './routes/instances.tsx'
import { judgementRoutes } from './routes/judgement/judgements.ts'
import { pairRoutes } from './routes/judgement/pairs.tsx'
import { scoreRoutes } from './routes/judgement/scores.tsx'
import { keptPageRoutes } from './routes/kept/kept-page-routes.ts'
import { createOpeningPages, type OpeningPages } from './routes/kept/opening-pages.tsx'
import { createSettledPages } from './routes/kept/settled-pages.tsx'
import { metricsRoutes } from './routes/metrics/metrics.ts'
import { modelRoutes } from './routes/models.tsx'
import { monitorRoutes } from './routes/monitor.tsx'
import { newModelRoutes } from './routes/new-model.tsx'
import { outputRoutes, sharedOutputRoutes } from './routes/outputs.tsx'
import { createPanels, type Panels } from './routes/panels/panels.ts'
import { accountRoutes } from './routes/people/account.tsx'
import { auditRoutes } from './routes/people/audit.tsx'
import { peopleRoutes } from './routes/people/people.tsx'
import { storageRoutes } from './routes/people/storage.tsx'
import { panelRoutes, predictionPageRoutes } from './routes/prediction.tsx'
import { predictionFormRoutes } from './routes/predictions.tsx'
import { compressedAnswers } from './routes/request/compression.ts'
import { errorPage, notFoundPage } from './routes/request/error-page.tsx'
import {
  allowedHostsOnly,
  authentication,
  metricsReaders,
  pageHeaders,
  privateByDefault,
  sameOriginFormsOnly,
} from './routes/request/guards.ts'
import { createRouter, pathReader } from './routes/request/router.ts'
import { knowSender } from './routes/request/sender.ts'
import { settingsRoutes } from './routes/settings.tsx'
import { shareMakingRoutes } from './routes/shares/making.tsx'
import { shareListRoutes } from './routes/shares/share-lists.tsx'
import { sharedPanelRoutes, shareRoutes } from './routes/shares/shared-pages.tsx'
import { signInRoutes } from './routes/sign-in.tsx'
import { sweepRoutes } from './routes/sweep/sweep.tsx'
import { themeRoutes } from './routes/theme.ts'
import { upstreamRoutes } from './routes/upstreams.tsx'
import { versionsPageRoutes } from './routes/versions-page.tsx'
import { lastRunsRoutes } from './routes/workspace/last-runs.tsx'
import { nextTurnRoutes } from './routes/workspace/next-turn.tsx'
import { workspaceRoutes } from './routes/workspace/workspace.tsx'

/** The panels behind the sign-in. */
const panelPaths = ['/p/:id/panel', '/g/:id/panel']

/** The whole application, as a function from a request to a response. */
export function createApp(deps: Deps) {
  const { config } = deps
  const panels = createPanels(deps)
  const groupPanels = createGroupPanels(deps)
  const opening = createOpeningPages(deps)
  const kept = { opening, settled: createSettledPages(deps, panels) }
  const getPath = pathReader(config)
  const app = new Hono({ router: createRouter(), getPath })
  // Loaded with the first request to it: that makes the start shorter.
  const api = once(async () => {
    const { createApi } = await import('./routes/api/index.ts')
    await nextTurn()
    return createApi(deps, getPath)
  })
  const openAi = once(async () => {
    const { createOpenAi } = await import('./routes/openai/index.ts')
    await nextTurn()
    return createOpenAi(deps, getPath)
  })
  const mcp = once(async () => {
    const { createMcp } = await import('./routes/mcp/index.ts')
    await nextTurn()
    return createMcp(deps, getPath)
  })
  const apiDocument = async () => {
    const described = await api()
    const { apiDocument } = await import('./routes/api/document.ts')
    await nextTurn()
    return apiDocument(described, deps)
  }

  app.route('/', healthRoutes(deps))
  // Upstreams may reach us by a name that browsers may not use.
  app.route('/', hookRoutes(deps))
  app.route('/', upstreamFileRoutes(deps))
  app.use(allowedHostsOnly(config))
  for (const path of ['/s/:token/panel', '/s/:token/p/:id/panel', ...panelPaths]) {
    if (deps.inStep) app.use(path, knowOperators(deps.inStep))
    if (hasPeople(config)) app.use(path, knowSender(deps))
  }
  app.route('/', sharedPanelRoutes(deps, { panels, groupPanels }))
  if (deps.inStep) app.use('/v1/*', knowOperators(deps.inStep))
  app.all('/v1/*', async (c) => (await api()).fetch(c.req.raw, c.env))
  if (deps.inStep) app.use('/openai/v1/*', knowOperators(deps.inStep))
  app.all('/openai/v1/*', async (c) => (await openAi()).fetch(c.req.raw, c.env))
  if (deps.inStep) app.use('/mcp', knowOperators(deps.inStep))
  app.all('/mcp', async (c) => (await mcp()).fetch(c.req.raw, c.env))
  if (hasPeople(config)) for (const path of panelPaths) app.use(path, authentication(deps))
  app.route('/', panelRoutes(deps, panels))
  app.route('/', groupPanelRoutes(deps, groupPanels))

  app.route('/', assetRoutes(deps.assets))
  if (deps.inStep) app.use(knowOperators(deps.inStep))
  if (hasPeople(config)) app.use(knowSender(deps))
  app.route('/', keptPageRoutes(deps, kept))

  app.use(requestId())
  app.route('/', embedAssetRoutes(deps))
  app.route('/', embedRoutes(deps, panels))
  app.use(pageHeaders(config, deps.stylesheet))
  app.use(privateByDefault())
  app.use(compressedAnswers())
  app.route('/', sharedOutputRoutes(deps))
  app.route('/', embedOutputRoutes(deps))
  app.route('/', shareRoutes(deps, { panels, groupPanels }))
  app.route('/', oEmbedRoutes(deps))
  app.use('/metrics', ...metricsReaders(deps))
  app.route('/', metricsRoutes(deps))
  app.route('/', signInRoutes(deps))

  app.use(sameOriginFormsOnly(config))
  app.use(authentication(deps))
  app.use(methodNotAllowed({ app }))
  // Forms with files are read as they arrive; those of all other pages are read before their handlers.
  app.route('/', predictionFormRoutes(deps, panels))
  app.route('/', comparePageRoutes(deps, groupPanels))
  app.route('/', sweepRoutes(deps))
  app.route('/', modelEditRoutes(deps))
  app.route('/', batchRoutes(deps))
  app.use(formFields())
  const parts = { panels, groupPanels, opening, apiDocument }
  for (const routes of pageRoutes(deps, parts)) app.route('/', routes)
  app.notFound((c) => notFoundPage(c, deps))
  app.onError((error, c) => errorPage(error, c, deps))
  return app
}

/** After a change of a model or a deployment at one replica, the next request to another one sees it. */
function knowOperators(inStep: () => Promise<void>): MiddlewareHandler {
  return async (_c, next) => {
    await inStep()
    await next()
  }
}

interface PageParts {
  readonly panels: Panels
  readonly groupPanels: GroupPanels
  readonly opening: OpeningPages
  readonly apiDocument: Parameters<typeof apiReferenceRoutes>[1]
}

/** The pages behind the sign-in. `/:owner/:name` comes last: it matches more than model names. */
function pageRoutes(
  deps: Deps,
  { panels, groupPanels, opening, apiDocument }: PageParts,
): readonly Hono[] {
  return [
    storedFileRoutes(deps),
    themeRoutes(deps),
    recordRoutes(deps),
    outputRoutes(deps),
    predictionPageRoutes(deps, panels),
    groupJsonRoutes(deps),
    groupRoutes(deps, groupPanels),
    cellActionRoutes(deps, groupPanels),
    massDeletionRoutes(deps),
    storageRoutes(deps),
    shareMakingRoutes(deps),
    shareListRoutes(deps),
    embedMakingRoutes(deps),
    lastRunsRoutes(deps),
    nextTurnRoutes(deps),
    favouriteRoutes(deps),
    judgementRoutes(deps),
    pairRoutes(deps),
    scoreRoutes(deps),
    coverChoiceRoutes(deps),
    historyRoutes(deps),
    selectionRoutes(deps),
    differenceRoutes(deps),
    exportRoutes(deps),
    groupExportRoutes(deps),
    newModelRoutes(deps),
    accountRoutes(deps),
    settingsRoutes(deps),
    monitorRoutes(deps),
    instanceRoutes(deps),
    versionSettingsRoutes(deps),
    upstreamRoutes(deps),
    peopleRoutes(deps),
    auditRoutes(deps),
    collectionSettingsRoutes(deps),
    deploymentPageRoutes(deps),
    apiReferenceRoutes(deps, apiDocument),
    apiPageRoutes(deps),
    versionsPageRoutes(deps),
    elsewhereRoutes(deps),
    exploreRoutes(deps),
    machinePageRoutes(deps),
    coverRoutes(deps),
    modelRoutes(deps),
    workspaceRoutes(deps, panels, opening),
  ]
}
