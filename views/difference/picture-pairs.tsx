import type { PictureDifference } from '../../src/domain/difference/picture-difference.ts'
import type { PicturePair } from '../../src/domain/prediction/comparison/difference.ts'
import { type PictureSide, Slider } from '../outputs/parts/before-after.tsx'
import { pixelsOf, sizeInPixels } from '../outputs/parts/file-caption.tsx'
import { fileHref } from '../outputs/parts/file-href.ts'
import { usePaths } from '../site.ts'

/** The ways to compare pictures, the first where none is chosen. */
export const pictureViews = ['slider', 'beside', 'difference'] as const
export type PictureView = (typeof pictureViews)[number]

export interface ComparedPair extends PicturePair {
  /** Null when it could not be computed. */
  readonly figures: PictureDifference | null
}

interface PicturePairsProps {
  /** Ids of the predictions. */
  readonly before: string
  readonly after: string
  readonly pairs: readonly ComparedPair[]
  readonly view: PictureView
}

export function PictureSwitch({ view }: Pick<PicturePairsProps, 'view'>) {
  const names = { slider: 'Slider', beside: 'Beside', difference: 'Difference' }
  return (
    <nav class='switch' aria-label='Compare as'>
      {pictureViews.map((one) => (
        <a href={`?as=${one}`} aria-current={one === view ? 'true' : undefined}>
          {names[one]}
        </a>
      ))}
    </nav>
  )
}

/** Pictures of two predictions, each with the one that takes its place in the other. */
export function PicturePairs({ before, after, pairs, view }: PicturePairsProps) {
  const paths = usePaths()
  return (
    <>
      {pairs.map((pair, at) => {
        const sides = {
          before: { file: pair.before, href: fileHref(paths, before, pair.before) },
          after: { file: pair.after, href: fileHref(paths, after, pair.after) },
        }
        const href = paths.pictureDifference(before, after, at)
        return (
          <>
            <Pair {...sides} view={view} href={pair.figures && href} />
            {pair.figures && (
              <Figures {...pair.figures} href={href} hasPicture={view !== 'difference'} />
            )}
          </>
        )
      })}
    </>
  )
}

interface PairProps {
  readonly before: PictureSide
  readonly after: PictureSide
  readonly view: PictureView
  /** The address of the difference picture; null when there is none. */
  readonly href: string | null
}

function Pair({ before, after, view, href }: PairProps) {
  const sizes = [before.file, after.file].map(sizeInPixels)
  const isOneSize = sizes[0] !== null && sizes[0] === sizes[1]
  if (view === 'difference' && href !== null)
    return (
      <div class='gallery one'>
        <figure>
          <img src={href} alt={`Where ${after.file.name} differs, in white`} />
        </figure>
      </div>
    )
  if (view !== 'slider' || !isOneSize)
    return (
      <div class='gallery'>
        <Beside {...before} name='before' />
        <Beside {...after} name='after' />
      </div>
    )
  return (
    <Slider before={before} after={after}>
      <figcaption>before · after, {sizes[0]}</figcaption>
    </Slider>
  )
}

function Beside({ file, href, name }: PictureSide & { readonly name: string }) {
  return (
    <figure>
      <a href={href}>
        <img src={href} alt={`${name}: ${file.name}`} {...pixelsOf(file)} />
      </a>
      <figcaption>
        {name} · {file.name}
        {sizeInPixels(file) !== null && ` · ${sizeInPixels(file)}`}
      </figcaption>
    </figure>
  )
}

interface FiguresProps extends PictureDifference {
  readonly href: string
  /** Whether a small picture is shown. */
  readonly hasPicture: boolean
}

function Figures({ differing, mean, width, height, href, hasPicture }: FiguresProps) {
  return (
    <div class='upload'>
      {hasPicture && (
        <a class='thumb' href={href}>
          <img src={href} alt='Where they differ, in white' width={width} height={height} />
        </a>
      )}
      <p class='upload-name'>
        <span class='figure'>{(differing * 100).toFixed(1)} %</span>{' '}
        <small>
          of the pixels differ, mean difference {Math.round(mean)} of 255. White is where.
        </small>
      </p>
    </div>
  )
}
