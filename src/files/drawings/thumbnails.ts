import type { StoredFile } from '../../domain/file/file.ts'
import { entryFile } from '../../root.ts'
import type { Files } from '../files.ts'
import { createDrawings, type Drawings } from './drawings.ts'

/** Thumbnails of pictures, for link previews. */
export interface Thumbnails extends Pick<Drawings, 'collect'> {
  /** A JPEG of at most 1200 × 1200 pixels, well under 1 MB; null when the file cannot be drawn. */
  of(file: StoredFile): Promise<Uint8Array<ArrayBuffer> | null>
}

export function createThumbnails(files: Files, folder: string, now: () => number): Thumbnails {
  const program = entryFile('files/drawings/draw-thumbnail')
  const { of, collect } = createDrawings({ files, folder, now, program, ending: '.jpg' })
  return { of: (file) => of([file]), collect }
}
