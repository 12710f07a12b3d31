import { fileRef } from '../file/file.ts'
import { isList, type Json } from '../json/json.ts'
import { someValue } from '../json/walk.ts'
import { dataUriType } from '../output/output-file.ts'
import { redacted } from '../schema/redacted.ts'
import type { Prediction } from './prediction.ts'

/** The beginnings of input and output that can be searched, in UTF-16 units each. */
const mostUnits = 4_096

/** Longer runs of letters are no words that people search for. */
const longestWord = 64

/** Words of a search; the rest is ignored. */
const mostSearched = 8

/**
 * The words by which a prediction is found, once each: those of its input and output texts and of
 * the names of its files. Takes bounded time.
 */
export function searchWords(
  prediction: Pick<Prediction, 'input' | 'output' | 'excerpt' | 'files' | 'iterates'>,
): string[] {
  const { input, output, excerpt, files, iterates } = prediction
  const texts = [textIn(input), textIn(excerpt ? excerpt.head : output)]
  // The items of an iterator may be pieces of words.
  const joined = iterates ? joinedPieces(excerpt ? excerpt.head : output) : ''
  const names = files.map(({ name }) => name).join(' ')
  const words = [...texts, joined, names.slice(0, mostUnits)].flatMap((text) => wordsIn(text))
  return [...new Set(words)]
}

/** The words that a search asks for, all of which a prediction has to have. */
export function searchedWords(search: string): string[] {
  return [...new Set(wordsIn(search.slice(0, mostUnits), true))].slice(0, mostSearched)
}

/** The texts in a value, up to the bound, without secrets, files and their contents. */
function textIn(value: Json): string {
  let text = ''
  someValue(value, (item) => {
    if (typeof item === 'string' && isText(item))
      text += `${item.slice(0, mostUnits - text.length)} `
    return text.length >= mostUnits
  })
  return text
}

function isText(text: string): boolean {
  return text !== redacted && fileRef(text) === null && dataUriType(text) === null
}

function joinedPieces(output: Json): string {
  if (!isList(output)) return ''
  let text = ''
  for (const item of output) {
    if (typeof item !== 'string' || !isText(item) || text.length >= mostUnits) break
    text += item
  }
  return text.slice(0, mostUnits)
}

/** Scripts that put no spaces between words, or whose words take endings without one. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー]+/gu

/** Marks that people leave out when they search: accents, and vowels of Hebrew and Arabic. */
const leftOut = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]/g

/**
 * The words of a text, in lower case and without accents. Of scripts without spaces they are single
 * characters and pairs; for a search only the pairs, where there are any.
 */
function wordsIn(text: string, isSearch = false): string[] {
  // Most texts need none of the rest, which takes several times as long.
  if (!/[\u0080-\uffff]/.test(text))
    return (text.toLowerCase().match(/[a-z0-9]+/g) ?? []).filter(isShort)
  const plain = text.normalize('NFKC').toLowerCase()
  const characters = (plain.match(unspaced) ?? []).flatMap((run) => pairsIn(run, isSearch))
  const spaced = plain.replace(unspaced, ' ').normalize('NFD').replace(leftOut, '')
  const words = spaced.normalize('NFC').match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
  return [...words, ...characters].filter(isShort)
}

function isShort(word: string): boolean {
  return word.length <= longestWord
}

function pairsIn(run: string, isSearch: boolean): string[] {
  const characters = [...run]
  const pairs = characters.slice(1).map((character, at) => `${characters[at]}${character}`)
  return isSearch && pairs.length > 0 ? pairs : [...characters, ...pairs]
}
