import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { formatJson, parseJson } from '../../../domain/json/json.ts'
import { type ModelRef, modelName } from '../../../domain/model-ref.ts'
import { type Abilities, abilitiesJson, readAbilities } from './abilities.ts'

export type AbilitiesCache = ReturnType<typeof createAbilitiesCache>

/** The last abilities of each model on disk, for when its servers are off. */
export function createAbilitiesCache(folder: string) {
  function pathOf(ref: ModelRef): string {
    return join(folder, `${createHash('sha256').update(modelName(ref)).digest('hex')}.json`)
  }

  return {
    /** Null when there are none, or they cannot be read. */
    async read(ref: ModelRef): Promise<Abilities | null> {
      try {
        return readAbilities(parseJson(await readFile(pathOf(ref), 'utf8')))
      } catch {
        return null
      }
    },
    /** A failure is ignored: the server is asked again. */
    async write(ref: ModelRef, abilities: Abilities): Promise<void> {
      const path = pathOf(ref)
      const temporary = `${path}.${randomUUID()}`
      await mkdir(folder, { recursive: true, mode: 0o700 })
        .then(() => writeFile(temporary, formatJson(abilitiesJson(abilities))))
        .then(() => rename(temporary, path))
        .catch(() => {})
    },
  }
}
