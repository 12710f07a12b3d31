import { extensionOf } from '../file/extensions.ts'
import { fileUri, mapFiles } from '../file/file.ts'
import type { Json } from '../json/json.ts'
import { filesIn } from '../output/output-file.ts'
import type { Prediction } from '../prediction/prediction.ts'

/**
 * The same prediction, in which the files of its output are called by their number: `file-1.wav`. Models put their
 * own names, and values of inputs, into names of files.
 */
export function withUnnamedFiles<P extends Pick<Prediction, 'output' | 'excerpt' | 'files'>>(
  prediction: P,
): P {
  const { output, excerpt, files } = prediction
  const shown = filesIn(excerpt ? excerpt.head : output, files)
  const numbers = new Map(shown.map((file, at) => [file, at + 1]))
  const unnamed = files.map((file) => {
    const name = `file-${numbers.get(file) ?? 'given'}.${extensionOf(file.type)}`
    return { ...file, name }
  })
  const rename = (value: Json) => mapFiles(value, unnamed, fileUri)
  return {
    ...prediction,
    output: rename(output),
    excerpt: excerpt && { ...excerpt, head: rename(excerpt.head), tail: excerpt.tail.map(rename) },
    files: unnamed,
  }
}
