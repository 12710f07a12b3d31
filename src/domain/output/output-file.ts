import { fileRef, type StoredFile, safeFileName } from '../file/file.ts'
import type { Json } from '../json/json.ts'
import { stringsIn } from '../json/walk.ts'

/** A file that an output or an input holds as a `data:` URI. */
export interface InlineFile {
  /** Its place among the files of this kind there, from 0. */
  readonly inline: number
  /** The URI itself. */
  readonly uri: string
  /** Made up: an URI has no name. */
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
    if (typeof value !== 'string') return null
    if (isDataUri(value)) {
      inline ??= inlineFilesIn(output, 'output')
      return inline.get(value) ?? null
    }
    const ref = fileRef(value)
    return ref === null ? null : (stored.get(ref) ?? null)
  }
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

/** Names a file among those of its prediction. */
export function fileKey(file: OutputFile): string {
  return 'ref' in file ? file.ref : String(file.inline)
}

/** A name for each file that is safe in an archive, and unlike every other's whatever the case. */
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

const dataUri = /^data:([a-z]+\/[\w.+-]+)((?:;[\w-]+=[^;,\s]*)*)(;base64)?,\S/i

/** Files that an input holds as `data:` URIs, by their URI. */
export function givenInline(input: Json): ReadonlyMap<string, InlineFile> {
  return inlineFilesIn(input, 'input')
}

/** What a `data:` URI claims to be; null for any other text. */
export function dataUriType(text: string): string | null {
  return isDataUri(text) ? (dataUri.exec(text.slice(0, 200))?.[1]?.toLowerCase() ?? null) : null
}

function isDataUri(text: string): boolean {
  return text.startsWith('data:') && dataUri.test(text.slice(0, 200))
}

/** Where the content of a `data:` URI begins, and whether it is base64. */
export function dataUriContent({ uri }: InlineFile): { content: string; base64: boolean } {
  const at = uri.indexOf(',')
  return { content: uri.slice(at + 1), base64: /;base64$/i.test(uri.slice(0, at)) }
}

function inlineFilesIn(value: Json, stem: string): ReadonlyMap<string, InlineFile> {
  const uris = [...new Set(stringsIn(value).filter(isDataUri))]
  return new Map(uris.map((uri, inline) => [uri, inlineFile(uri, inline, stem)]))
}

function inlineFile(uri: string, inline: number, stem: string): InlineFile {
  const [head = '', type = '', , base64] = dataUri.exec(uri.slice(0, 200)) ?? []
  const units = uri.length - head.length + 1
  const name = `${stem}-${inline + 1}.${extensionOf(type)}`
  const size = base64 ? Math.floor((units * 3) / 4) : units
  return { inline, uri, name, type: type.toLowerCase(), size }
}

/** What the name of a file of a media type ends with, without the dot. */
export function extensionOf(type: string): string {
  return extensions[type.toLowerCase()] ?? 'bin'
}

const extensions: Readonly<Record<string, string>> = {
  'application/json': 'json',
  'application/pdf': 'pdf',
  'application/zip': 'zip',
  'audio/flac': 'flac',
  'audio/mpeg': 'mp3',
  'audio/ogg': 'ogg',
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
  'image/avif': 'avif',
  'image/gif': 'gif',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/svg+xml': 'svg',
  'image/webp': 'webp',
  'model/gltf-binary': 'glb',
  'text/csv': 'csv',
  'text/html': 'html',
  'text/plain': 'txt',
  'video/mp4': 'mp4',
  'video/webm': 'webm',
}
