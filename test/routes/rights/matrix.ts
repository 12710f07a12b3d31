/** Who is answered at an address; everybody else is told that it does not exist, or that they may not. */
export type Row =
  /** Everybody, signed in or not: it names no model, no prediction and no person. */
  | 'open'
  /** Those who are signed in, each with what they may see. */
  | 'list'
  /** Those who see the model. */
  | 'model'
  /** Those who see the prediction. `part`: if it has such a part. */
  | 'prediction'
  | 'part'
  /** Those who see the group of runs. */
  | 'group'
  /** Its account, and operators. */
  | 'own'
  /** Those who may run the model. */
  | 'run'
  /** Members of its owner name, and operators; 403 for others who see it. */
  | 'change'
  /** Operators; 403 for others. */
  | 'operator'
  /** Those who see the file. */
  | 'file'
  /** The address is the permission: a share link, a proof, a callback. */
  | 'address'
  /** Any token: its account's things alone. */
  | 'account'
  /** Tokens of those who may change models of the owner name; 403 for others who see it. */
  | 'operate'

const part = ['output.txt', 'output.csv', 'files.zip', 'pictures/:key', 'sources/:ref']
const parts = [...part, 'inline/:inline/:name', 'given/:inline/:name']
const under = (at: string, names: readonly string[], row: Row) =>
  Object.fromEntries(names.map((name) => [`GET ${at}/${name}`, row] as const))

const v1Model = '/v1/models/:model_owner/:model_name'
const v1Deployment = '/v1/deployments/:deployment_owner/:deployment_name'

/** Every route of the pages and the API. A name that ends with `*` stands for all that begin so. */
export const matrix: Readonly<Record<string, Row>> = {
  'GET /healthz': 'open',
  'GET /readyz': 'open',
  'GET /assets/:name': 'open',
  'POST /theme': 'open',
  'GET /sign*': 'open',
  'POST /sign*': 'open',
  'POST /hooks/*': 'address',
  'GET /hooks/*': 'address',
  'GET /s/*': 'address',
  'POST /s/*': 'address',
  'GET /embed/*': 'address',
  'POST /embed/*': 'address',
  'GET /embed.js': 'open',
  'GET /embed.css': 'open',
  'GET /oembed': 'open',
  'GET /metrics': 'operator',

  'GET /': 'list',
  'GET /search': 'list',
  'GET /llms.txt': 'list',
  'GET /collections/:slug': 'model',
  'GET /docs/api': 'list',
  'GET /:owner/:name': 'model',
  ...under('/:owner/:name', ['api', 'versions', 'versions/:id', 'readme', 'examples'], 'model'),
  'GET /:owner/:name/versions/compare': 'model',
  'GET /:owner/:name/llms.txt': 'model',
  'GET /:owner/:name/assets/:file': 'model',
  // A pattern that is drawn of any name, whether there is such a model or not.
  'GET /:owner/:name/cover': 'list',
  'GET /:owner/:name/embed': 'change',
  'POST /:owner/:name/embed': 'change',
  'POST /:owner/:name/embed/:id/revocation': 'change',
  'GET /:owner/:name/edit': 'change',
  'POST /:owner/:name/edit': 'change',
  ...under('/:owner/:name', ['batch', 'batch/template.csv'], 'model'),
  'POST /:owner/:name/batch': 'run',
  'POST /predictions': 'run',
  'GET /compare': 'list',
  'GET /:owner/:name/sweep': 'model',
  'GET /:owner/:name/sweep/count': 'model',
  'POST /:owner/:name/sweep': 'run',
  'POST /compare': 'list',

  'GET /p/:id': 'prediction',
  ...under(
    '/p/:id',
    ['panel', 'last-runs', 'next-turn', 'prediction.json', 'output.json', 'logs.txt'],
    'prediction',
  ),
  ...under('/p/:id', parts, 'part'),
  'GET /p/:id/record': 'prediction',
  'GET /p/:id/diff': 'part',
  'GET /p/:id/diff/:other': 'prediction',
  'GET /p/:id/diff/:other/pictures/:at': 'part',
  'POST /p/:id/favourite': 'prediction',
  'POST /p/:id/judgement': 'prediction',
  'POST /p/:id/cancellation': 'own',
  'GET /p/:id/shares': 'own',
  'POST /p/:id/shares': 'own',
  'POST /p/:id/shares/*': 'own',
  'GET /g/:id/shares': 'own',
  'POST /g/:id/shares': 'own',
  'POST /g/:id/shares/*': 'own',
  'POST /p/:id/visibility': 'own',
  'POST /p/:id/example': 'own',
  'GET /p/:id/deletion': 'own',
  'POST /p/:id/deletion': 'own',
  'POST /p/:id/cover': 'change',
  'GET /files/:ref/:name': 'file',

  'GET /g/:id/files.zip': 'group',
  'POST /g/:id/export.csv': 'group',
  'POST /g/:id/export.jsonl': 'group',
  'GET /g/:id': 'group',
  'GET /g/:id/panel': 'group',
  'GET /g/:id/judgement': 'group',
  'POST /g/:id/judgement': 'group',
  'POST /g/:id/cancellation': 'own',
  'POST /g/:id/resumption': 'own',
  'POST /g/:id/runs': 'own',
  'POST /g/:id/title': 'own',
  'GET /g/:id/deletion': 'own',
  'POST /g/:id/deletion': 'own',

  'GET /predictions': 'list',
  'GET /predictions/compare': 'list',
  'GET /predictions/files.zip': 'list',
  'GET /predictions/deletion': 'list',
  'POST /predictions/deletion': 'list',
  'GET /predictions/deletion/matching': 'list',
  'POST /predictions/deletion/matching': 'list',
  'POST /predictions/favourites': 'list',
  'POST /predictions/export.jsonl': 'list',
  'POST /predictions/export.csv': 'list',
  'GET /account*': 'list',
  'POST /account*': 'list',

  'GET /models/new': 'operator',
  'POST /models/new': 'operator',
  'POST /models': 'operator',
  'GET /settings*': 'operator',
  'POST /settings*': 'operator',
  'GET /deployments': 'list',
  'GET /deployments/list': 'list',
  'POST /deployments': 'operator',
  'GET /deployments/*': 'operator',
  'POST /deployments/*': 'operator',

  'GET /v1/streams/:token': 'address',
  'GET /v1/files/:file_id/stream': 'address',
  'GET /v1/files/:file_id/download': 'address',
  'GET /v1/files/:file_id/content/:proof/:name': 'address',
  'GET /v1/models': 'list',
  'QUERY /v1/models': 'list',
  'GET /v1/search': 'list',
  'GET /v1/collections': 'list',
  'GET /v1/collections/:collection_slug': 'model',
  [`GET ${v1Model}`]: 'model',
  ...under(v1Model, ['examples', 'readme', 'versions', 'versions/:version_id'], 'model'),
  'POST /v1/models': 'operate',
  [`PATCH ${v1Model}`]: 'operate',
  [`DELETE ${v1Model}`]: 'operate',
  [`POST ${v1Model}/versions`]: 'operate',
  [`DELETE ${v1Model}/versions/:version_id`]: 'operate',
  [`POST ${v1Model}/versions/:version_id/trainings`]: 'account',
  [`POST ${v1Model}/predictions`]: 'run',
  'POST /v1/predictions': 'run',
  'GET /v1/predictions': 'account',
  'GET /v1/predictions/:prediction_id': 'prediction',
  'POST /v1/predictions/:prediction_id/cancel': 'own',
  'GET /v1/deployments': 'account',
  'POST /v1/deployments': 'account',
  [`GET ${v1Deployment}`]: 'account',
  [`PATCH ${v1Deployment}`]: 'account',
  [`DELETE ${v1Deployment}`]: 'account',
  [`POST ${v1Deployment}/predictions`]: 'account',
  'GET /v1/files': 'account',
  'POST /v1/files': 'account',
  'GET /v1/files/:file_id': 'account',
  'DELETE /v1/files/:file_id': 'account',
  'GET /v1/account': 'account',
  'GET /v1/hardware': 'account',
  'GET /v1/webhooks/default/secret': 'account',
  'GET /v1/trainings': 'account',
  'GET /v1/trainings/:training_id': 'account',
  'POST /v1/trainings/:training_id/cancel': 'account',
  'GET /v1/openapi.json': 'account',

  'GET /openai/v1/models': 'list',
  'GET /openai/v1/models/:model': 'model',
  'GET /openai/v1/models/:model_owner/:model_name': 'model',
  'POST /openai/v1/chat/completions': 'run',
  'POST /openai/v1/embeddings': 'run',
  // Also lists what may be run, and reads: `test/routes/mcp` has the rest.
  'POST /mcp': 'run',
}

/** The row of a route; undefined when it is in none. */
export function rowOf(route: string): Row | undefined {
  const [found] = Object.entries(matrix).filter(([name]) =>
    name.endsWith('*') ? route.startsWith(name.slice(0, -1)) : route === name,
  )
  return matrix[route] ?? found?.[1]
}
