import { mapFiles } from '../../file/file.ts'
import { type JsonObject, sameJson } from '../../json/json.ts'
import type { Prediction } from '../prediction.ts'

interface InputComparison {
  /** The names of inputs that all have, with the same value. */
  readonly same: readonly string[]
  readonly different: readonly string[]
}

type Compared = Pick<Prediction, 'input' | 'files'>

/** Which inputs of several predictions differ, in the order of the first that has each. */
export function compareInputs(predictions: readonly Compared[]): InputComparison {
  const inputs = predictions.map(comparable)
  const names = [...new Set(inputs.flatMap((input) => Object.keys(input)))]
  const [first = {}] = inputs
  const isSame = (name: string) =>
    inputs.every((input) => Object.hasOwn(input, name) && sameValue(input, first, name))
  return { same: names.filter(isSame), different: names.filter((name) => !isSame(name)) }
}

/** The inputs that have another value than those of the first prediction. */
export function changedInputs(first: Compared, other: Compared): ReadonlySet<string> {
  const [before, after] = [comparable(first), comparable(other)]
  const names = Object.keys(after)
  return new Set(
    names.filter((name) => !Object.hasOwn(before, name) || !sameValue(before, after, name)),
  )
}

/** The input with the hashes of files in place of their references, which are never the same. */
function comparable({ input, files }: Compared): JsonObject {
  return mapFiles(input, files, ({ sha256 }) => sha256)
}

function sameValue(one: JsonObject, other: JsonObject, name: string): boolean {
  return sameJson(one[name] ?? null, other[name] ?? null)
}
