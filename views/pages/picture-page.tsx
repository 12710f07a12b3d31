import type { Child } from 'hono/jsx'
import { modelName } from '../../src/domain/model-ref.ts'
import { fileKey, type OutputFile } from '../../src/domain/output/output-file.ts'
import type { Prediction } from '../../src/domain/prediction/prediction.ts'
import { formatBytes } from '../format.tsx'
import { Layout } from '../layout.tsx'
import { pixelsOf, sizeInPixels } from '../outputs/parts/file-caption.tsx'
import { fileHref } from '../outputs/parts/file-href.ts'
import { usePaths } from '../site.ts'

export interface PicturePageProps {
  readonly prediction: Prediction
  /** All pictures of the output, in order. */
  readonly pictures: readonly OutputFile[]
  /** The index of the one that is shown. */
  readonly at: number
  /** Scaled to the window instead of full size. */
  readonly fit: boolean
}

/** One picture of an output, with links to the previous and the next one. */
export function PicturePage({ prediction, pictures, at, fit }: PicturePageProps) {
  const paths = usePaths()
  const picture = pictures[at]
  if (!picture) return null
  const { id, model } = prediction
  const href = fileHref(paths, id, picture)
  const here = paths.picture(id, fileKey(picture))
  const place = `${at + 1} of ${pictures.length}`
  const pixels = sizeInPixels(picture)
  return (
    <Layout title={`${picture.name}, ${place}`}>
      <header class='pane-head'>
        <div class='facts'>
          <h1 class='visually-hidden'>Picture {place} in full size</h1>
          <a href={paths.model(model)}>{modelName(model)}</a>
          <span class='mono'>{picture.name}</span>
          {pixels !== null && <span>{pixels}</span>}
          <span>{formatBytes(picture.size)}</span>
        </div>
        <nav class='actions' aria-label='Pictures'>
          {pictures.length > 1 && (
            <>
              <Step {...{ id, fit }} to={pictures[at - 1]} rel='prev' label='Previous picture'>
                ←
              </Step>
              <span class='mono'>{place}</span>
              <Step {...{ id, fit }} to={pictures[at + 1]} rel='next' label='Next picture'>
                →
              </Step>
            </>
          )}
          <a class='button' href={fit ? here : `${here}?fit`}>
            {fit ? 'Full size' : 'Fit'}
          </a>
          <a class='button' href={href} download={picture.name}>
            Download
          </a>
          <a class='button' href={paths.prediction(id)}>
            Close
          </a>
        </nav>
      </header>
      <div
        class={fit ? 'gallery one' : 'gallery one full'}
        tabindex={0}
        role='region'
        aria-label={fit ? 'Picture' : 'Picture in full size'}
      >
        <a href={fit ? here : `${here}?fit`}>
          <img src={href} alt={`${picture.name}, ${place}`} {...pixelsOf(picture)} />
        </a>
      </div>
    </Layout>
  )
}

interface StepProps {
  readonly id: string
  readonly fit: boolean
  /** The picture to link to; none at either end. */
  readonly to: OutputFile | undefined
  readonly rel: 'prev' | 'next'
  readonly label: string
  readonly children?: Child
}

function Step({ id, fit, to, rel, label, children }: StepProps) {
  const paths = usePaths()
  if (!to)
    return (
      <span class='button icon' aria-hidden='true'>
        {children}
      </span>
    )
  const href = paths.picture(id, fileKey(to))
  return (
    <a class='button icon' rel={rel} href={fit ? `${href}?fit` : href} aria-label={label}>
      {children}
    </a>
  )
}
