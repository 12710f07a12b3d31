import { formatJson, isList, isObject, type Json } from '../json/json.ts'
import { jsonLength } from '../json/walk.ts'

export function wholeCharacters(text: string): string {
  return text.replace(/[\ud800-\udbff]$/, '')
}

/** The approximate length of a piece. */
const pieceUnits = 64 * 1024

/** A text in pieces that do not split surrogate pairs. */
export function* piecesOfText(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const piece = text.slice(at, at + pieceUnits)
    const whole = at + piece.length < text.length ? wholeCharacters(piece) : piece
    at += whole.length
    yield whole
  }
}

/** The JSON of a list in pieces, one item a line, without the brackets around it. */
export function* piecesOfItems(items: readonly Json[], isFirst: boolean): Generator<string> {
  for (const [at, item] of items.entries()) {
    yield isFirst && at === 0 ? '\n' : ',\n'
    yield* piecesOfJson(item)
  }
}

/** The same text in larger pieces, one for each write. */
export function* gathered(pieces: Iterable<string>): Generator<string> {
  let text = ''
  for (const piece of pieces) {
    text += piece
    if (text.length < pieceUnits) continue
    yield text
    text = ''
  }
  if (text !== '') yield text
}

/** The JSON of a value in pieces, on one line. The whole is never in memory as one string. */
export function* piecesOfJson(value: Json): Generator<string> {
  if (typeof value === 'string' && value.length > pieceUnits) {
    yield '"'
    for (const piece of piecesOfText(value)) yield JSON.stringify(piece).slice(1, -1)
    yield '"'
  } else if (jsonLength(value, pieceUnits) <= pieceUnits) yield formatJson(value)
  else if (isList(value)) {
    let before = '['
    for (const item of value) {
      yield before
      yield* piecesOfJson(item)
      before = ','
    }
    yield ']'
  } else if (isObject(value)) {
    let before = '{'
    for (const name in value) {
      yield `${before}${JSON.stringify(name)}:`
      yield* piecesOfJson(value[name] ?? null)
      before = ','
    }
    yield '}'
  } else yield formatJson(value)
}
