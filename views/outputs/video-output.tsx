import { usePaths } from '../site.ts'
import type { OutputProps } from './output-props.ts'
import { FileCaption } from './parts/file-caption.tsx'
import { fileHref } from './parts/file-href.ts'
import { Unplayable } from './parts/unplayable.tsx'

export function VideoOutput({ output: { file }, prediction }: OutputProps<'video'>) {
  const href = fileHref(usePaths(), prediction, file)
  return (
    <figure class='media'>
      <video controls preload='metadata' src={href} aria-label={file.name} />
      <Unplayable file={file} href={href} />
      <FileCaption file={file} />
    </figure>
  )
}
