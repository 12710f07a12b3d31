import type { JsonObject } from '../../../domain/json/json.ts'
import { objectIn, textIn } from '../../../domain/json/parts.ts'
import { fileShape } from './file-shape.ts'

/** The schema of what an endpoint returns in one of its components. */
export function outputOf(returned: JsonObject): JsonObject {
  const title = textIn(returned.label)
  return { ...schemaOf(returned), ...(title === '' ? {} : { title }) }
}

function schemaOf({ component, type }: JsonObject): JsonObject {
  if (component === 'Markdown') return { type: 'string', contentMediaType: 'text/markdown' }
  if (component === 'Gallery') return { type: 'array', items: {} }
  const read = objectIn(type)
  const file = fileShape(read)
  if (file?.isList) return { type: 'array', items: { type: 'string', format: 'uri' } }
  if (file) return { type: 'string', format: 'uri' }
  switch (read.type) {
    case 'string':
    case 'boolean':
    case 'number':
      return { type: read.type }
    // Apps round as they like.
    case 'integer':
      return { type: 'number' }
    case 'array':
      return { type: 'array', items: {} }
    default:
      return {}
  }
}
