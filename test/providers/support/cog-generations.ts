import { isList, isObject, type Json, type JsonObject } from '../../../src/domain/json/json.ts'

/** Which Cog a container was built with. */
export type Generation = '0.9' | '0.14' | '0.16' | 'coglet'
export const generations = ['0.9', '0.14', '0.16', 'coglet'] as const satisfies Generation[]

/** The problem of one input, as data. */
interface Problem {
  readonly field: string
  readonly kind: 'missing' | 'type' | 'greater' | 'body'
  readonly bound?: number
}

/** Checks an input as far as the tests need it: what is missing, of another type, or too great. */
export function problemsOf(input: Json | undefined, schema: JsonObject, by: Generation): Problem[] {
  if (!isObject(input)) return [{ field: '', kind: 'body' }]
  const properties = isObject(schema.properties) ? schema.properties : {}
  const required = isList(schema.required) ? schema.required.map(String) : []
  const missing = required
    .filter((field) => !Object.hasOwn(input, field))
    .map((field): Problem => ({ field, kind: 'missing' }))
  const wrong = Object.entries(input).flatMap(([field, value]) => {
    const property = properties[field]
    return isObject(property) ? wrongWith(field, value, property, by) : []
  })
  return [...missing, ...wrong]
}

function wrongWith(field: string, value: Json, property: JsonObject, by: Generation): Problem[] {
  const { type, maximum } = property
  // Pydantic takes "2" for 2; coglet checks against the schema.
  const plain = by !== 'coglet' && /^-?\d+$/.test(String(value)) ? Number(value) : value
  if (type === 'integer' && !Number.isInteger(plain)) return [{ field, kind: 'type' }]
  if (type === 'string' && typeof value !== 'string') return [{ field, kind: 'type' }]
  if (typeof maximum === 'number' && typeof plain === 'number' && plain > maximum)
    return [{ field, kind: 'greater', bound: maximum }]
  return []
}

/** The body of a 422, as each generation words it. */
export function refusal(problems: readonly Problem[], by: Generation): JsonObject {
  return { detail: problems.map((problem) => worded(problem, by)) }
}

function worded({ field, kind, bound = 0 }: Problem, by: Generation): JsonObject {
  const loc = field === '' ? ['body', 'input'] : ['body', 'input', field]
  if (by === '0.9') {
    const messages = {
      missing: ['field required', 'value_error.missing'],
      type: ['value is not a valid integer', 'type_error.integer'],
      greater: [`ensure this value is less than or equal to ${bound}`, 'value_error.number.not_le'],
      body: ['value is not a valid dict', 'type_error.dict'],
    } as const
    const [msg, type] = messages[kind]
    return { loc, msg, type }
  }
  if (by === 'coglet') {
    const messages = {
      missing: 'Field required',
      type: 'is not of the type that is expected',
      greater: `is greater than the maximum of ${bound}`,
      body: 'is not of type "object"',
    } as const
    return { loc, msg: messages[kind], type: 'value_error.missing' }
  }
  const messages = {
    missing: ['Field required', 'missing'],
    type: ['Input should be a valid integer', 'int_parsing'],
    greater: [`Input should be less than or equal to ${bound}`, 'less_than_equal'],
    body: ['Input should be a valid dictionary', 'dict_type'],
  } as const
  const [msg, type] = messages[kind]
  return { type, loc, msg, input: {} }
}
