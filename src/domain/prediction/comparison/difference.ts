import { type ValueChanges, valueChanges } from '../../difference/value-changes.ts'
import { type WordChange, wordChanges } from '../../difference/word-changes.ts'
import { mapFiles } from '../../file/file.ts'
import { beginning, tailOf } from '../../json/excerpt.ts'
import type { Json } from '../../json/json.ts'
import type { Output } from '../../output/output.ts'
import { filesIn, isPicture, type OutputFile } from '../../output/output-file.ts'
import type { ValueSchema } from '../../schema/value-schema.ts'
import { outputOf } from '../output.ts'
import type { Prediction } from '../prediction.ts'

/** A prediction, with the schema of the output of its version. */
export interface Made {
  readonly prediction: Prediction
  readonly schema: { readonly output: ValueSchema }
}

/** How the outputs of two predictions are compared. */
export type OutputDifference =
  | { readonly kind: 'text'; readonly text: TextDifference }
  | { readonly kind: 'pictures'; readonly pairs: readonly PicturePair[] }
  /** By path, as other values are; only their beginnings where they are too large for a page. */
  | { readonly kind: 'values'; readonly isCut: boolean }
  /** Outputs that are only shown beside each other. */
  | { readonly kind: 'unlike'; readonly before: Output; readonly after: Output }

export interface PicturePair {
  readonly before: OutputFile
  readonly after: OutputFile
}

export interface TextDifference {
  readonly changes: readonly WordChange[]
  /** Whether only a part of the texts was compared. */
  readonly isCut: boolean
}

export interface PredictionDifference {
  readonly output: OutputDifference
  /** Of the metrics and, where it is compared by path, of the output. */
  readonly values: ValueChanges
  /** Of the ends of the logs; null when they are equal. */
  readonly logs: TextDifference | null
}

/** The longest texts that are compared, in UTF-16 units: all inputs share it. */
export const mostUnits = 24_000
const mostLogUnits = 8_000
const mostPairs = 4
const mostChanges = 200

/** The steps of finding what differs between what two predictions made. */
export function* differenceOf(
  before: Made,
  after: Made,
): Generator<undefined, PredictionDifference> {
  const output = yield* outputDifference(before, after)
  yield
  const compared = ({ prediction }: Made) => ({
    ...(output.kind === 'values' ? { output: namedFiles(prediction) } : {}),
    metrics: prediction.metrics,
  })
  return {
    output,
    values: yield* valueChanges(compared(before), compared(after), mostChanges),
    logs: logDifference(before.prediction.logs, after.prediction.logs),
  }
}

/** How two texts differ, or their beginnings. */
export function textDifference(before: string, after: string, most = mostUnits): TextDifference {
  return {
    changes: wordChanges(beginning(before, most), beginning(after, most)),
    isCut: before.length > most || after.length > most,
  }
}

function* outputDifference(before: Made, after: Made): Generator<undefined, OutputDifference> {
  const was = outputOf(before.prediction, before.schema.output)
  yield
  const is = outputOf(after.prediction, after.schema.output)
  yield
  if ('text' in was && 'text' in is) {
    const text = textDifference(was.text, is.text)
    const isCut = text.isCut || was.omitted !== undefined || is.omitted !== undefined
    return { kind: 'text', text: { ...text, isCut } }
  }
  const pairs = yield* picturePairs(before.prediction, after.prediction)
  if (pairs.length > 0) return { kind: 'pictures', pairs }
  const isShown = [was, is].some(({ kind }) => shownBeside.has(kind))
  if (isShown) return { kind: 'unlike', before: was, after: is }
  const isCut = before.prediction.excerpt !== null || after.prediction.excerpt !== null
  return { kind: 'values', isCut }
}

const shownBeside: ReadonlySet<Output['kind']> = new Set([
  ...(['text', 'stream', 'markdown', 'html', 'image', 'gallery', 'audio', 'video'] as const),
  ...(['mesh', 'file', 'link', 'error'] as const),
])

function* picturePairs(
  before: Prediction,
  after: Prediction,
): Generator<undefined, readonly PicturePair[]> {
  const was = filesIn(before.output, before.files).filter(isPicture)
  if (was.length === 0) return []
  yield
  const is = filesIn(after.output, after.files).filter(isPicture)
  return was.slice(0, mostPairs).flatMap((file, at) => {
    const other = is[at]
    return other ? [{ before: file, after: other }] : []
  })
}

/** The output with the names and hashes of files in place of their references, which are never the same. */
function namedFiles({ output, excerpt, files }: Prediction): Json {
  const shown = excerpt ? excerpt.head : output
  return mapFiles(shown, files, ({ name, sha256 }) => `${name}, SHA-256 ${sha256}`)
}

function logDifference(before: string, after: string): TextDifference | null {
  if (before === after) return null
  const isCut = before.length > mostLogUnits || after.length > mostLogUnits
  return { changes: wordChanges(tailOf(before, mostLogUnits), tailOf(after, mostLogUnits)), isCut }
}
