import type { Child } from 'hono/jsx'
import { modelName } from '../../src/domain/model-ref.ts'
import { fileKey, type OutputFile } from '../../src/domain/output/output-file.ts'
import type { Prediction } from '../../src/domain/prediction/prediction.ts'
import type { Paths } from '../../src/paths.ts'
import { formatBytes } from '../format.tsx'
import { Layout } from '../layout.tsx'
import { CopyButton } from '../outputs/parts/copy-button.tsx'
import { pixelsOf, sizeInPixels } from '../outputs/parts/file-caption.tsx'
import { fileHref } from '../outputs/parts/file-href.ts'
import { usePaths } from '../site.ts'

export interface PicturePageProps extends PictureView {
  readonly prediction: Prediction
  /** All pictures of the output, in order. */
  readonly pictures: readonly OutputFile[]
  /** The index of the one that is shown. */
  readonly at: number
  /** The input that it was made from, to stand beside it; null to show it alone. */
  readonly before: OutputFile | null
}

interface PictureView {
  /** Scaled to the window instead of full size. */
  readonly fit: boolean
  /** Whether Close leads to the form with the inputs of the prediction, from where it was opened. */
  readonly inWorkspace: boolean
}

/** One picture of an output, with links to the previous and the next one. */
export function PicturePage(props: PicturePageProps) {
  const { prediction, pictures, at, before } = props
  const picture = pictures[at]
  if (!picture) return null
  const place = `${at + 1} of ${pictures.length}`
  return (
    <Layout title={`${picture.name}, ${place}`}>
      <PictureHead {...props} picture={picture} place={place} />
      {before ? (
        <div class='gallery'>
          <Whole file={before} prediction={prediction.id} name={`Before: ${before.name}`} />
          <Whole file={picture} prediction={prediction.id} name={`After: ${picture.name}`} />
        </div>
      ) : (
        <FullPicture {...props} picture={picture} place={place} />
      )}
    </Layout>
  )
}

interface ShownPicture extends PicturePageProps {
  readonly picture: OutputFile
  /** `2 of 4`. */
  readonly place: string
}

function PictureHead(props: ShownPicture) {
  const { prediction, pictures, at, picture, place, fit, inWorkspace, before } = props
  const paths = usePaths()
  const { id, model } = prediction
  const href = fileHref(paths, id, picture)
  const pixels = sizeInPixels(picture)
  const size = formatBytes(picture.size)
  return (
    <header class='pane-head'>
      <div class='facts'>
        <h1 class='visually-hidden'>Picture {place} in full size</h1>
        <a href={paths.model(model)}>{modelName(model)}</a>
        <span class='mono'>{picture.name}</span>
        <span>{pixels === null ? size : `${pixels}, ${size}`}</span>
      </div>
      <nav class='actions' aria-label='Pictures'>
        {pictures.length > 1 && (
          <>
            <Step {...props} to={pictures[at - 1]} rel='prev' label='Previous picture'>
              ←
            </Step>
            <span class='mono'>{place}</span>
            <Step {...props} to={pictures[at + 1]} rel='next' label='Next picture'>
              →
            </Step>
          </>
        )}
        {!before && (
          <a class='button' href={addressOf(paths, id, picture, { ...props, fit: !fit })}>
            {fit ? 'Full size' : 'Fit'}
          </a>
        )}
        <CopyButton copied={{ of: 'picture', href }} />
        <a class='button' href={href} download={picture.name}>
          Download
        </a>
        <a
          class='button'
          href={inWorkspace ? paths.workspace(model, id) : paths.prediction(id)}
          data-closes
        >
          Close
        </a>
      </nav>
    </header>
  )
}

function FullPicture(props: ShownPicture) {
  const { prediction, picture, place, fit } = props
  const paths = usePaths()
  return (
    <div
      class={fit ? 'gallery one' : 'gallery one full'}
      tabindex={0}
      role='region'
      aria-label={fit ? 'Picture' : 'Picture in full size'}
    >
      <a href={addressOf(paths, prediction.id, picture, { ...props, fit: !fit })}>
        <img
          src={fileHref(paths, prediction.id, picture)}
          alt={`${picture.name}, ${place}`}
          {...pixelsOf(picture)}
        />
      </a>
    </div>
  )
}

/** A picture beside another. */
function Whole({ file, prediction, name }: { file: OutputFile; prediction: string; name: string }) {
  const href = fileHref(usePaths(), prediction, file)
  return (
    <figure>
      <a href={href}>
        <img src={href} alt={name} {...pixelsOf(file)} />
      </a>
      <figcaption>{name}</figcaption>
    </figure>
  )
}

interface StepProps extends PicturePageProps {
  /** The picture to link to; none at either end. */
  readonly to: OutputFile | undefined
  readonly rel: 'prev' | 'next'
  readonly label: string
  readonly children?: Child
}

function Step({ to, rel, label, children, ...props }: StepProps) {
  const paths = usePaths()
  if (!to)
    return (
      <span class='button icon' aria-hidden='true'>
        {children}
      </span>
    )
  const href = addressOf(paths, props.prediction.id, to, props)
  return (
    <a class='button icon' rel={rel} href={href} aria-label={label}>
      {children}
    </a>
  )
}

function addressOf(paths: Paths, id: string, picture: OutputFile, view: PictureView): string {
  const flags = [...(view.fit ? ['fit'] : []), ...(view.inWorkspace ? ['workspace'] : [])]
  const href = paths.picture(id, fileKey(picture))
  return flags.length > 0 ? `${href}?${flags.join('&')}` : href
}
