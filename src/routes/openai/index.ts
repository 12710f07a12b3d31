import { Hono } from 'hono'
import type { Deps } from '../../deps.ts'
import { tokensOnly } from '../api/access.ts'
import { createApiDeps } from '../api/api-deps.ts'
import { rateLimited } from '../api/rate.ts'
import type { ApiEnv } from '../api/route.ts'
import { completeChat } from './chat/chat.ts'
import { makeEmbeddings } from './embeddings.ts'
import { answerError, sendError } from './errors.ts'
import { listModels, showModel } from './models.ts'

/** The part of OpenAI’s API that its clients need for text models, with its own form of errors. */
export function createOpenAi(parts: Deps, getPath: (request: Request) => string) {
  const deps = createApiDeps(parts)
  const api = new Hono<ApiEnv>({ getPath })
  api.use(tokensOnly(deps, { refuse: sendError, scopeOf }))
  api.use(rateLimited(deps, sendError))
  api.get('/openai/v1/models', (c) => listModels(c, deps))
  api.get('/openai/v1/models/:model', (c) => showModel(c, deps, c.req.param('model')))
  // Clients that do not encode the slash.
  api.get('/openai/v1/models/:model_owner/:model_name', (c) => {
    const { model_owner: owner, model_name: name } = c.req.param()
    return showModel(c, deps, `${owner}/${name}`)
  })
  api.post('/openai/v1/chat/completions', (c) => completeChat(c, deps))
  api.post('/openai/v1/embeddings', (c) => makeEmbeddings(c, deps))
  api.notFound((c) => sendError(c, { status: 404, detail: unknownAddress(c.req) }))
  api.onError(answerError(deps))
  return api
}

function scopeOf(method: string): 'read' | 'run' {
  return method === 'POST' ? 'run' : 'read'
}

function unknownAddress({ method, path }: { readonly method: string; readonly path: string }) {
  return `There is no ${method} ${path}. There are GET /openai/v1/models, POST /openai/v1/chat/completions and POST /openai/v1/embeddings.`
}
