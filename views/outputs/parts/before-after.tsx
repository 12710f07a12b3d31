import { fileKey, type OutputFile } from '../../../src/domain/output/output-file.ts'
import { usePaths } from '../../site.ts'
import { FileCaption, pixelsOf } from './file-caption.tsx'
import { fileHref } from './file-href.ts'

interface BeforeAfterProps {
  readonly before: OutputFile
  readonly after: OutputFile
  readonly prediction: string
}

/**
 * A picture over the input of the same size, with a slider for where they meet, which
 * `public/page.js` moves. Without scripts and in print they stand beside each other.
 */
export function BeforeAfter({ before, after, prediction }: BeforeAfterProps) {
  const paths = usePaths()
  const page = paths.picture(prediction, fileKey(after))
  return (
    <figure class='media'>
      <div class='over ab'>
        <img
          src={fileHref(paths, prediction, before)}
          alt={`Before: ${before.name}`}
          {...pixelsOf(before)}
        />
        <img
          src={fileHref(paths, prediction, after)}
          alt={`After: ${after.name}`}
          {...pixelsOf(after)}
        />
      </div>
      <input type='range' value='50' aria-label='Before and after, where they meet' />
      <FileCaption file={after}>
        {' '}
        · <a href={page}>full size</a> · <a href={`${page}?beside`}>without the slider</a>
      </FileCaption>
    </figure>
  )
}
