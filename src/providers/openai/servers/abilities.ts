import { z } from 'zod'
import type { JsonObject } from '../../../domain/json/json.ts'

/** The servers that speak OpenAI's API, and in which each differs from the others. */
export const dialectNames = [
  'ollama',
  'llama',
  'vllm',
  'sglang',
  'tgi',
  'lm-studio',
  'litellm',
  'openai',
  'other',
] as const
export type DialectName = (typeof dialectNames)[number]

/** The kinds of models, each with an address of its own at the server. */
export const kinds = [
  'chat',
  'completion',
  'embedding',
  'rerank',
  'image',
  'speech',
  'transcription',
] as const
export type Kind = (typeof kinds)[number]

export function isKind(json: unknown): json is Kind {
  return kinds.some((kind) => kind === json)
}

/** What a model of a server takes: its schema follows from that. */
export interface Abilities {
  readonly dialect: DialectName
  readonly kind: Kind
  /** The tokens of a question and its answer together; null when it is not known. */
  readonly context: number | null
  /** Whether a chat model sees pictures. */
  readonly pictures: boolean
  /** Whether a chat model hears audio. */
  readonly audio: boolean
  /** How a chat model is told how long to reason. */
  readonly reasoning: 'no' | 'switch' | 'effort'
  /** The values that the server uses for inputs that are not given, by our names. */
  readonly defaults: Readonly<Record<string, number>>
}

const abilities = z.object({
  dialect: z.enum(dialectNames),
  kind: z.enum(kinds),
  context: z.number().nullable(),
  pictures: z.boolean(),
  audio: z.boolean(),
  reasoning: z.enum(['no', 'switch', 'effort']),
  defaults: z.record(z.string(), z.number()),
})

/** Abilities that were stored; null for anything else. */
export function readAbilities(json: unknown): Abilities | null {
  return abilities.safeParse(json).data ?? null
}

export function abilitiesJson({ defaults, ...rest }: Abilities): JsonObject {
  return { ...rest, defaults: { ...defaults } }
}

/** A chat model of which nothing more is known. */
export function plainChat(dialect: DialectName): Abilities {
  const nothing = { context: null, pictures: false, audio: false, defaults: {} }
  return { dialect, kind: 'chat', reasoning: 'no', ...nothing }
}

/** Services that are paid for: a run that was cut short is not sent to them again. */
export function isHosted(dialect: DialectName): boolean {
  return dialect === 'openai' || dialect === 'litellm' || dialect === 'other'
}
