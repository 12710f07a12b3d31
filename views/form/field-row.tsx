import type { Child } from 'hono/jsx'
import { optionText } from '../../src/domain/form/fields/choice.ts'
import { shownBound } from '../../src/domain/form/fields/field-type.ts'
import { acceptOf } from '../../src/domain/form/fields/file.ts'
import type { Field } from '../../src/domain/form/form.ts'
import {
  isFileSchema,
  type Property,
  type ValueSchema,
} from '../../src/domain/schema/value-schema.ts'
import { fieldId } from '../fields/control.ts'
import { controls, isGroup } from '../fields/index.ts'
import { Breakable } from '../format.tsx'
import { InlineMarkdown } from '../markdown.tsx'

interface FieldRowProps {
  readonly field: Field
  /** More in its head. */
  readonly aside?: Child
}

/** One field: its name, type, control, error and description. */
export function FieldRow({ field, aside }: FieldRowProps) {
  const { property, kind, error } = field
  const id = fieldId(field)
  const Control = controls[kind]
  const { description } = property.schema
  const fallback = namedDefault(property.schema)
  const described = describing(id, { note: description, default: fallback, error })
  const hasControls = isGroup(field)
  const group = hasControls ? { role: 'radiogroup', 'aria-labelledby': `${id}-name` } : {}
  return (
    <div class='field' {...group}>
      <div class='field-head'>
        {hasControls ? (
          <span class='field-name' id={`${id}-name`}>
            <Breakable text={property.name} />
          </span>
        ) : (
          <label class='field-name' for={id}>
            <Breakable text={property.name} />
          </label>
        )}{' '}
        <small>
          {typeWords(property.schema)}
          {isFileSchema(property.schema) && mediumOf(property)}
          {property.schema.deprecated && ', deprecated'}
          {property.required && (
            <>
              {' '}
              <span class='required'>required</span>
            </>
          )}
        </small>
        {fallback !== undefined && (
          <>
            {' '}
            <small id={`${id}-default`}>
              default <code>{fallback}</code>
            </small>
          </>
        )}
        {aside}
      </div>
      <div class='field-body'>
        <Control field={field} id={id} describedBy={described} />
        {error && (
          <p class='field-error' id={`${id}-error`}>
            {error}
          </p>
        )}
        {description && (
          <p class='field-note' id={`${id}-note`} dir='auto'>
            <InlineMarkdown text={description} />
          </p>
        )}
      </div>
    </div>
  )
}

/** The ids for `aria-describedby`, of the parts that are there. */
function describing(id: string, parts: Readonly<Record<string, string | null | undefined>>) {
  const present = Object.entries(parts).flatMap(([name, part]) => (part ? [`${id}-${name}`] : []))
  return present.length > 0 ? present.join(' ') : undefined
}

/** A default that is short and not empty. A switch shows its default itself. */
function namedDefault({ default: fallback, type, secret }: ValueSchema): string | undefined {
  if (fallback === undefined || type === 'boolean' || secret) return undefined
  const text = optionText(fallback)
  return /^.{1,30}$/.test(text) && !/^(?:\s*|\[\]|\{\})$/.test(text) ? text : undefined
}

/** `integer, 1 to 4`, `file`, `array of string`. */
export function typeWords(schema: ValueSchema): string {
  const { type, format, items } = schema
  const [minimum, maximum] = [shownBound(schema.minimum), shownBound(schema.maximum)]
  if (schema.secret) return 'secret'
  if (type === 'string' && format === 'uri') return 'file'
  if (type === 'array') return items?.type ? `array of ${typeWords(items)}` : 'array'
  if (type === 'string' && format !== undefined && Object.hasOwn(formatWords, format))
    return `string, ${formatWords[format]}`
  const name = type ?? 'any'
  if (minimum !== undefined && maximum !== undefined) return `${name}, ${minimum} to ${maximum}`
  if (minimum !== undefined) return `${name}, from ${minimum}`
  return maximum === undefined ? name : `${name}, up to ${maximum}`
}

/** `, image` for a file that is to be one. */
function mediumOf(property: Property): string | undefined {
  const [, medium] = /^(image|audio|video)\//.exec(acceptOf(property) ?? '') ?? []
  return medium && `, ${medium}`
}

const formatWords: Readonly<Record<string, string>> = {
  date: 'date',
  time: 'time',
  'date-time': 'date and time',
  color: 'colour',
}
