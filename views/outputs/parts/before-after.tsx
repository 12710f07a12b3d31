import type { PropsWithChildren } from 'hono/jsx'
import { fileKey, type OutputFile } from '../../../src/domain/output/output-file.ts'
import { usePaths } from '../../site.ts'
import { FileCaption, pixelsOf } from './file-caption.tsx'
import { fileHref } from './file-href.ts'

interface BeforeAfterProps {
  readonly before: OutputFile
  readonly after: OutputFile
  readonly prediction: string
}

/** A picture over the input of the same size. */
export function BeforeAfter({ before, after, prediction }: BeforeAfterProps) {
  const paths = usePaths()
  const page = paths.picture(prediction, fileKey(after))
  const side = (file: OutputFile) => ({ file, href: fileHref(paths, prediction, file) })
  return (
    <Slider before={side(before)} after={side(after)}>
      <FileCaption file={after}>
        {' '}
        · <a href={page}>full size</a> · <a href={`${page}?beside`}>without the slider</a>
      </FileCaption>
    </Slider>
  )
}

/** A picture, and where it is read from. */
export interface PictureSide {
  readonly file: OutputFile
  readonly href: string
}

interface SliderProps {
  readonly before: PictureSide
  readonly after: PictureSide
}

/**
 * Two pictures of one size over each other, with a slider for where they meet, which `public/page.js`
 * moves. Without scripts and in print they stand beside each other. Its child is the caption.
 */
export function Slider({ before, after, children }: PropsWithChildren<SliderProps>) {
  return (
    <figure class='media'>
      <div class='over ab'>
        <img src={before.href} alt={`Before: ${before.file.name}`} {...pixelsOf(before.file)} />
        <img src={after.href} alt={`After: ${after.file.name}`} {...pixelsOf(after.file)} />
      </div>
      <input type='range' value='50' aria-label='Before and after, where they meet' />
      {children}
    </figure>
  )
}
