import type { OutputFile } from '../../src/domain/output-file.ts'
import { formatBytes } from '../format.ts'

/** `dunes.webp · 412 KB`. */
export function FileCaption({ file }: { file: OutputFile }) {
  return (
    <figcaption>
      {file.name} · {formatBytes(file.size)}
    </figcaption>
  )
}
