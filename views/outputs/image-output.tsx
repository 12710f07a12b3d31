import type { OutputFile } from '../../src/domain/output-file.ts'
import { usePaths } from '../site.ts'
import { FileCaption } from './file-caption.tsx'
import { fileHref } from './file-href.ts'
import type { OutputProps } from './output-props.ts'

export function ImageOutput({ output: { file }, prediction }: OutputProps<'image'>) {
  return (
    <div class='gallery one'>
      <Picture file={file} prediction={prediction} alt={file.name} />
    </div>
  )
}

interface PictureProps {
  readonly file: OutputFile
  readonly prediction: string
  readonly alt: string
}

/** A picture that leads to itself in full size. */
export function Picture({ file, prediction, alt }: PictureProps) {
  const href = fileHref(usePaths(), prediction, file)
  return (
    <figure>
      <a href={href}>
        <img src={href} alt={alt} />
      </a>
      <FileCaption file={file} />
    </figure>
  )
}
