import { createHash } from 'node:crypto'
import { canonicalJson, type JsonObject } from '../../domain/json/json.ts'
import { type Model, unpresented, versionContent } from '../../domain/model/model.ts'
import type { ModelRef } from '../../domain/model-ref.ts'
import { readSchema } from '../../domain/schema/schema.ts'
import { contentOf, sourceOf, type WorkflowSource } from './source.ts'

/** A workflow as a model. Its version is named by the workflow as well as by its schema. */
export function describeModel(ref: ModelRef, source: WorkflowSource, createdAt: number): Model {
  const schemas = schemasOf(source)
  const content = { ...contentOf(sourceOf(source)), version: versionContent(ref, schemas) }
  const id = createHash('sha256').update(canonicalJson(content)).digest('hex')
  const schema = readSchema(schemas)
  return {
    ref,
    provider: 'comfyui',
    description: '',
    version: { id, model: ref, provider: 'comfyui', schema, createdAt },
    cover: null,
    readme: null,
    ...unpresented,
    examples: [],
    // A server runs one prompt at a time.
    limits: { copies: Math.max(1, source.urls.length), timeoutMs: null, rerun: true },
    broken: null,
    undescribed: null,
  }
}

function schemasOf({ fields, outputs }: WorkflowSource): JsonObject {
  const properties = fields.map(
    ({ name, schema }, at) => [name, { ...schema, 'x-order': at }] as const,
  )
  const required = fields.filter(({ isRequired }) => isRequired).map(({ name }) => name)
  return {
    Input: {
      type: 'object',
      title: 'Input',
      properties: Object.fromEntries(properties),
      ...(required.length > 0 && { required }),
    },
    Output: { title: 'Output', ...outputSchema(outputs) },
  }
}

/** A text, or a list: how many files a node makes depends on the inputs. */
function outputSchema(outputs: WorkflowSource['outputs']): JsonObject {
  const texts = outputs.filter(({ isText }) => isText)
  if (texts.length === 1 && outputs.length === 1) return { type: 'string' }
  const items = { type: 'string', ...(texts.length === 0 && { format: 'uri' }) }
  return { type: 'array', items }
}
