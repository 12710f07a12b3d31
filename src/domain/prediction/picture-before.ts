import { fileAt, type StoredFile } from '../file/file.ts'
import { stringsIn } from '../json/walk.ts'
import { isPicture, type OutputFile } from '../output/output-file.ts'
import type { Prediction } from './prediction.ts'

/** The first picture of the input that has the size of a picture of the output; null without one. */
export function pictureBefore(
  { input, files }: Pick<Prediction, 'input' | 'files'>,
  after: OutputFile,
): StoredFile | null {
  const size = 'pixels' in after ? after.pixels : undefined
  if (!size) return null
  for (const text of stringsIn(input)) {
    const file = fileAt(text, files)
    if (!file || !isPicture(file) || file.ref === ('ref' in after ? after.ref : null)) continue
    const { pixels } = file
    if (pixels?.width === size.width && pixels.height === size.height) return file
  }
  return null
}
