import { fileKey, type OutputFile } from '../../src/domain/output/output-file.ts'
import { usePaths } from '../site.ts'
import type { OutputProps } from './output-props.ts'
import { BeforeAfter } from './parts/before-after.tsx'
import { FileCaption, pixelsOf } from './parts/file-caption.tsx'
import { fileHref } from './parts/file-href.ts'

export function ImageOutput({ output: { file, before }, prediction }: OutputProps<'image'>) {
  if (before) return <BeforeAfter before={before} after={file} prediction={prediction} />
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

/** A picture with a link to its full size. */
export function Picture({ file, prediction, alt }: PictureProps) {
  const paths = usePaths()
  return (
    <figure>
      <a href={paths.picture(prediction, fileKey(file))}>
        <img src={fileHref(paths, prediction, file)} alt={alt} {...pixelsOf(file)} />
      </a>
      <FileCaption file={file} />
    </figure>
  )
}
