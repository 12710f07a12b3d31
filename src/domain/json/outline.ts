import { headOf, pageBytes } from './excerpt.ts'
import { formatJson, isList, isObject, type Json } from './json.ts'

/**
 * JSON as indented lines. Values with several lines can be folded. All texts joined are the JSON.
 */
export type OutlinePart =
  | string
  | { readonly head: string; readonly parts: readonly OutlinePart[]; readonly tail: string }

export interface Outline {
  readonly parts: readonly OutlinePart[]
  /** Whether something was left out, marked by `…`. */
  readonly cut: boolean
}

const mostDepth = 24
const mostTextBytes = 2_000
const oneLineUnits = 72
const foldMarkupBytes = 50

/** The outline of a value of any depth and size, in about `bytes` of a page. */
export function outlineOf(value: Json, bytes: number): Outline {
  const drawing: Drawing = { left: bytes, cut: false }
  const parts = partsOf(value, { depth: 0, before: '', after: '' }, drawing)
  return { parts, cut: drawing.cut }
}

interface Drawing {
  left: number
  cut: boolean
}

/** The depth of a value, the text before it on its first line, and after it on its last. */
interface LinePosition {
  readonly depth: number
  readonly before: string
  readonly after: string
}

function partsOf(value: Json, position: LinePosition, drawing: Drawing): OutlinePart[] {
  const line = inOneLine(value, drawing)
  if (line !== null)
    return [write(`${indent(position)}${position.before}${line}${position.after}\n`, drawing)]
  const [open, close] = isList(value) ? '[]' : '{}'
  if (position.depth >= mostDepth) {
    drawing.cut = true
    const folded = `${indent(position)}${position.before}${open}…${close}${position.after}\n`
    return [write(folded, drawing)]
  }
  drawing.left -= foldMarkupBytes
  const head = write(`${indent(position)}${position.before}${open}\n`, drawing)
  const parts = membersOf(value, position.depth + 1, drawing)
  return [{ head, parts, tail: write(`${indent(position)}${close}${position.after}\n`, drawing) }]
}

function membersOf(value: Json, depth: number, drawing: Drawing): OutlinePart[] {
  const names = isObject(value) ? Object.keys(value) : null
  const members: readonly Json[] = isList(value)
    ? value
    : isObject(value)
      ? Object.values(value)
      : []
  const parts: OutlinePart[] = []
  for (const [at, member] of members.entries()) {
    if (drawing.left <= 0) {
      drawing.cut = true
      parts.push(`${indent({ depth })}…\n`)
      break
    }
    const before = names ? `${textLine(names[at] ?? '', drawing)}: ` : ''
    const after = at < members.length - 1 ? ',' : ''
    parts.push(...partsOf(member, { depth, before, after }, drawing))
  }
  return parts
}

/** A leaf, a list of numbers or a short value in one line; null for a value that needs several. */
function inOneLine(value: Json, drawing: Drawing): string | null {
  if (typeof value === 'string') return textLine(value, drawing)
  if (typeof value !== 'object' || value === null) return formatJson(value)
  const members = isList(value) ? value : Object.values(value)
  if (members.length === 0) return isList(value) ? '[]' : '{}'
  if (isList(value) && value.every(isNumber)) return numbersLine(value, drawing)
  if (members.length > 8 || !members.every(isShort)) return null
  const line = visible(formatJson(value, 1).replace(/\n */g, ' '))
  return line.length <= oneLineUnits ? line.replace(/^([[{]) | ([\]}])$/g, '$1$2') : null
}

function isNumber(value: Json): boolean {
  return typeof value === 'number' || typeof value === 'bigint'
}

function isShort(value: Json): boolean {
  if (typeof value === 'string') return value.length <= oneLineUnits && !value.includes('\n')
  return typeof value !== 'object' || value === null
}

function numbersLine(numbers: readonly Json[], drawing: Drawing): string {
  let line = ''
  for (const [at, number] of numbers.entries()) {
    if (line.length > drawing.left) {
      drawing.cut = true
      return `[${line}, …]`
    }
    line += `${at > 0 ? ', ' : ''}${formatJson(number)}`
  }
  return `[${line}]`
}

function textLine(text: string, drawing: Drawing): string {
  const shown = headOf(text, mostTextBytes)
  if (shown.length < text.length) drawing.cut = true
  return visible(formatJson(shown.length < text.length ? `${shown}…` : text))
}

/** Bidirectional control characters are written as JSON escapes. */
function visible(json: string): string {
  return json.replace(
    /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function write(text: string, drawing: Drawing): string {
  drawing.left -= pageBytes(text)
  return text
}

function indent({ depth }: { readonly depth: number }): string {
  return '  '.repeat(depth)
}
