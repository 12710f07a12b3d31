import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { formatJson, isObject, parseJson } from '../../../domain/json/json.ts'
import { type ModelRef, modelName } from '../../../domain/model-ref.ts'
import { type OpenApiDocument, versionOrNull } from './openapi-document.ts'

export type DescriptionCache = ReturnType<typeof createDescriptionCache>

/** The last document of each model on disk, for when its containers are off. */
export function createDescriptionCache(folder: string) {
  function pathOf(ref: ModelRef): string {
    const name = createHash('sha256').update(modelName(ref)).digest('hex')
    return join(folder, `${name}.json`)
  }

  return {
    /** Null when there is none, or it cannot be read. */
    async read(ref: ModelRef): Promise<OpenApiDocument | null> {
      try {
        const kept = parseJson(await readFile(pathOf(ref), 'utf8'))
        if (!isObject(kept) || !isObject(kept.schemas)) return null
        return {
          schemas: kept.schemas,
          streams: kept.streams === true,
          cogVersion: versionOrNull(kept.cogVersion),
          title: null,
        }
      } catch {
        return null
      }
    },
    /** A failure is ignored: the document is fetched again from the container. */
    async write(ref: ModelRef, { schemas, streams, cogVersion }: OpenApiDocument): Promise<void> {
      const path = pathOf(ref)
      const temporary = `${path}.${randomUUID()}`
      await mkdir(folder, { recursive: true, mode: 0o700 })
        .then(() => writeFile(temporary, formatJson({ schemas, streams, cogVersion })))
        .then(() => rename(temporary, path))
        .catch(() => {})
    },
  }
}
