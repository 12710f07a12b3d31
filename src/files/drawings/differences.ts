import { z } from 'zod'
import type { PictureDifference } from '../../domain/difference/picture-difference.ts'
import type { StoredFile } from '../../domain/file/file.ts'
import { parseJson } from '../../domain/json/json.ts'
import { entryFile } from '../../root.ts'
import type { Files } from '../files.ts'
import { createDrawings, type Drawings } from './drawings.ts'

/** The differences of pictures, each with a picture that is white where they differ. */
export interface Differences extends Pick<Drawings, 'collect'> {
  /** Null when a picture cannot be drawn. */
  of(before: StoredFile, after: StoredFile): Promise<DrawnDifference | null>
}

export interface DrawnDifference {
  readonly figures: PictureDifference
  /** A WebP of at most 1200 × 1200 pixels. */
  readonly picture: Uint8Array<ArrayBuffer>
}

const figuresSchema = z.object({
  width: z.number(),
  height: z.number(),
  differing: z.number(),
  mean: z.number(),
})

const lineEnd = 0x0a

export function createDifferences(files: Files, folder: string, now: () => number): Differences {
  const program = entryFile('files/drawings/draw-difference')
  const drawings = createDrawings({ files, folder, now, program, ending: '.difference' })
  return {
    collect: drawings.collect,
    async of(before, after) {
      const drawn = await drawings.of([before, after])
      if (!drawn) return null
      // One line of JSON, then the picture.
      const end = drawn.indexOf(lineEnd)
      const figures = parseJson(new TextDecoder().decode(drawn.subarray(0, end)))
      return { figures: figuresSchema.parse(figures), picture: drawn.slice(end + 1) }
    },
  }
}
