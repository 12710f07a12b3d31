import { type DataUri, readDataUri } from '../file/data-uri.ts'
import { extensionOf } from '../file/extensions.ts'
import { fileRef, type StoredFile, safeFileName } from '../file/file.ts'
import type { Json } from '../json/json.ts'
import { stringsIn } from '../json/walk.ts'

/** A file that an output or an input holds as a `data:` URI. */
export interface InlineFile {
  /** Its position among the inline files of the output or input, from 0. */
  readonly inline: number
  /** The URI itself. */
  readonly uri: string
  /** Generated, as a URI has no name. */
  readonly name: string
  /** Media type as the URI claims it. */
  readonly type: string
  /** In bytes, about. */
  readonly size: number
}

export type OutputFile = StoredFile | InlineFile

/** Finds the file that a value of an output stands for; null for any other value. */
export type FileFinder = (value: Json) => OutputFile | null

export function fileFinder(output: Json, files: readonly StoredFile[]): FileFinder {
  const stored = new Map(files.map((file) => [file.ref, file]))
  let inline: ReadonlyMap<string, InlineFile> | undefined
  return (value) => {
    if (typeof value !== 'string' || !mayNameFile(value)) return null
    if (dataUriType(value) !== null) {
      inline ??= inlineFilesIn(output, 'output')
      return inline.get(value) ?? null
    }
    const ref = fileRef(value)
    return ref === null ? null : (stored.get(ref) ?? null)
  }
}

/** A quick look: each token of a long answer is asked for each time it is drawn. */
function mayNameFile(text: string): boolean {
  return text.charAt(4) === ':' || text.charAt(7) === ':'
}

/** Every file of an output, once each, in the order they come. */
export function filesIn(output: Json, files: readonly StoredFile[]): OutputFile[] {
  const find = fileFinder(output, files)
  const found = stringsIn(output).flatMap((text) => find(text) ?? [])
  return [...new Set(found)]
}

/** The pictures that browsers show; others are files to them. */
const shownImages = /^image\/(?:png|apng|jpeg|gif|webp|avif|svg\+xml|bmp)$/

export function isPicture({ type }: OutputFile): boolean {
  return shownImages.test(type)
}

/** Identifies a file among those of its prediction. */
export function fileKey(file: OutputFile): string {
  return 'ref' in file ? file.ref : String(file.inline)
}

/** A name for each file that is safe in an archive and unique without regard to case. */
export function uniqueNames(files: readonly { readonly name: string }[]): string[] {
  const taken = new Set<string>()
  const counts = new Map<string, number>()
  return files.map(({ name }) => {
    const safe = safeFileName(name)
    const [, stem = safe, extension = ''] = /^(.+?)(\.[A-Za-z0-9]{1,10})?$/.exec(safe) ?? []
    let unique = safe
    let count = counts.get(safe.toLowerCase()) ?? 1
    while (taken.has(unique.toLowerCase())) unique = `${stem}-${++count}${extension}`
    counts.set(safe.toLowerCase(), count)
    taken.add(unique.toLowerCase())
    return unique
  })
}

/** Files that an input holds as `data:` URIs, by their URI. */
export function givenInline(input: Json): ReadonlyMap<string, InlineFile> {
  return inlineFilesIn(input, 'input')
}

/** The media type that a `data:` URI claims; null for any text that is no file. */
export function dataUriType(text: string): string | null {
  return dataFileIn(text)?.type ?? null
}

/** A `data:` URI that names a media type and has a content: any other is a text. */
function dataFileIn(text: string): (DataUri & { readonly type: string }) | null {
  const found = readDataUri(text)
  if (!found?.type || !/\S/.test(text.charAt(found.start))) return null
  return { ...found, type: found.type }
}

function inlineFilesIn(value: Json, stem: string): ReadonlyMap<string, InlineFile> {
  const files = new Map<string, InlineFile>()
  for (const uri of stringsIn(value)) {
    const found = files.has(uri) ? null : dataFileIn(uri)
    if (!found) continue
    const inline = files.size
    const name = `${stem}-${inline + 1}.${extensionOf(found.type)}`
    files.set(uri, { inline, uri, name, type: found.type, size: found.size })
  }
  return files
}
