import { formatJson, type Json } from '../json/json.ts'
import { type Bound, typeNameOf, type Violation } from '../schema/violations.ts'

/** An invalid value of an input, in the words of `gojsonschema`, which Replicate uses. */
export interface InputError {
  /** `required`, `enum`, `invalid_type`, `number_gte`, … */
  readonly type: string
  /** `input`, `input.width`, `input.images.0`. */
  readonly field: string
  readonly description: string
}

/** Describes a violation of a schema to a client of the API. */
export function inputErrorOf(violation: Violation, value: Json, field: string): InputError {
  switch (violation.keyword) {
    case 'type': {
      const description = `Invalid type. Expected: ${violation.expected}, given: ${typeNameOf(value)}`
      return { type: 'invalid_type', field, description }
    }
    case 'enum': {
      const options = violation.options.map((option) => formatJson(option)).join(', ')
      const description = `${nameOf(field)} must be one of the following: ${options}`
      return { type: 'enum', field, description }
    }
    case 'required':
      return { type: 'required', field, description: `${violation.name} is required` }
    default: {
      const { type, describe } = bounds[violation.keyword]
      return { type, field, description: describe(violation.bound) }
    }
  }
}

interface BoundWords {
  readonly type: string
  readonly describe: (bound: number) => string
}

const bounds: Readonly<Record<Bound, BoundWords>> = {
  minimum: {
    type: 'number_gte',
    describe: (bound) => `Must be greater than or equal to ${bound}`,
  },
  maximum: { type: 'number_lte', describe: (bound) => `Must be less than or equal to ${bound}` },
  exclusiveMinimum: { type: 'number_gt', describe: (bound) => `Must be greater than ${bound}` },
  exclusiveMaximum: { type: 'number_lt', describe: (bound) => `Must be less than ${bound}` },
  multipleOf: { type: 'multiple_of', describe: (step) => `Must be a multiple of ${step}` },
  minLength: {
    type: 'string_gte',
    describe: (bound) => `String length must be greater than or equal to ${bound}`,
  },
  maxLength: {
    type: 'string_lte',
    describe: (bound) => `String length must be less than or equal to ${bound}`,
  },
  minItems: {
    type: 'array_min_items',
    describe: (bound) => `Array must have at least ${bound} items`,
  },
  maxItems: {
    type: 'array_max_items',
    describe: (bound) => `Array must have at most ${bound} items`,
  },
}

/** The last name in the path of a field: for an item, the name of its list. */
function nameOf(field: string): string {
  const parts = field.split('.')
  return parts.findLast((part) => !/^\d+$/.test(part)) ?? field
}
