import type { JsonObject } from '../json/json.ts'
import type { StoredFile } from './file.ts'

/** A file that a program uploaded by itself, to name it in inputs later. */
export interface Upload {
  readonly file: StoredFile
  /** Id of the viewer who uploaded it. */
  readonly owner: string
  /** What its owner said of it. */
  readonly metadata: JsonObject
  /** Milliseconds since 1970. */
  readonly createdAt: number
}

/** An upload that no prediction has taken is kept for this long, in milliseconds. */
export const uploadLifeMs = 24 * 60 * 60 * 1000
