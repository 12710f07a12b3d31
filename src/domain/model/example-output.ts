import { z } from 'zod'
import { typeOfName } from '../file/extensions.ts'
import { fileUri, type StoredFile } from '../file/file.ts'
import { isObject, type Json } from '../json/json.ts'
import { mapStrings } from '../json/walk.ts'
import { newPrediction, type Prediction } from '../prediction/prediction.ts'
import type { Model } from './model.ts'

/** The output of a model’s first example, as the model brings it. */
export interface ExampleOutput {
  /** Files are written as `./name`: they are among the model’s own files. */
  readonly output: Json
  /** How long the run took, in seconds. */
  readonly seconds: number
  readonly files: readonly ExampleFile[]
}

/** A file of such an output. Pictures have a size in pixels. */
export interface ExampleFile {
  readonly name: string
  /** In bytes. */
  readonly size: number
  readonly width?: number | undefined
  readonly height?: number | undefined
}

const mostFiles = 32
const pixels = z.int().positive().optional()
const fileShape = z.object({
  name: z.string().regex(/^example-output-\d+\.\w+$/),
  size: z.int().nonnegative(),
  width: pixels,
  height: pixels,
})
const shape = z.object({
  seconds: z.number().nonnegative(),
  files: z.array(fileShape).max(mostFiles),
})

/** Reads the content of `example-output.json`; null when it is not one. */
export function readExampleOutput(json: Json): ExampleOutput | null {
  const reading = shape.safeParse(json)
  if (!reading.success || !isObject(json) || json.output === undefined) return null
  return { ...reading.data, output: json.output }
}

/** The id of what a model brings, which is no prediction that anybody made. */
const exampleId = 'example'.padEnd(26, 'a')

/** The example of a model as a prediction, to be drawn as one; null when it brings no output. */
export function examplePrediction(model: Model): Prediction | null {
  const { ref, version, provider, examples, exampleOutput } = model
  const [input] = examples
  if (!exampleOutput || !input) return null
  const files = exampleOutput.files.map(storedFile)
  const byPath = new Map(files.map((file) => [`./${file.name}`, file]))
  const accepted = newPrediction({
    id: exampleId,
    model: ref,
    version: version.id,
    provider,
    input,
    files,
    createdAt: 0,
    source: 'web',
    createdBy: '',
  })
  return {
    ...accepted,
    status: 'succeeded',
    output: mapStrings(exampleOutput.output, (text) => {
      const file = byPath.get(text)
      return file ? fileUri(file) : text
    }),
    startedAt: 0,
    completedAt: exampleOutput.seconds * 1000,
  }
}

const digits = 'abcdefghijklmnopqrstuvwxyz234567'

function storedFile({ name, size, width, height }: ExampleFile, index: number): StoredFile {
  return {
    ref: 'file'.padEnd(25, 'a') + digits.charAt(index),
    sha256: '',
    name,
    type: typeOfName(name) ?? 'application/octet-stream',
    size,
    ...(width && height ? { pixels: { width, height } } : {}),
  }
}
