import type { StoredFile } from '../../src/domain/file/file.ts'
import { formatBytes } from '../format.tsx'

interface FilePreviewProps {
  readonly href: string
  readonly name: string
  /** Its media type. */
  readonly type: string
}

/** A preview of a file, for media. */
export function FilePreview({ href, name, type }: FilePreviewProps) {
  if (type.startsWith('image/'))
    return (
      <a class='thumb' href={href}>
        <img src={href} alt={name} width='112' height='84' />
      </a>
    )
  if (type.startsWith('audio/'))
    return <audio controls preload='metadata' src={href} aria-label={name} />
  if (type.startsWith('video/'))
    return <video controls preload='metadata' src={href} aria-label={name} />
  return null
}

/** `IMG 0217.jpg 3024 × 4032, 1.9 MB, uploaded` */
export function FileName({ href, file }: { href: string; file: StoredFile }) {
  const { name, size, pixels } = file
  return (
    <p class='upload-name'>
      <a href={href}>{name}</a>{' '}
      <small>
        {pixels && `${pixels.width} × ${pixels.height}, `}
        {formatBytes(size)}, uploaded
      </small>
    </p>
  )
}

/**
 * A chosen file that is not sent yet: `public/file-field.js` fills in a copy for each, and keeps the
 * preview for its type.
 */
export function ChosenFile() {
  return (
    <div class='upload'>
      <img class='thumb' alt='' data-shows='image/' />
      <audio controls data-shows='audio/' />
      <video controls data-shows='video/' />
      <p class='upload-name'>
        <span /> <small />
      </p>
      <p class='actions'>
        <button class='button' type='button' data-drops>
          Remove
        </button>
      </p>
    </div>
  )
}
