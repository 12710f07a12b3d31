import { z } from 'zod'
import { formatJson, type JsonObject, sameJson } from '../../domain/json/json.ts'
import {
  type AddDecision,
  type AddedSource,
  foundSource,
  type ModelSources,
  sourceField,
} from '../model-sources.ts'
import type { ChosenParts, Probed, Where } from '../provider.ts'
import { contentOf, readSource, sourceOf } from './source.ts'

const fieldSchema = z.object({
  node: z.string().max(64),
  input: z.string().max(200),
  name: z.string().max(100).optional(),
  minimum: z.number().nullable().default(null),
  maximum: z.number().nullable().default(null),
})

const workflowSchema = z
  .object({
    url: z.string().max(2_000),
    // `z.json()` refers to itself, which the API's document cannot describe.
    workflow: z.record(z.string(), z.unknown()),
    inputs: z.array(fieldSchema).max(250).optional(),
    outputs: z.array(z.string().max(64)).min(1).max(100).optional(),
  })
  .describe(
    'A ComfyUI workflow: the `url` of the server, the `workflow` as “Export (API)” writes it, and, to choose them, the `inputs` (`node`, `input`, `name`, `minimum`, `maximum`) and the nodes that are `outputs`.',
  )

/** Workflows that operators upload, each with the server that runs it. */
export function createComfySources(
  probe: (where: Where) => Promise<Probed | null>,
  refresh: NonNullable<ModelSources['refresh']>,
): ModelSources {
  return {
    hint: {
      title: 'A ComfyUI workflow',
      noun: 'the URL of a ComfyUI server',
      text: '`http://gpu-1:8188`. Then upload a workflow as “Export (API)” in ComfyUI writes it, and choose which of its values become inputs.',
    },
    fields: {
      comfyui: sourceField(workflowSchema, async ({ url, workflow, inputs, outputs }) => {
        // It was parsed as JSON.
        const where = { text: url, document: formatJson(workflow as JsonObject) }
        const offered = await probe({ ...where, parts: null })
        const parts = inputs || outputs ? partsOf(offered, inputs, outputs) : null
        const probed = parts ? await probe({ ...where, parts }) : offered
        const problem = partsIn(probed)?.problem ?? null
        if (problem !== null) return { ok: false, sentence: problem }
        return foundSource(probed, 'There is no ComfyUI server at this address')
      }),
    },
    refresh,
    urls: (source) => readSource(source)?.urls ?? [],
    add: addServer,
  }
}

function partsIn(probed: Probed | null) {
  return probed?.kind === 'found' ? probed.upstream.models[0]?.parts : undefined
}

/** The parts that a request names; those that it leaves out are the offered ones. */
function partsOf(
  probed: Probed | null,
  inputs: readonly z.output<typeof fieldSchema>[] | undefined,
  outputs: readonly string[] | undefined,
): ChosenParts | null {
  const offered = partsIn(probed)
  if (!offered) return null
  const chosen = offered.inputs.filter(({ isChosen }) => isChosen)
  return {
    inputs:
      inputs?.map(({ node, input, name = input, minimum, maximum }) => ({
        id: `${node}.${input}`,
        name,
        minimum,
        maximum,
      })) ?? chosen,
    outputs: outputs ?? offered.outputs.filter(({ isChosen }) => isChosen).map(({ id }) => id),
  }
}

/** Another server with the same workflow shares the load of a model. Another workflow replaces it. */
function addServer({ source, kept }: AddedSource): AddDecision {
  const added = readSource(source)
  const before = readSource(kept)
  if (!added || !before) return { source }
  if (!sameJson(contentOf(source), contentOf(kept))) return { replaces: before.urls }
  return { source: sourceOf({ ...before, urls: [...before.urls, ...added.urls] }) }
}
