import { sameType } from '../group/shared-inputs.ts'
import { shortened } from '../json/excerpt.ts'
import { modelName } from '../model-ref.ts'
import type { Property } from '../schema/value-schema.ts'
import type { Model } from './model.ts'

/** The inputs that count as others, one on a line: `text = prompt`. */
export function countsAsText(countsAs: Model['countsAs']): string {
  return Object.entries(countsAs)
    .map(([name, as]) => `${name} = ${as}`)
    .join('\n')
}

/** The lines of such a text, each with the name of an input and the one that it counts as, which may be empty. */
export function countsAsLines(text: string): readonly (readonly [name: string, as: string])[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const at = line.indexOf('=')
      return at < 0 ? [line.trim(), ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()]
    })
}

export function readCountsAs(text: string): Model['countsAs'] {
  return Object.fromEntries(countsAsLines(text))
}

/** A line as `countsAsText` writes it. */
export function plainLine(line: string): string {
  const [[name, as] = ['', '']] = countsAsLines(line)
  return as === '' ? name : `${name} = ${as}`
}

/**
 * Why inputs of a model cannot count as others, as a sentence; null when they can. `words`: the type of an input, for
 * people.
 */
export function countsAsProblem(
  text: string,
  model: Model,
  others: readonly Model[],
  words: (property: Property) => string,
): string | null {
  const lines = countsAsLines(text)
  for (const [at, [name, as]] of lines.entries()) {
    const before = lines.slice(0, at)
    const problem =
      problemOfLine(name, as, model) ??
      problemBeside(name, as, before) ??
      problemOfType(name, as, model, others, words)
    if (problem !== null) return problem
  }
  return null
}

function problemOfLine(name: string, as: string, { version }: Model): string | null {
  const quoted = quote(name)
  if (as === '')
    return `Write each line as text = prompt. ${quoted} does not say what it counts as.`
  if (!version.schema.input.some((one) => one.name === name))
    return `This model has no input ${quoted}.`
  if (name === as) return `${quoted} has this name already: leave it out.`
  if (version.schema.input.some((one) => one.name === as))
    return `This model has an input ${quote(as)} of its own, so ${quoted} cannot count as that.`
  return null
}

function problemBeside(
  name: string,
  as: string,
  before: readonly (readonly [name: string, as: string])[],
): string | null {
  const twice = before.find(([one]) => one === name)
  if (twice) return `${quote(name)} is on two lines. Leave one of them out.`
  const other = before.find(([, one]) => one === as)
  if (!other) return null
  return `${quote(other[0])} and ${quote(name)} cannot both count as ${quote(as)}: they would get one value.`
}

/** Of the models that have an input of the name, one at least has it in the same type. */
function problemOfType(
  name: string,
  as: string,
  model: Model,
  others: readonly Model[],
  words: (property: Property) => string,
): string | null {
  const own = model.version.schema.input.find((one) => one.name === name)
  const there = others.flatMap(({ ref, version }) => {
    const property = version.schema.input.find((one) => one.name === as)
    return property ? [{ ref, property }] : []
  })
  const [first] = there
  if (!own || !first || there.some(({ property }) => sameType(property, own))) return null
  return `${quote(name)} is of type ${words(own)}, and ${quote(as)} of ${modelName(first.ref)} of type ${words(first.property)}. They cannot get one value.`
}

function quote(name: string): string {
  return `“${shortened(name)}”`
}
