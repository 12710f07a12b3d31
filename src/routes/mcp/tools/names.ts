import { createHash } from 'node:crypto'
import { type ModelRef, modelName } from '../../../domain/model-ref.ts'

/** APIs of assistants refuse a request with a tool of any other name, or with such a name of an argument. */
const allowed = /^[A-Za-z0-9_-]+$/
const mostUnits = 60
const hashUnits = 8

/**
 * The name of a model as a tool: `owner__name`. One that assistants would refuse, or that could be read as
 * another one, ends with a hash.
 */
export function toolName(ref: ModelRef): string {
  const { owner, name } = ref
  const isPlain = ![owner, name].some((part) => part.includes('__'))
  return named(`${owner}__${name}`, modelName(ref), isPlain)
}

/** The name of an input as the argument of a tool. */
export function argumentName(input: string): string {
  return named(input, input, true)
}

function named(text: string, whole: string, isPlain: boolean): string {
  if (isPlain && text.length <= mostUnits && allowed.test(text)) return text
  const hash = createHash('sha256').update(whole).digest('hex').slice(0, hashUnits)
  const kept = text.replace(/[^A-Za-z0-9_-]/g, '-').slice(0, mostUnits - hashUnits - 1)
  return `${kept}_${hash}`
}
