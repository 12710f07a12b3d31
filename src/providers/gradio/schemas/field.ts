import type { JsonObject } from '../../../domain/json/json.ts'
import { listIn, objectIn, textIn } from '../../../domain/json/parts.ts'
import { choiceSchema, choicesOf } from './choices.ts'
import { type FileShape, fileShape } from './file-shape.ts'
import { memberName } from './names.ts'

/** A parameter of an endpoint. */
export interface Field {
  readonly schema: JsonObject
  /** How its files are sent; null for a value that is none. */
  readonly file: FileShape | null
}

/**
 * The schema of a parameter: its type is in `/info`, and its bounds, choices and file types in the properties
 * of its component in `/config`.
 */
export function fieldOf(parameter: JsonObject, props: JsonObject): Field {
  const type = objectIn(parameter.type)
  const file = fileShape(type)
  const [title, name] = [textIn(parameter.label), textIn(parameter.parameter_name)]
  const own = file ? fileSchema(file, parameter, props) : valueSchema(type, parameter, props)
  const fallback = parameter.parameter_has_default === true ? parameter.parameter_default : null
  const hasDefault = file === null && fallback !== null && fallback !== undefined
  return {
    schema: {
      ...described(title, name, own, props),
      ...(hasDefault ? { default: fallback } : {}),
      ...(parameter.parameter_has_default === true && fallback === null ? { nullable: true } : {}),
    },
    file,
  }
}

/** Forms show the name of an input and its description: a label that says more is a part of that. */
function described(
  title: string,
  name: string,
  schema: JsonObject,
  { info }: JsonObject,
): JsonObject {
  const label = memberName(title) === memberName(name) ? '' : title
  const texts = [label, textIn(info), textIn(schema.description)].map((text) => text.trim())
  const description = texts.filter((text) => text !== '').join('. ')
  return {
    ...schema,
    ...(title === '' ? {} : { title }),
    ...(description === '' ? {} : { description }),
  }
}

function valueSchema(type: JsonObject, parameter: JsonObject, props: JsonObject): JsonObject {
  switch (type.type) {
    case 'boolean':
      return { type: 'boolean' }
    case 'integer':
      return { type: 'integer', ...bounds(props) }
    case 'number':
      return { type: isWhole(parameter, props) ? 'integer' : 'number', ...bounds(props) }
    case 'string':
      return textSchema(type, parameter, props)
    case 'array':
      return listSchema(type, props)
    case 'object':
      return { type: 'object' }
    default:
      return choicesOf(props).length > 0 ? choiceSchema({}, props) : {}
  }
}

function textSchema(type: JsonObject, { component }: JsonObject, props: JsonObject): JsonObject {
  if (component === 'ColorPicker') return { type: 'string', format: 'color' }
  if (props.type === 'password') return { type: 'string', format: 'password' }
  return choiceSchema({ type: 'string' }, { ...props, choices: props.choices ?? type.enum ?? null })
}

function listSchema(type: JsonObject, props: JsonObject): JsonObject {
  const items = objectIn(type.items)
  const choices = props.choices ?? items.enum ?? null
  const isFlat = ['string', 'number', 'integer', 'boolean'].includes(textIn(items.type))
  if (!isFlat) return { type: 'array' }
  const item = choiceSchema({ type: items.type ?? 'string' }, { ...props, choices })
  const { description, ...rest } = item
  return { type: 'array', items: rest, ...(description === undefined ? {} : { description }) }
}

function fileSchema(file: FileShape, { component }: JsonObject, props: JsonObject): JsonObject {
  const accept = acceptOf(textIn(component), props)
  const one = {
    type: 'string',
    format: 'uri',
    ...(accept === '' ? {} : { 'x-cog-accept': accept }),
  }
  return file.isList ? { type: 'array', items: one } : one
}

const acceptByComponent: Readonly<Record<string, string>> = {
  Image: 'image/*',
  Audio: 'audio/*',
  Video: 'video/*',
}

const kinds = ['image', 'audio', 'video', 'text']

/** As in HTML: `.txt,image/*` of `['.txt', 'image']`. Empty for any file. */
function acceptOf(component: string, { file_types: types }: JsonObject): string {
  const known = acceptByComponent[component]
  if (known !== undefined) return known
  const all = listIn(types).filter((one) => typeof one === 'string')
  if (all.includes('file')) return ''
  return all.flatMap((one) => (kinds.includes(one) ? `${one}/*` : (extension(one) ?? []))).join(',')
}

function extension(type: string): string | null {
  return /^\.[A-Za-z0-9.+-]{1,20}$/.test(type) ? type : null
}

function bounds({ minimum, maximum }: JsonObject): JsonObject {
  return {
    ...(typeof minimum === 'number' ? { minimum } : {}),
    ...(typeof maximum === 'number' ? { maximum } : {}),
  }
}

/** The step of a Number is for its buttons alone. */
function isWhole({ component }: JsonObject, { precision, step, minimum }: JsonObject): boolean {
  if (precision === 0) return true
  return component === 'Slider' && Number.isInteger(step) && Number.isInteger(minimum)
}
