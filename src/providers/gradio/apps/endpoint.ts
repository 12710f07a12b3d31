import type { Json, JsonObject } from '../../../domain/json/json.ts'
import { listIn, objectIn, textIn } from '../../../domain/json/parts.ts'
import { fieldOf } from '../schemas/field.ts'
import type { FileShape } from '../schemas/file-shape.ts'
import { distinct, memberName } from '../schemas/names.ts'
import { outputOf } from '../schemas/output.ts'

/** A function of an app that has a name. */
export interface Endpoint {
  /** `/predict`. */
  readonly name: string
  /** Its number in the app, by which it is called. It changes with the app's code. */
  readonly fn: number
  readonly description: string
  /** The values of a call, in their order. */
  readonly inputs: readonly EndpointInput[]
  /** Where in the values of an answer its outputs are. */
  readonly outputs: readonly EndpointOutput[]
  readonly isGenerator: boolean
  /** Whether a call of it waits in the app's queue; else it is answered at once. */
  readonly isQueued: boolean
  /** `Input` and `Output` of its model. */
  readonly schemas: JsonObject
}

/** One value of a call; without a name, the app fills it in itself, from a session. */
export interface EndpointInput {
  readonly name: string | null
  readonly file: FileShape | null
  /** Sent when there is no value. */
  readonly fallback: Json
}

export interface EndpointOutput {
  readonly position: number
  /** The member of an output of several; null when it is the only one. */
  readonly name: string | null
}

/** A component of an app, from `/config`. */
export interface Component {
  readonly type: string
  readonly props: JsonObject
  /** Whether `/info` leaves it out: state, and buttons. */
  readonly isSkipped: boolean
}

export interface EndpointParts {
  readonly name: string
  readonly fn: number
  /** From `dependencies` of `/config`. */
  readonly dependency: JsonObject
  /** From `named_endpoints` of `/info`. */
  readonly info: JsonObject
  readonly components: ReadonlyMap<number, Component>
}

/** Null when `/config` and `/info` do not fit together, or it takes and makes nothing. */
export function readEndpoint(parts: EndpointParts): Endpoint | null {
  const { name, fn, dependency, info, components } = parts
  const inputs = readInputs(listIn(info.parameters).map(objectIn), dependency, components)
  const outputs = readOutputs(listIn(info.returns).map(objectIn), dependency, components)
  if (!inputs || !outputs) return null
  if (inputs.properties.length + outputs.shown.length === 0) return null
  const { generator } = objectIn(dependency.types)
  return {
    name,
    fn,
    description: textIn(info.description) || textIn(dependency.api_description),
    inputs: inputs.values,
    outputs: outputs.shown,
    isGenerator: generator === true,
    isQueued: dependency.queue !== false,
    schemas: { Input: inputSchema(inputs), Output: outputs.schema },
  }
}

interface Inputs {
  readonly values: readonly EndpointInput[]
  readonly properties: readonly (readonly [name: string, schema: JsonObject])[]
  readonly required: readonly string[]
}

function readInputs(
  parameters: readonly JsonObject[],
  dependency: JsonObject,
  components: EndpointParts['components'],
): Inputs | null {
  const all = componentsIn(dependency.inputs, components)
  if (all.filter(({ isSkipped }) => !isSkipped).length !== parameters.length) return null
  const names = distinct(parameters.map(({ parameter_name: name }) => textIn(name) || 'input'))
  const values: EndpointInput[] = []
  const properties: [string, JsonObject][] = []
  const required: string[] = []
  for (const { isSkipped, props } of all) {
    const at = properties.length
    const [parameter, name] = [parameters[at], names[at]]
    if (isSkipped || !parameter || name === undefined) {
      values.push({ name: null, file: null, fallback: null })
      continue
    }
    const { schema, file } = fieldOf(parameter, props)
    properties.push([name, { ...schema, 'x-order': at }])
    const hasDefault = parameter.parameter_has_default === true
    if (!hasDefault) required.push(name)
    const fallback = hasDefault ? (parameter.parameter_default ?? null) : null
    values.push({ name, file, fallback })
  }
  return { values, properties, required }
}

function inputSchema({ properties, required }: Inputs): JsonObject {
  return { type: 'object', properties: Object.fromEntries(properties), required }
}

function readOutputs(
  returns: readonly JsonObject[],
  dependency: JsonObject,
  components: EndpointParts['components'],
): { readonly shown: readonly EndpointOutput[]; readonly schema: JsonObject } | null {
  const positions = componentsIn(dependency.outputs, components).flatMap(({ isSkipped }, at) =>
    isSkipped ? [] : [at],
  )
  if (positions.length !== returns.length) return null
  const [only, ...others] = returns
  if (only && others.length === 0)
    return { shown: [{ position: positions[0] ?? 0, name: null }], schema: outputOf(only) }
  const names = distinct(
    returns.map(({ label }, at) => memberName(textIn(label)) || `output_${at}`),
  )
  const properties = names.map((name, at) => [name, outputOf(returns[at] ?? {})])
  return {
    shown: names.map((name, at) => ({ position: positions[at] ?? at, name })),
    schema:
      returns.length === 0 ? {} : { type: 'object', properties: Object.fromEntries(properties) },
  }
}

function componentsIn(
  ids: Json | undefined,
  components: EndpointParts['components'],
): readonly Component[] {
  return listIn(ids).map((id) => components.get(Number(id)) ?? unknownComponent)
}

const unknownComponent: Component = { type: '', props: {}, isSkipped: false }
