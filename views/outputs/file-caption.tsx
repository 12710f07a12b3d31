import type { StoredFile } from '../../src/domain/file.ts'
import { formatBytes } from '../format.ts'

/** `dunes.webp · 412 KB`. */
export function FileCaption({ file }: { file: StoredFile }) {
  return (
    <figcaption>
      {file.name} · {formatBytes(file.size)}
    </figcaption>
  )
}
