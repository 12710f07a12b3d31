import { formatJson } from '../../src/domain/json.ts'
import type { Output } from '../../src/domain/output.ts'
import { formatBytes } from '../format.ts'
import { usePaths } from '../site.ts'
import { FileCaption } from './file-caption.tsx'
import { OutputView } from './index.tsx'

/** What the renderer of a kind is given. */
export interface OutputProps<Kind extends Output['kind']> {
  readonly output: Extract<Output, { kind: Kind }>
}

export function TextOutput({ output }: OutputProps<'text'>) {
  return (
    <div class='stream'>
      <p class='text'>{output.text}</p>
    </div>
  )
}

export function StreamOutput({ output }: OutputProps<'stream'>) {
  const { text, growing } = output
  return (
    <div class='stream'>
      <p class={growing ? 'text caret' : 'text'}>{text}</p>
    </div>
  )
}

export function ImageOutput({ output: { file } }: OutputProps<'image'>) {
  const href = usePaths().file(file)
  return (
    <div class='gallery one'>
      <figure>
        <a href={href}>
          <img src={href} alt={file.name} />
        </a>
        <FileCaption file={file} />
      </figure>
    </div>
  )
}

export function GalleryOutput({ output: { files } }: OutputProps<'gallery'>) {
  const paths = usePaths()
  const layout = files.length === 1 ? 'gallery one' : 'gallery'
  return (
    <div class={layout}>
      {files.map((file, index) => (
        <figure>
          <a href={paths.file(file)}>
            <img src={paths.file(file)} alt={`${file.name}, ${index + 1} of ${files.length}`} />
          </a>
          <FileCaption file={file} />
        </figure>
      ))}
    </div>
  )
}

export function AudioOutput({ output: { file } }: OutputProps<'audio'>) {
  return (
    <figure class='media'>
      <audio controls preload='metadata' src={usePaths().file(file)} aria-label={file.name} />
      <FileCaption file={file} />
    </figure>
  )
}

export function VideoOutput({ output: { file } }: OutputProps<'video'>) {
  return (
    <figure class='media'>
      <video controls preload='metadata' src={usePaths().file(file)} aria-label={file.name} />
      <FileCaption file={file} />
    </figure>
  )
}

export function FileOutput({ output: { file } }: OutputProps<'file'>) {
  return (
    <p class='file-link'>
      <a href={usePaths().file(file)} download={file.name}>
        {file.name}
      </a>{' '}
      <small>
        {file.type}, {formatBytes(file.size)}
      </small>
    </p>
  )
}

/** A file that is elsewhere: not loaded into our page. */
export function LinkOutput({ output: { url } }: OutputProps<'link'>) {
  return (
    <p class='file-link'>
      <a href={url} rel='noopener noreferrer'>
        {url}
      </a>
    </p>
  )
}

export function ListOutput({ output: { items } }: OutputProps<'list'>) {
  return (
    <ol class='stack'>
      {items.map((item) => (
        <li>
          <OutputView output={item} />
        </li>
      ))}
    </ol>
  )
}

export function JsonOutput({ output: { value } }: OutputProps<'json'>) {
  return <pre class='json-output'>{formatJson(value, 2)}</pre>
}

export function ErrorOutput({ output: { error } }: OutputProps<'error'>) {
  return (
    <section class='failure'>
      <h2>{error}</h2>
    </section>
  )
}

export function EmptyOutput({ output: { settled } }: OutputProps<'empty'>) {
  return settled ? <p class='field-note'>Nothing was made.</p> : null
}
