import type { CallToolResult, Tool } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { shortened } from '../../../domain/json/excerpt.ts'
import type { JsonObject } from '../../../domain/json/json.ts'
import { makes } from '../../../domain/model/makes.ts'
import type { Model } from '../../../domain/model/model.ts'
import { modelName } from '../../../domain/model-ref.ts'
import type { PredictionAction } from '../../../domain/policy.ts'
import { findAllowed } from '../../people/looks.ts'
import { type Call, errorResult, textResult } from '../call.ts'
import { runModel, waitFor } from '../run.ts'
import { inputOf, toolSchema } from './schema.ts'

/** A tool of the server itself. */
export interface OwnTool {
  readonly tool: Tool
  /** `models`: those that the caller may run. */
  call(call: Call, given: JsonObject, models: readonly Model[]): Promise<CallToolResult>
}

/** Reading its arguments is one with its schema. */
function ownTool<Schema extends z.ZodObject>(
  { name, title, description, readOnly }: ToolText,
  schema: Schema,
  answer: (call: Call, read: z.output<Schema>, models: readonly Model[]) => Promise<CallToolResult>,
): OwnTool {
  const { properties, required } = z.toJSONSchema(schema, { io: 'input' })
  const inputSchema: Tool['inputSchema'] = JSON.parse(
    JSON.stringify({ type: 'object', properties, required }),
  )
  return {
    tool: {
      name,
      title,
      description,
      inputSchema,
      annotations: { readOnlyHint: readOnly, openWorldHint: !readOnly },
    },
    async call(call, given, models) {
      const read = schema.safeParse(given)
      return read.success
        ? answer(call, read.data, models)
        : errorResult(z.prettifyError(read.error))
    },
  }
}

interface ToolText {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly readOnly: boolean
}

const longestWaitSeconds = 45

const id = z.string().describe('The id of the prediction.')

const getPrediction = ownTool(
  {
    name: 'get_prediction',
    title: 'Get a prediction',
    description: 'Gets the result of a run by its id, and waits for it if it still runs.',
    readOnly: true,
  },
  z.object({
    id,
    wait: z
      .number()
      .min(0)
      .max(longestWaitSeconds)
      .default(longestWaitSeconds)
      .describe('Seconds to wait while it runs.'),
  }),
  async (call, { id, wait }) =>
    (await isAllowed(call, id, 'see'))
      ? waitFor(call, id, Math.min(wait * 1000, call.waitMs))
      : noPrediction(id),
)

const cancelPrediction = ownTool(
  {
    name: 'cancel_prediction',
    title: 'Cancel a prediction',
    description: 'Cancels a run by its id. One that has ended does not change.',
    readOnly: false,
  },
  z.object({ id }),
  async (call, { id }) => {
    if (!(await isAllowed(call, id, 'cancel'))) return noPrediction(id)
    await call.deps.runner.cancel(id)
    return waitFor(call, id, 0)
  },
)

async function isAllowed({ c, deps, viewer }: Call, id: string, action: PredictionAction) {
  return (await findAllowed(c, deps, viewer, id, action)) !== null
}

function noPrediction(id: string): CallToolResult {
  return errorResult(`There is no prediction ${JSON.stringify(shortened(id))} of yours.`)
}

const mostFound = 20

const searchModels = ownTool(
  {
    name: 'search_models',
    title: 'Search models',
    description:
      'Searches the models of this server by what they do. Describe one with describe_model before you run it with run_model.',
    readOnly: true,
  },
  z.object({ query: z.string().max(500).describe('Words, or nothing to list all.') }),
  async ({ deps }, { query }, models) => {
    const found = await deps.modelSearch.find(models, query)
    if (found.length === 0) return textResult('No model matches. Search with other words.')
    const lines = found.slice(0, mostFound).map(({ model }) => line(model))
    const more = found.length - lines.length
    return textResult([...lines, ...(more > 0 ? [`And ${more} more.`] : [])].join('\n'))
  },
)

function line(model: Model): string {
  const description = shortened(model.description.replaceAll(/\s+/g, ' '), 200)
  return `${modelName(model.ref)} (makes: ${makes(model)}): ${description}`
}

const model = z.string().describe('The name of the model: owner/name.')

const describeModel = ownTool(
  {
    name: 'describe_model',
    title: 'Describe a model',
    description: 'Says what a model does and which inputs it takes, as a JSON schema.',
    readOnly: true,
  },
  z.object({ model }),
  async (_call, { model: name }, models) => {
    const found = named(models, name)
    if (!found) return noModel(name)
    const readme = found.readme === null ? [] : [shortened(found.readme, 4_000)]
    const schema = JSON.stringify(toolSchema(found.version.schema))
    return textResult([line(found), `Input: ${schema}`, ...readme].join('\n\n'))
  },
)

const runAnyModel = ownTool(
  {
    name: 'run_model',
    title: 'Run a model',
    description: 'Runs a model with an input that fits the schema that describe_model gives.',
    readOnly: false,
  },
  z.object({ model, input: z.record(z.string(), z.unknown()).describe('Its inputs, by name.') }),
  async (call, { model: name, input }, models) => {
    const found = named(models, name)
    // The arguments were parsed from JSON.
    return found
      ? runModel(call, found, inputOf(found.version.schema, input as JsonObject))
      : noModel(name)
  },
)

function named(models: readonly Model[], name: string): Model | null {
  return models.find(({ ref }) => modelName(ref) === name) ?? null
}

function noModel(name: string): CallToolResult {
  return errorResult(`There is no model ${JSON.stringify(shortened(name))}. Use search_models.`)
}

/** The tools with which models are found that are no tools of their own. */
export const findingTools: readonly OwnTool[] = [searchModels, describeModel, runAnyModel]

/** The tools that there always are. */
export const standingTools: readonly OwnTool[] = [getPrediction, cancelPrediction]
