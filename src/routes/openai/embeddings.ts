import { formatJson, isList, isObject, type Json, type JsonObject } from '../../domain/json/json.ts'
import type { Model } from '../../domain/model/model.ts'
import { embeddedInput } from '../../domain/model/text-model.ts'
import { modelName } from '../../domain/model-ref.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import type { ModelSchema } from '../../domain/schema/schema.ts'
import type { ApiDeps } from '../api/api-deps.ts'
import { readJsonBody } from '../api/body.ts'
import { unauthenticated } from '../api/problem.ts'
import { type ApiContext, jsonHeaders } from '../api/route.ts'
import { encoded, largeOutputItems, largeOutputOf } from '../files/large-output.ts'
import { outcomeOf, usageOf } from './chat/completion.ts'
import { namedInputs } from './chat/input.ts'
import type { Reading } from './chat/request.ts'
import { type ApiError, badRequest, sendError, unsupported } from './errors.ts'
import { isOver, startHeldRun } from './held-run.ts'
import { findModel, noModel, otherKind } from './models.ts'

/** OpenAI’s own limit; of a model that takes one at a time, each is a run. */
const mostTexts = { together: 2_048, oneByOne: 100 }

const ofTheRequest: ReadonlySet<string> = new Set(['model', 'input', 'encoding_format', 'user'])

/** Makes embeddings of texts: as one prediction, or one for each text where the model takes one at a time. */
export async function makeEmbeddings(c: ApiContext, deps: ApiDeps): Promise<Response> {
  const body = await readJsonBody(c)
  if (!body.ok) return sendError(c, body.problem)
  const read = readRequest(body.json)
  if (!read.ok) return sendError(c, read.error)
  const { value: request } = read
  const model = await findModel(c, deps, request.model)
  if (!model) return sendError(c, noModel(request.model))
  const { schema } = model.version
  const field = embeddedInput(schema)
  if (!field) return sendError(c, otherKind(model))
  const isOneByOne = field.schema.type === 'string'
  const refused = refusedMember(schema, request, isOneByOne)
  if (refused) return sendError(c, refused)
  const named = namedInputs(schema, request.body, ofTheRequest)
  const inputs: readonly Json[] = isOneByOne ? request.texts : [request.texts]
  const runs: Prediction[] = []
  for (const input of inputs) {
    const run = await runToEnd(c, deps, model, { ...named, [field.name]: input })
    if (!run.ok) return sendError(c, run.error)
    runs.push(run.value)
  }
  return c.body(encoded(answer(deps, model, runs, request.isBase64)), 200, jsonHeaders)
}

/** The member of a request that this model cannot be asked with. */
function refusedMember(
  { input }: ModelSchema,
  { body, texts }: EmbeddingsRequest,
  isOneByOne: boolean,
): ApiError | null {
  if (isOneByOne && texts.length > mostTexts.oneByOne)
    return badRequest(
      `This model takes one text at a time: send at most ${mostTexts.oneByOne}.`,
      'input',
    )
  const { dimensions = null } = body
  if (dimensions === null || input.some(({ name }) => name === 'dimensions')) return null
  return unsupported('dimensions', 'The length of its embeddings is fixed: leave it out.')
}

interface EmbeddingsRequest {
  readonly model: string
  readonly texts: readonly string[]
  readonly isBase64: boolean
  readonly body: JsonObject
}

function readRequest(body: Json): Reading<EmbeddingsRequest> {
  const wrong = (detail: string, param: string) =>
    ({ ok: false, error: badRequest(detail, param) }) as const
  if (!isObject(body)) return wrong('The body must be a JSON object.', 'body')
  const { model, input = null, encoding_format: format = 'float' } = body
  if (typeof model !== 'string') return wrong('model must be the name of a model.', 'model')
  if (format !== 'float' && format !== 'base64')
    return wrong('encoding_format must be float or base64.', 'encoding_format')
  const given = isList(input) ? input : [input]
  const texts = given.filter((text) => typeof text === 'string')
  if (texts.length < given.length || texts.length === 0)
    return wrong('input must be a text, or a list of texts. Tokens are not taken.', 'input')
  if (texts.length > mostTexts.together)
    return wrong(`input can have at most ${mostTexts.together} texts.`, 'input')
  return { ok: true, value: { model, texts, isBase64: format === 'base64', body } }
}

async function runToEnd(
  c: ApiContext,
  deps: ApiDeps,
  model: Model,
  input: JsonObject,
): Promise<Reading<Prediction>> {
  const run = await startHeldRun(c, deps, model, input)
  if (!run.ok) return { ok: false, error: run.problem }
  const ended = await run.held.until(isOver)
  run.held.end()
  if (!(await c.get('isStillIn')())) return { ok: false, error: unauthenticated }
  const outcome = outcomeOf(ended)
  return outcome.ok ? { ok: true, value: outcome.prediction } : outcome
}

/** The JSON of the answer, one embedding at a time: thousands of them are tens of megabytes. */
async function* answer(
  deps: ApiDeps,
  model: Model,
  runs: readonly Prediction[],
  isBase64: boolean,
): AsyncGenerator<string> {
  let index = 0
  yield '{"object":"list","data":['
  for (const run of runs)
    for await (const vector of vectorsOf(deps, run)) {
      const embedding = isBase64 ? base64Of(vector) : vector
      const json = formatJson({ object: 'embedding', index, embedding })
      yield index++ === 0 ? json : `,${json}`
    }
  yield `],"model":${JSON.stringify(modelName(model.ref))}${usageJson(runs)}}`
}

/** The member with how many tokens were read, if all runs say it. */
function usageJson(runs: readonly Prediction[]): string {
  const counts = runs.map((run) => usageOf(run)?.prompt_tokens)
  if (counts.some((count) => count === undefined)) return ''
  const tokens = counts.reduce<number>((sum, count) => sum + Number(count), 0)
  return `,"usage":{"prompt_tokens":${tokens},"total_tokens":${tokens}}`
}

type Vector = readonly number[]

async function* vectorsOf(deps: ApiDeps, prediction: Prediction): AsyncGenerator<Vector> {
  const own: number[] = []
  for await (const items of outputItems(deps, prediction))
    for (const item of items) {
      if (isList(item)) yield item.map(Number)
      else own.push(Number(item))
    }
  if (own.length > 0) yield own
}

async function* outputItems(deps: ApiDeps, prediction: Prediction) {
  const large = largeOutputOf(prediction)
  if (large) yield* largeOutputItems(deps.files, large)
  else if (isList(prediction.output)) yield prediction.output
}

/** The numbers as little-endian floats of 32 bits, which OpenAI’s client for Node.js asks for. */
function base64Of(vector: Vector): string {
  const bytes = Buffer.alloc(vector.length * 4)
  for (const [at, value] of vector.entries()) bytes.writeFloatLE(value, at * 4)
  return bytes.toString('base64')
}
