import { isText } from '../../src/domain/file/media-type.ts'
import type { OutputFile } from '../../src/domain/output/output-file.ts'
import { formatBytes } from '../format.tsx'
import { usePaths } from '../site.ts'
import type { OutputProps } from './output-props.ts'
import { fileHref } from './parts/file-href.ts'

export function FileOutput({ output: { file }, prediction }: OutputProps<'file'>) {
  return <FileLink file={file} prediction={prediction} type={file.type} />
}

interface FileLinkProps {
  readonly file: OutputFile
  readonly prediction: string
  /** A name or a media type. */
  readonly type: string
}

/** A download link; for text also a link to view it. */
export function FileLink({ file, prediction, type }: FileLinkProps) {
  const paths = usePaths()
  const href = fileHref(paths, prediction, file)
  const opensAsText = isText(file.type)
  return (
    <p class='file-link'>
      <a href={href} download={file.name}>
        {file.name}
      </a>{' '}
      <small>
        {type}, {formatBytes(file.size)}
      </small>
      {opensAsText && 'ref' in file && (
        <>
          {' '}
          <a href={paths.fileSource(prediction, file.ref)}>View</a>
        </>
      )}
    </p>
  )
}
