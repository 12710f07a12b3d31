import { isList, isObject, type Json, type JsonObject } from '../../../domain/json/json.ts'
import { objectIn } from '../../../domain/json/parts.ts'
import type { Selection } from '../../upstream/selection.ts'

/** A class of nodes, as `/object_info` describes it. */
export interface NodeClass {
  /** The name that ComfyUI shows. */
  readonly title: string
  /** Whether the server keeps what it makes. */
  readonly isOutput: boolean
  /** The inputs that are not links only, by name, in the server's order. */
  readonly inputs: ReadonlyMap<string, InputSpec>
}

/** A literal that an input takes. */
export interface InputSpec {
  readonly kind: 'integer' | 'number' | 'string' | 'boolean' | 'choice' | 'file'
  /** Bounds of a number; null for none. */
  readonly minimum: number | null
  readonly maximum: number | null
  /** Of a choice. */
  readonly options: readonly (string | number)[]
  /** Of a file, as in HTML's `accept`. */
  readonly accept: string
  /** Whether the editor draws another number after each run. */
  readonly isSeed: boolean
  readonly isLong: boolean
  readonly note: string
}

const mostOptions = 2_000
const longestNote = 400

/** The parts of a class that are read. */
export const classParts: Selection = {
  input: { required: 'all', optional: 'all' },
  output_node: 'all',
  display_name: 'all',
}

/** Reads one class of `/object_info/{class}`; null when it does not describe one. */
export function readNodeClass(json: Json | undefined): NodeClass | null {
  if (!isObject(json) || !isObject(json.input)) return null
  const { display_name: name, output_node: isOutput } = json
  const inputs = new Map<string, InputSpec>()
  for (const part of ['required', 'optional'])
    for (const [input, spec] of Object.entries(objectIn(json.input[part]))) {
      const read = readSpec(input, spec)
      if (read) inputs.set(input, read)
    }
  return { title: typeof name === 'string' ? name : '', isOutput: isOutput === true, inputs }
}

const plain = {
  minimum: null,
  maximum: null,
  options: [],
  accept: '',
  isSeed: false,
  isLong: false,
} as const

function readSpec(name: string, spec: Json): InputSpec | null {
  if (!isList(spec)) return null
  const [type] = spec
  const options = objectIn(spec[1])
  const note = typeof options.tooltip === 'string' ? options.tooltip.slice(0, longestNote) : ''
  const accept = acceptOf(options)
  if (accept !== null) return { ...plain, kind: 'file', accept, note }
  if (isList(type)) return choiceOf(type, note)
  switch (type) {
    case 'COMBO':
      return isList(options.options) ? choiceOf(options.options, note) : null
    case 'INT': {
      const isSeed = options.control_after_generate === true || /^(?:noise_)?seed$/.test(name)
      return { ...plain, kind: 'integer', note, isSeed, ...boundsOf(options) }
    }
    case 'FLOAT':
      return { ...plain, kind: 'number', note, ...boundsOf(options) }
    case 'STRING':
      return { ...plain, kind: 'string', note, isLong: options.multiline === true }
    case 'BOOLEAN':
      return { ...plain, kind: 'boolean', note }
    default:
      return null
  }
}

function choiceOf(values: readonly Json[], note: string): InputSpec | null {
  const options = values.filter((value) => typeof value === 'string' || typeof value === 'number')
  if (options.length === 0 || options.length > mostOptions) return null
  return { ...plain, kind: 'choice', options, note }
}

function acceptOf(options: JsonObject): string | null {
  if (options.image_upload === true || options.animated_image_upload === true) return 'image/*'
  if (options.video_upload === true) return 'video/*'
  return options.audio_upload === true ? 'audio/*,video/*' : null
}

/** Integers beyond these are not exact in JavaScript. */
const mostSafe = Number.MAX_SAFE_INTEGER

function boundsOf({ min, max }: JsonObject): Pick<InputSpec, 'minimum' | 'maximum'> {
  return { minimum: boundOf(min), maximum: boundOf(max) }
}

function boundOf(bound: Json | undefined): number | null {
  if (typeof bound !== 'number' && typeof bound !== 'bigint') return null
  return Math.min(mostSafe, Math.max(-mostSafe, Number(bound)))
}
