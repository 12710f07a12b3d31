import type { Pixels } from '../../src/domain/file.ts'
import type { OutputFile } from '../../src/domain/output-file.ts'
import { formatBytes } from '../format.ts'

/** `dunes.webp · 1280 × 800 · 412 KB`. */
export function FileCaption({ file }: { file: OutputFile }) {
  const parts = [file.name, sizeInPixels(file), formatBytes(file.size)]
  return <figcaption>{parts.filter((part) => part !== null).join(' · ')}</figcaption>
}

export function sizeInPixels(file: OutputFile): string | null {
  const pixels = pixelsOf(file)
  return pixels && `${pixels.width} × ${pixels.height}`
}

/** What the markup of a picture says of its size, so that nothing moves when it arrives. */
export function pixelsOf(file: OutputFile): Pixels | null {
  return ('pixels' in file && file.pixels) || null
}
