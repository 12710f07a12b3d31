import type { Json } from '../json/json.ts'
import type { OutputFile } from './output-file.ts'
import type { Cell } from './table.ts'

/**
 * An output to be drawn. Chosen by the value, then by its schema.
 * `omitted` is how much there is no room for: characters of a text, or items; absent when it is all there.
 */
export type Output =
  | { readonly kind: 'text'; readonly text: string; readonly omitted?: number }
  /** Text that arrived piece by piece; while it is `growing`, what is omitted is its beginning. */
  | {
      readonly kind: 'stream'
      readonly text: string
      readonly growing: boolean
      readonly omitted?: number
    }
  | { readonly kind: 'markdown'; readonly text: string; readonly omitted?: number }
  /** The source of a page, which is shown as such and never as a page. */
  | { readonly kind: 'html'; readonly text: string; readonly omitted?: number }
  /** `before`: the picture of the input that it can be compared with. */
  | { readonly kind: 'image'; readonly file: OutputFile; readonly before?: OutputFile }
  | { readonly kind: 'gallery'; readonly files: readonly OutputFile[]; readonly omitted?: number }
  | { readonly kind: 'audio'; readonly file: OutputFile }
  | { readonly kind: 'video'; readonly file: OutputFile }
  /** A thing in three dimensions. */
  | { readonly kind: 'mesh'; readonly file: OutputFile }
  | { readonly kind: 'file'; readonly file: OutputFile }
  /** A file elsewhere: shown as a link, as our pages load nothing from others. */
  | { readonly kind: 'link'; readonly url: string }
  | { readonly kind: 'number'; readonly value: number | bigint }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | {
      readonly kind: 'table'
      readonly columns: readonly string[]
      readonly rows: readonly (readonly Cell[])[]
      readonly omitted?: number
    }
  /** Several values, each in its own way. */
  | { readonly kind: 'list'; readonly items: readonly Output[]; readonly omitted?: number }
  /** Several values with names, each in its own way. */
  | {
      readonly kind: 'object'
      readonly entries: readonly (readonly [name: string, value: Output])[]
      readonly omitted?: number
    }
  /** `room`: how many bytes of a page it may take. */
  | { readonly kind: 'json'; readonly value: Json; readonly room: number }
  | { readonly kind: 'error'; readonly error: string }
  /** Nothing was made, or nothing yet. */
  | { readonly kind: 'empty'; readonly settled: boolean }

export type OutputKind = Output['kind']
