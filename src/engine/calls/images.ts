import { z } from 'zod'
import { asEngineError, type EngineConnection } from '../connection.ts'
import { EngineError } from '../engine-error.ts'
import { jsonLines } from '../json-lines.ts'
import { createReading, texts, withAlgorithm } from './reading.ts'

/** An image that the engine has. */
export interface EngineImage {
  /** `sha256:` and 64 hex digits: what containers are run by, as tags move. */
  readonly id: string
  readonly labels: Readonly<Record<string, string>>
  /** Its names with a digest, by which it can be pulled again: `r8.im/ann/video@sha256:…`. */
  readonly digests: readonly string[]
  /** In bytes. */
  readonly size: number
}

/** A line of a pull that is under way. */
export interface PullLine {
  /** The layer; null for the image as a whole. */
  readonly layer: string | null
  readonly status: string
  /** In bytes; null where the engine gives no numbers, as Podman does. */
  readonly done: number | null
  readonly total: number | null
}

const imageShape = z.object({
  Id: z.string(),
  Size: z.number().catch(0),
  RepoDigests: z.array(z.string()).nullish(),
  Config: z.object({ Labels: texts }).nullish(),
})

const pullShape = z.object({
  id: z.string().nullish(),
  status: z.string().nullish(),
  progressDetail: z
    .object({ current: z.number().nullish(), total: z.number().nullish() })
    .nullish(),
  error: z.string().nullish(),
  errorDetail: z.object({ message: z.string().nullish() }).nullish(),
})

/** The calls of an engine about images. */
export function imageCalls(connection: EngineConnection) {
  const { readOrNull } = createReading(connection)

  async function image(name: string): Promise<EngineImage | null> {
    const found = await readOrNull(imageShape, { path: `/images/${name}/json` })
    if (!found) return null
    const { Id, Size, RepoDigests, Config } = found
    return {
      id: withAlgorithm(Id),
      labels: Config?.Labels ?? {},
      digests: RepoDigests ?? [],
      size: Size,
    }
  }

  return {
    /** An image by name or id; null when the engine does not have it. */
    image,
    /**
     * Pulls an image, and yields how far it is. A failure may come with status 200, and only in the
     * last lines: it is thrown as an `EngineError` all the same, and so is an image that is not there
     * at the end.
     *
     * @param auth The header `X-Registry-Auth`; null for none.
     */
    async *pull(name: string, auth: string | null, signal: AbortSignal): AsyncGenerator<PullLine> {
      const path = `/images/create?${new URLSearchParams({ fromImage: name })}`
      const headers = auth === null ? {} : { 'X-Registry-Auth': auth }
      const { body } = await connection.open({ method: 'POST', path, headers, signal })
      let failure: string | null = null
      try {
        for await (const json of jsonLines(body)) {
          const line = pullShape.safeParse(json)
          if (!line.success) continue
          const { id, status, progressDetail, error, errorDetail } = line.data
          failure ??= errorDetail?.message ?? error ?? null
          if (typeof status !== 'string') continue
          yield {
            layer: id ?? null,
            status,
            done: progressDetail?.current ?? null,
            total: progressDetail?.total ?? null,
          }
        }
      } catch (error) {
        throw asEngineError(error)
      }
      if (failure !== null) throw new EngineError(failure, 200)
      if (!(await image(name))) throw new EngineError('the image is not there after the pull', 200)
    },
    /** Removes an image by its id; false when a container is there of it, it has several names, or it is gone. */
    async removeImage(id: string): Promise<boolean> {
      // With `force`, Podman would remove its containers, too.
      const call = { method: 'DELETE', path: `/images/${id}` } as const
      const { status } = await connection.done({ ...call, alsoFine: [404, 409] })
      return status < 300
    },
  }
}
