import type { PropsWithChildren } from 'hono/jsx'
import type { Pixels } from '../../../src/domain/file/file.ts'
import type { OutputFile } from '../../../src/domain/output/output-file.ts'
import { formatBytes } from '../../format.tsx'

/** `dunes.webp · 1280 × 800 · 412 KB`, and what follows. */
export function FileCaption({ file, children }: PropsWithChildren<{ file: OutputFile }>) {
  const facts = [sizeInPixels(file), formatBytes(file.size)].filter((fact) => fact !== null)
  return (
    <figcaption>
      {file.name}
      {facts.map((fact) => (
        <>
          {' '}
          <span>· {fact}</span>
        </>
      ))}
      {children}
    </figcaption>
  )
}

export function sizeInPixels(file: OutputFile): string | null {
  const pixels = pixelsOf(file)
  return pixels && `${pixels.width} × ${pixels.height}`
}

/** Width and height for the markup, so that nothing moves when the picture loads. */
export function pixelsOf(file: OutputFile): Pixels | null {
  return ('pixels' in file && file.pixels) || null
}
