import type { JsonObject } from '../../../../domain/json/json.ts'
import type { Abilities } from '../../servers/abilities.ts'

/**
 * The tokens that a run's question and answer may have together; null when the server does not tell. Of Ollama,
 * only the most that a model could have is known, unless the run asks for a number.
 */
export function contextOf({ dialect, context }: Abilities, input: JsonObject): number | null {
  if (dialect !== 'ollama') return context
  return typeof input.num_ctx === 'number' ? input.num_ctx : null
}
