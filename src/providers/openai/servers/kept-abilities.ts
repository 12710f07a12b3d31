import { createHash } from 'node:crypto'
import { canonicalJson, isObject, type Json } from '../../../domain/json/json.ts'
import { type ModelRef, modelName } from '../../../domain/model-ref.ts'
import type { Descriptions } from '../../descriptions.ts'
import { type Abilities, abilitiesJson, readAbilities } from './abilities.ts'

/** The abilities of a model, as they are kept for when its servers are off. */
export interface KeptAbilities {
  readonly abilities: Abilities
  /** When they were first seen, in milliseconds since 1970. */
  readonly seenAt: number
}

/** Null when there are none. `now` is for those without a time. */
export async function readKeptAbilities(
  descriptions: Descriptions,
  ref: ModelRef,
  now: number,
): Promise<KeptAbilities | null> {
  return readKept(await descriptions.read(modelName(ref)), now)
}

/** Keeps abilities; resolves with those that are kept, which differ in when they were seen alone. */
export async function keepAbilities(
  descriptions: Descriptions,
  ref: ModelRef,
  { abilities, seenAt }: KeptAbilities,
): Promise<KeptAbilities> {
  const json = abilitiesJson(abilities)
  const edition = createHash('sha256').update(canonicalJson(json)).digest('hex')
  const content = { abilities: json, seenAt }
  const kept = await descriptions.write(modelName(ref), { edition, content })
  return { abilities, seenAt: readKept(kept, seenAt)?.seenAt ?? seenAt }
}

function readKept(kept: Json | null, now: number): KeptAbilities | null {
  const abilities = isObject(kept) && kept.abilities ? readAbilities(kept.abilities) : null
  if (!isObject(kept) || !abilities) return null
  return { abilities, seenAt: typeof kept.seenAt === 'number' ? kept.seenAt : now }
}
