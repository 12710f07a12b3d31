import { stringsIn } from '../json/walk.ts'
import { type ModelRef, modelName } from '../model-ref.ts'
import type { Model, Version } from './model.ts'

/** The parts of a model that are searched. */
export type Indexable = Pick<Model, 'ref' | 'description' | 'readme' | 'tags' | 'examples'> & {
  readonly version: Pick<Version, 'schema'>
}

/** The texts of a model that are searched. */
export interface Searched {
  readonly ref: ModelRef
  readonly description: string
  /** The names of its inputs. */
  readonly inputs: readonly string[]
  /** Texts of its examples. */
  readonly examples: readonly string[]
  readonly readme: string | null
}

const longestExample = 500
const mostExamples = 20

/** The searched texts of a model. */
export function searchedOf(model: Indexable): Searched {
  const { ref, description, readme, tags, examples, version } = model
  const texts = examples.slice(0, mostExamples).flatMap(stringsIn)
  return {
    ref,
    description: [description, ...tags].join(' '),
    readme,
    inputs: version.schema.input.map(({ name }) => name),
    examples: texts.filter((text) => text.length <= longestExample && !isFile(text)),
  }
}

function isFile(text: string): boolean {
  return /^(?:\.\/|https?:|data:)/.test(text)
}

/** The texts of a model as the index takes them. */
export interface IndexedTexts {
  readonly name: string
  readonly description: string
  readonly inputs: string
  readonly readme: string
}

/** The most that is searched of each, in UTF-16 units. */
const mostUnits = { description: 1_000, inputs: 2_000, readme: 8_000 }

export function indexedTexts(searched: Searched): IndexedTexts {
  const { name, description, inputs } = plainTexts(searched)
  const readme = searched.readme?.slice(0, mostUnits.readme) ?? ''
  return {
    name: indexed(name),
    description: indexed(description),
    inputs: indexed(inputs),
    readme: indexed(normalized(readme)),
  }
}

/** The texts besides the README, normalized. */
export function plainTexts({ ref, description, inputs, examples }: Searched) {
  const asked = [...inputs, ...examples].join(' ').slice(0, mostUnits.inputs)
  return {
    name: normalized(modelName(ref)),
    description: normalized(description.slice(0, mostUnits.description)),
    inputs: normalized(asked),
  }
}

/** The words of a text in lower case without accents, separated by single spaces. */
export function normalized(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** Characters of scripts that are written without spaces between words. */
export const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/gu
const anyUnspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u

/**
 * A normalized text for an index of trigrams, with a space before each word. Of scripts without spaces,
 * each character and each pair is a word, as words of those are shorter than a trigram.
 */
function indexed(text: string): string {
  const spaced = text.replace(unspaced, (run) => {
    const characters = [...run]
    return characters.map((one, at) => ` ${one} ${one}${characters[at + 1] ?? ''} `).join('')
  })
  return ` ${spaced} `
}

/** The trigrams that the indexed text has when it has this normalized word, as a part of any word. */
export function partsOf(word: string): readonly string[] {
  const characters = [...word]
  if (anyUnspaced.test(word)) return pairsOf(characters)
  if (characters.length === 1) return [` ${word} `]
  if (characters.length === 2) return [` ${word}`]
  return trigrams(characters)
}

/** The trigrams of a word that stands alone, with its beginning and end. */
export function partsOfWhole(word: string): readonly string[] {
  return trigrams([' ', ...word, ' '])
}

/** Every trigram of an indexed text. */
export function trigramsIn(text: string): readonly string[] {
  return trigrams([...text])
}

function pairsOf(characters: readonly string[]): readonly string[] {
  if (characters.length === 1) return [` ${characters[0]} `]
  return [
    ...new Set(characters.slice(0, -1).map((one, at) => ` ${one}${characters[at + 1] ?? ''}`)),
  ]
}

function trigrams(characters: readonly string[]): readonly string[] {
  const all = characters.slice(0, -2).map((_, at) => characters.slice(at, at + 3).join(''))
  return [...new Set(all)]
}
