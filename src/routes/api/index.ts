import { randomUUID } from 'node:crypto'
import { OpenAPIHono } from '@hono/zod-openapi'
import type { ErrorHandler } from 'hono'
import type { Deps } from '../../deps.ts'
import { FilesAway, NoSpace, StillReading, StoreBusy } from '../../domain/unavailable.ts'
import { BadForm } from '../forms/multipart.ts'
import { tokensOnly } from './access.ts'
import { accountRoutes } from './account.ts'
import { createApiDeps } from './api-deps.ts'
import { collectionRoutes } from './collections/collections.ts'
import { deploymentChangeRoutes } from './deployments/deployment-changes.ts'
import { deploymentRoutes } from './deployments/deployments.ts'
import { documentRoutes } from './document.ts'
import { contentRoutes } from './files/content.ts'
import { fileRoutes } from './files/files.ts'
import { modelListRoutes } from './models/model-lists.ts'
import { modelPageRoutes } from './models/model-pages.ts'
import { modelRecordRoutes } from './models/models.ts'
import { versionRoutes } from './models/versions.ts'
import { predictionRoutes } from './predictions/predictions.ts'
import { streamRoutes } from './predictions/streams.ts'
import { trainingRoutes } from './predictions/trainings.ts'
import { databaseBusy, filesAway, noRoom, notFound, sendProblem, stillReading } from './problem.ts'
import { rateLimited } from './rate.ts'
import type { Api, ApiEnv, RouteGroup } from './route.ts'

/** The routes that need a token, in the order of the document. */
const groups: readonly RouteGroup[] = [
  predictionRoutes,
  modelListRoutes,
  modelRecordRoutes,
  modelPageRoutes,
  versionRoutes,
  deploymentRoutes,
  deploymentChangeRoutes,
  collectionRoutes,
  fileRoutes,
  accountRoutes,
  trainingRoutes,
  documentRoutes,
]

/** The routes that need none: their addresses prove that we gave them out. */
const openGroups: readonly RouteGroup[] = [streamRoutes, contentRoutes]

/** The HTTP API that Replicate’s clients speak, with its own authentication and errors. */
export function createApi(parts: Deps, getPath: (request: Request) => string) {
  const deps = createApiDeps(parts)
  const api = new OpenAPIHono<ApiEnv>({ getPath })
  for (const group of openGroups) group(api, deps)
  api.use(tokensOnly(deps))
  api.use(rateLimited(deps))
  for (const group of groups) group(api, deps)
  refuseOtherMethods(api)
  api.notFound((c) => sendProblem(c, notFound('The requested resource could not be found.')))
  api.onError(answerError(deps))
  return api
}

/** Answers 405 for a path that exists with another method. */
function refuseOtherMethods(api: Api): void {
  const routes = api.routes.filter(({ method }) => method !== 'ALL')
  for (const [path, taken] of Map.groupBy(routes, (route) => route.path)) {
    const methods = taken.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
    const allowed = [...new Set(methods)].join(', ')
    api.all(path, (c) => {
      c.header('Allow', allowed)
      return sendProblem(c, { status: 405, detail: `${c.req.path} takes ${allowed}.` })
    })
  }
}

function answerError({ log }: Deps): ErrorHandler<ApiEnv> {
  return (error, c) => {
    if (error instanceof BadForm) return sendProblem(c, { status: 400, detail: error.message })
    if (error instanceof NoSpace) return sendProblem(c, noRoom)
    if (error instanceof StillReading) return sendProblem(c, stillReading)
    if (error instanceof StoreBusy) return sendProblem(c, databaseBusy)
    if (error instanceof FilesAway) return sendProblem(c, filesAway)
    const request = randomUUID()
    log.error({ error, path: c.req.path, request }, 'A request of the API failed')
    c.header('X-Request-Id', request)
    const detail = `Something went wrong on the server. Its log has the details: request ${request}.`
    return sendProblem(c, { title: 'Internal server error', status: 500, detail })
  }
}
