import type { z } from 'zod'
import { mostErrors } from '../../domain/json/bounds.ts'
import { shortened } from '../../domain/json/excerpt.ts'
import type { Json } from '../../domain/json/json.ts'
import { typeNameOf } from '../../domain/schema/violations.ts'
import type { InvalidField } from './problem.ts'

type Issue = z.core.$ZodIssue

/** The issues that zod reports, in the words of `gojsonschema`, which Replicate uses. */
export function invalidFields(issues: readonly Issue[], asked: unknown): InvalidField[] {
  const few = issues.slice(0, mostErrors)
  return few.flatMap((issue) => fieldsOf(issue, asked)).slice(0, mostErrors)
}

function fieldsOf(issue: Issue, asked: unknown): InvalidField[] {
  const field = issue.path.map(String).join('.')
  if (issue.code === 'unrecognized_keys')
    return issue.keys.slice(0, mostErrors).map((key) => ({
      type: 'additional_property_not_allowed',
      field,
      description: `Additional property ${shortened(key)} is not allowed`,
    }))
  const given = valueAt(asked, issue.path)
  if (given === undefined && issue.path.length > 0)
    return [
      {
        type: 'required',
        field: issue.path.slice(0, -1).map(String).join('.'),
        description: `${nameOf(issue.path)} is required`,
      },
    ]
  return [{ field, ...complaint(issue, given) }]
}

/** The name in a path that a person knows: for an item of a list, that of the list. */
function nameOf(path: readonly PropertyKey[]): string {
  return String(path.findLast((step) => typeof step !== 'number') ?? 'It')
}

function complaint(issue: Issue, given: unknown): Omit<InvalidField, 'field'> {
  switch (issue.code) {
    case 'invalid_type': {
      const expected = expectedNames[issue.expected] ?? issue.expected
      return {
        type: 'invalid_type',
        description: `Invalid type. Expected: ${expected}, given: ${typeNameOf(given as Json)}`,
      }
    }
    case 'invalid_value':
      return {
        type: 'enum',
        description: `${nameOf(issue.path)} must be one of the following: ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`,
      }
    case 'too_small':
      return bound(issue.origin, 'gte', issue.minimum)
    case 'too_big':
      return bound(issue.origin, 'lte', issue.maximum)
    case 'invalid_format':
      return { type: 'format', description: `Does not match format '${issue.format}'` }
    default:
      return { type: 'invalid', description: issue.message }
  }
}

const expectedNames: Readonly<Record<string, string>> = { int: 'integer', record: 'object' }

function bound(origin: string, side: 'gte' | 'lte', limit: number | bigint) {
  const [long, short] =
    side === 'gte' ? ['greater than or equal to', 'at least'] : ['less than or equal to', 'at most']
  if (origin === 'string')
    return { type: `string_${side}`, description: `String length must be ${long} ${limit}` }
  if (origin === 'array')
    return {
      type: side === 'gte' ? 'array_min_items' : 'array_max_items',
      description: `Array must have ${short} ${limit} items`,
    }
  return { type: `number_${side}`, description: `Must be ${long} ${limit}` }
}

function valueAt(asked: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, step)
        ? (value as Record<PropertyKey, unknown>)[step]
        : undefined,
    asked,
  )
}
