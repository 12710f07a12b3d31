import { createHash } from 'node:crypto'
import { canonicalJson } from '../../../domain/json/json.ts'
import { type Model, unpresented, versionContent } from '../../../domain/model/model.ts'
import type { ModelRef } from '../../../domain/model-ref.ts'
import { schemaFor } from '../schemas/index.ts'
import { type Abilities, isHosted } from './abilities.ts'

export interface DescribeOptions {
  readonly ref: ModelRef
  readonly abilities: Abilities
  /** How many runs its servers take at once. */
  readonly copies: number
  /** Why its abilities are not known, as a sentence; null when they are. */
  readonly broken: string | null
  /** When its abilities were first seen, in milliseconds since 1970. */
  readonly seenAt: number
}

/** A model as its abilities describe it. A run that was cut short is repeated where that costs nothing. */
export function describeModel({ ref, abilities, copies, broken, seenAt }: DescribeOptions): Model {
  const schema = schemaFor(abilities)
  const content = canonicalJson(versionContent(ref, schema.schemas))
  const id = createHash('sha256').update(content).digest('hex')
  return {
    ref,
    provider: 'openai',
    description: sentenceOf(abilities),
    version: { id, model: ref, provider: 'openai', schema, createdAt: seenAt },
    cover: null,
    readme: null,
    ...unpresented,
    examples: [],
    limits: { copies, timeoutMs: null, rerun: !isHosted(abilities.dialect) },
    broken,
    undescribed: broken === null ? null : 'away',
  }
}

/** What a model can do: `Chat, sees pictures; 8,192 tokens.` */
function sentenceOf(abilities: Abilities): string {
  const words = abilityWords(abilities)
  return `${words[0]?.toUpperCase()}${words.slice(1)}.`
}

/** What a model can do, in a few words: `chat, sees pictures; 8,192 tokens`. */
export function abilityWords(abilities: Abilities): string {
  const { kind, pictures, audio, reasoning, context } = abilities
  const isChat = kind === 'chat'
  const said = [
    kindWords[kind],
    ...(isChat && pictures ? ['sees pictures'] : []),
    ...(isChat && audio ? ['hears audio'] : []),
    ...(isChat && reasoning !== 'no' ? ['reasons'] : []),
  ].join(', ')
  return context === null ? said : `${said}; ${context.toLocaleString('en-US')} tokens`
}

export const kindWords: Readonly<Record<Abilities['kind'], string>> = {
  chat: 'chat',
  completion: 'completes texts',
  embedding: 'embeddings',
  rerank: 'ranks documents',
  image: 'makes pictures',
  speech: 'speaks',
  transcription: 'transcribes',
}
