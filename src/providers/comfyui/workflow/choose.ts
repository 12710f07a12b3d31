import { shortened } from '../../../domain/json/excerpt.ts'
import { isList, type Json, type JsonObject } from '../../../domain/json/json.ts'
import type { ChosenParts, OfferedParts } from '../../provider.ts'
import type { InputSpec } from './node-class.ts'
import type { Literal, OutputNode } from './offer.ts'

/** A literal of a workflow that is an input of its model. */
export interface WorkflowField {
  readonly name: string
  readonly node: string
  readonly input: string
  /** Whether it is a number that is drawn when none is given. */
  readonly isSeed: boolean
  /** Its schema. */
  readonly schema: JsonObject
  readonly isRequired: boolean
}

/** What a workflow's model takes and makes, beside the workflow. */
export interface Choice {
  readonly fields: readonly WorkflowField[]
  /** The nodes whose files and texts are the output. */
  readonly outputs: readonly { readonly node: string; readonly isText: boolean }[]
}

/** The literals and nodes that are offered, with an operator's choice of them. */
export function choose(
  literals: readonly Literal[],
  nodes: readonly OutputNode[],
  chosen: ChosenParts | null,
): { readonly parts: OfferedParts; readonly choice: Choice } {
  const wishes = chosen?.inputs ?? literals.filter((one) => one.isChosen).map(offeredWish)
  const outputs = chosen?.outputs ?? nodes.filter((one) => one.isChosen).map(({ id }) => id)
  const byId = new Map(literals.map((literal) => [literal.id, literal]))
  const taken = wishes.flatMap((wish) => {
    const literal = byId.get(wish.id)
    return literal ? [{ wish, literal }] : []
  })
  const own = nodes.filter(({ id }) => outputs.includes(id))
  const wishOf = new Map(wishes.map((wish) => [wish.id, wish]))
  return {
    parts: {
      inputs: literals.map((literal) => offered(literal, wishOf.get(literal.id))),
      outputs: nodes.map(({ id, place }) => ({
        id,
        place,
        isChosen: own.some((one) => one.id === id),
      })),
      problem: own.length === 0 ? 'Choose at least one output.' : problemOf(taken),
    },
    choice: {
      fields: taken.map(({ wish, literal }) => fieldOf(wish, literal)),
      outputs: own.map(({ id, isText }) => ({ node: id, isText })),
    },
  }
}

type Wish = ChosenParts['inputs'][number]
type Taken = { readonly wish: Wish; readonly literal: Literal }

function offeredWish({ id, name }: Literal): Wish {
  return { id, name, minimum: null, maximum: null }
}

function offered(literal: Literal, wish: Wish | undefined): OfferedParts['inputs'][number] {
  const { id, place, name, spec, value } = literal
  return {
    id,
    place,
    name: wish?.name ?? name,
    minimum: wish?.minimum ?? null,
    maximum: wish?.maximum ?? null,
    isNumber: isNumber(spec),
    value: shortened(String(value), 60),
    isChosen: wish !== undefined,
  }
}

function isNumber({ kind }: InputSpec): boolean {
  return kind === 'integer' || kind === 'number'
}

const inputName = /^[a-z][a-z0-9_]{0,39}$/

function problemOf(taken: readonly Taken[]): string | null {
  const names = new Set<string>()
  for (const { wish, literal } of taken) {
    const { name } = wish
    if (!inputName.test(name))
      return `“${shortened(name, 40)}” is not a name for an input. Use small letters, digits and _, and begin with a letter.`
    if (names.has(name)) return `Two inputs cannot both be called ${name}.`
    names.add(name)
    const wrong = isNumber(literal.spec) ? wrongBounds(wish, literal) : null
    if (wrong !== null) return `${name}: ${wrong}`
  }
  return null
}

/** An operator may narrow the bounds that the server sets, as it refuses what is beyond them. */
function wrongBounds({ minimum, maximum }: Wish, { spec }: Literal): string | null {
  const typed = [minimum, maximum].filter((bound) => bound !== null)
  if (typed.some((bound) => !Number.isFinite(bound))) return 'A bound is not a number.'
  if (spec.kind === 'integer' && typed.some((bound) => !Number.isSafeInteger(bound)))
    return 'Its bounds must be whole numbers.'
  const [low, high] = [spec.minimum, spec.maximum]
  if (typed.some((bound) => (low !== null && bound < low) || (high !== null && bound > high)))
    return `Its bounds must be within ${low ?? 'any'} and ${high ?? 'any'}, as the server takes no others.`
  const [least, most] = [minimum ?? low, maximum ?? high]
  if (least !== null && most !== null && least > most)
    return 'Its lower bound is above its upper one.'
  return null
}

function fieldOf(wish: Wish, { node, input, spec, value }: Literal): WorkflowField {
  const bounds = {
    ...spec,
    minimum: wish.minimum ?? spec.minimum,
    maximum: wish.maximum ?? spec.maximum,
  }
  const fallback = defaultOf(value, bounds)
  const { kind, note, accept, isSeed } = spec
  const description = isSeed ? `${note} Leave it empty for a random one.`.trim() : note
  const schema: JsonObject = {
    ...typeOf(bounds),
    ...(kind === 'file' && { format: 'uri', 'x-cog-accept': accept }),
    ...(description !== '' && { description }),
    ...(fallback !== undefined && { default: fallback }),
  }
  return {
    name: wish.name,
    node,
    input,
    isSeed,
    schema,
    isRequired: !isSeed && fallback === undefined,
  }
}

/** A field with the choices that its input has now; as it is when it is no choice. */
export function withChoices(field: WorkflowField, spec: InputSpec | undefined): WorkflowField {
  const { schema } = field
  if (spec?.kind !== 'choice' || !isList(schema.enum)) return field
  const { default: before, ...rest } = schema
  const fallback = spec.options.find((option) => option === before)
  return {
    ...field,
    schema: { ...rest, ...typeOf(spec), ...(fallback !== undefined && { default: fallback }) },
    isRequired: fallback === undefined,
  }
}

function typeOf({ kind, options, minimum, maximum }: InputSpec): JsonObject {
  if (kind === 'choice')
    return {
      type: options.every((one) => typeof one === 'string') ? 'string' : 'number',
      enum: options,
    }
  const type = kind === 'file' ? 'string' : kind
  return {
    type,
    ...(minimum !== null && Number.isFinite(minimum) && { minimum }),
    ...(maximum !== null && Number.isFinite(maximum) && { maximum }),
  }
}

/** The workflow's own value where that can be sent; undefined when one has to be given. */
function defaultOf(value: Literal['value'], spec: InputSpec): Json | undefined {
  const { kind, isSeed, options, minimum, maximum } = spec
  if (kind === 'file' || isSeed || typeof value === 'bigint') return undefined
  if (kind === 'choice') return options.find((option) => option === value)
  if (kind === 'string' || kind === 'boolean') return typeof value === kind ? value : undefined
  const fits =
    typeof value === 'number' &&
    (kind === 'number' || Number.isSafeInteger(value)) &&
    value >= (minimum ?? -Infinity) &&
    value <= (maximum ?? Infinity)
  return fits ? value : undefined
}
