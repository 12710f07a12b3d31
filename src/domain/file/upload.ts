import type { JsonObject } from '../json/json.ts'
import type { StoredFile } from './file.ts'

/** A file that a client uploaded through the API, to refer to it in inputs later. */
export interface Upload {
  readonly file: StoredFile
  /** Id of the viewer who uploaded it. */
  readonly owner: string
  /** The metadata that its owner sent. */
  readonly metadata: JsonObject
  /** Milliseconds since 1970. */
  readonly createdAt: number
}

/** How long an upload is kept that no prediction uses, in milliseconds. */
export const uploadLifeMs = 24 * 60 * 60 * 1000
