import { beginning, headOf } from '../json/excerpt.ts'
import { isObject, type Json, type JsonObject } from '../json/json.ts'
import type { ValueSchema } from '../schema/value-schema.ts'
import type { Output } from './output.ts'
import { type FileFinder, isPicture, type OutputFile } from './output-file.ts'
import { firstRows, tableOf } from './table.ts'

/** How a value of an output is to be drawn. */
export interface ValueDrawing {
  readonly fileOf: FileFinder
  /** No more of it will come. */
  readonly settled: boolean
  /** Of the value that is drawn, where there is one. */
  readonly schema: ValueSchema | undefined
  /** In bytes of a page. */
  readonly room: number
  readonly depth: number
}

/** A text takes no more than this, in bytes of a page. */
const mostTextBytes = 64 * 1024

/** Markup around a value among others, and the least room, that included, in which it is drawn. */
const markupBytes = 250
const leastBytes = 600

const mostItems = 100
const mostDepth = 4
const shortUnits = 80
const mostNameUnits = 100

/** The output to draw for a value, or for a value within one. */
export function valueOutput(value: Json, drawing: ValueDrawing): Output {
  const file = drawing.fileOf(value)
  if (file) return fileOutput(file)
  if (typeof value === 'string') return stringOutput(value, drawing)
  if (typeof value === 'number' || typeof value === 'bigint') return { kind: 'number', value }
  if (typeof value === 'boolean') return { kind: 'boolean', value }
  const { room, depth } = drawing
  if (value === null || depth === mostDepth) return { kind: 'json', value, room }
  return isObject(value) ? objectOutput(value, drawing) : listOutput(value, drawing)
}

const meshName = /\.(?:glb|gltf|obj|ply|stl|usdz|3mf|fbx)$/i

function fileOutput(file: OutputFile): Output {
  const { type, name } = file
  if (isPicture(file)) return { kind: 'image', file }
  if (type.startsWith('audio/')) return { kind: 'audio', file }
  if (type.startsWith('video/')) return { kind: 'video', file }
  if (type.startsWith('model/')) return { kind: 'mesh', file }
  return { kind: meshName.test(name) && type !== 'text/html' ? 'mesh' : 'file', file }
}

function stringOutput(text: string, drawing: ValueDrawing): Output {
  const isLink = text.length <= 2_000 && /^https?:\/\/\S+$/.test(text) && URL.canParse(text)
  return isLink ? { kind: 'link', url: new URL(text).href } : textOutput(text, drawing)
}

export function textOutput(text: string, { settled, schema, room }: ValueDrawing): Output {
  const writing = settled ? writingOf(text, schema) : 'plain'
  const kind = writing === 'plain' ? 'text' : writing
  // Markdown is sent twice: rendered and as source.
  const most = kind === 'markdown' ? room / 3 : Math.min(room, mostTextBytes)
  const shown = headOf(text, most)
  return { kind, text: shown, ...omission(text.length - shown.length) }
}

/**
 * A gallery of images or a table; otherwise a list of the items, or JSON when all of them are
 * plain.
 */
function listOutput(value: readonly Json[], drawing: ValueDrawing): Output {
  const { room, fileOf, schema } = drawing
  const table = tableOf(value, (cell) => fileOf(cell) !== null)
  if (table) {
    const rows = firstRows(table, room)
    const columns = table.columns.map(shortName)
    return { kind: 'table', columns, rows, ...omission(value.length - rows.length) }
  }
  const shown = value.slice(0, fitting(room))
  const inner = { ...within(drawing, shown.length), schema: schema?.items }
  const items = shown.map((item) => valueOutput(item, inner))
  const images = items.flatMap((item) => (item.kind === 'image' ? [item.file] : []))
  const omitted = omission(value.length - shown.length)
  if (images.length === items.length && images.length > 0)
    return { kind: 'gallery', files: images, ...omitted }
  if (items.every(isPlain)) return { kind: 'json', value, room }
  return { kind: 'list', items, ...omitted }
}

/** Within another value, an object of plain members is JSON. */
function objectOutput(value: JsonObject, drawing: ValueDrawing): Output {
  const { room, depth, schema } = drawing
  const all = Object.entries(value)
  const shown = all.slice(0, fitting(room))
  const inner = within(drawing, shown.length)
  const entries = shown.map(([name, item]) => {
    const property = schema?.properties?.find((candidate) => candidate.name === name)
    return [shortName(name), valueOutput(item, { ...inner, schema: property?.schema })] as const
  })
  const plain = entries.every(([, item]) => isPlain(item))
  const plainest = entries.every(([, { kind }]) => kind === 'json')
  if (plainest || (plain && (depth > 0 || all.length > entries.length)))
    return { kind: 'json', value, room }
  return { kind: 'object', entries, ...omission(all.length - entries.length) }
}

function shortName(name: string): string {
  return name.length > mostNameUnits ? `${beginning(name, mostNameUnits)}…` : name
}

/** How many values fit. */
function fitting(room: number): number {
  return Math.max(1, Math.min(mostItems, Math.floor(room / leastBytes)))
}

function within(drawing: ValueDrawing, count: number): ValueDrawing {
  const room = Math.floor(drawing.room / Math.max(1, count)) - markupBytes
  return { ...drawing, room, depth: drawing.depth + 1 }
}

/** Whether JSON shows it as well. */
function isPlain(output: Output): boolean {
  if (output.kind === 'text') return output.text.length <= shortUnits && !/\n/.test(output.text)
  return output.kind === 'json' || output.kind === 'number' || output.kind === 'boolean'
}

/** The number of omitted parts; absent when it is none. */
export function omission(omitted: number): { readonly omitted?: number } {
  return omitted > 0 ? { omitted } : {}
}

/** The format of a finished text. */
export type Writing = 'plain' | 'markdown' | 'html'

/** The format by the schema if it says so, else by the text itself. */
export function writingOf(text: string, schema: ValueSchema | undefined): Writing {
  if (/^<(?:!doctype html|html)\b/i.test(text.slice(0, 200).trimStart())) return 'html'
  if (isMarkdownSchema(schema) || isMarkdownSchema(schema?.items)) return 'markdown'
  return looksLikeMarkdown(text, schema?.concatenate ? 1 : 2) ? 'markdown' : 'plain'
}

function isMarkdownSchema(schema: ValueSchema | undefined): boolean {
  return (
    schema?.format === 'markdown' ||
    schema?.format === 'text/markdown' ||
    schema?.raw.contentMediaType === 'text/markdown'
  )
}

/** How many units of a text are examined. */
const lookedAt = 16 * 1024

/**
 * Conservative: a fenced block or a table is enough, of the rest there must be `least` kinds: one in
 * a text that was streamed, as language models do. A heading counts only before a blank line, as `#`
 * begins a comment in many a program.
 */
function looksLikeMarkdown(text: string, least: number): boolean {
  const lines = text.slice(0, lookedAt).split(/\r?\n/, 1000)
  if (hasFence(lines) || hasTable(lines)) return true
  return [hasHeading, hasList, hasBold, hasLink].filter((has) => has(lines)).length >= least
}

type Lines = readonly string[]

function hasFence(lines: Lines): boolean {
  const opening = lines.findIndex((line) => /^```[\w+#-]*\s*$/.test(line))
  return opening >= 0 && lines.slice(opening + 1).some((line) => /^```\s*$/.test(line))
}

function hasTable(lines: Lines): boolean {
  return lines.some(
    (line, at) => /^\|(?:\s*:?-{3,}:?\s*\|)+\s*$/.test(line) && lines[at - 1]?.startsWith('|'),
  )
}

function hasHeading(lines: Lines): boolean {
  return lines.some((line, at) => /^#{1,6} \S/.test(line) && lines[at + 1]?.trim() === '')
}

function hasList(lines: Lines): boolean {
  return lines.filter((line) => /^ {0,3}(?:[-*+]|\d{1,3}\.) \S/.test(line)).length >= 2
}

function hasBold(lines: Lines): boolean {
  return lines.some((line) => /\*\*[^\s*][^*]*\*\*/.test(line.slice(0, 1000)))
}

function hasLink(lines: Lines): boolean {
  return lines.some((line) => /\[[^[\]]+\]\(https?:\/\/[^\s()]+\)/.test(line.slice(0, 1000)))
}
