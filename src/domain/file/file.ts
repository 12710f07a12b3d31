import type { Json, JsonObject } from '../json/json.ts'
import { mapStrings, stringsIn } from '../json/walk.ts'
import { mediaType } from './media-type.ts'

/** A file in our own store, as a prediction or a form refers to it. */
export interface StoredFile {
  /** Random and unguessable, one for each reference. It grants access to the file. */
  readonly ref: string
  /** SHA-256 of the content in hex: equal contents are stored once. */
  readonly sha256: string
  /** The name that people see: one path segment, free of control characters. */
  readonly name: string
  /**
   * Media type without parameters, by the content, or by the name where the content is ambiguous.
   * Never the type that an uploader claimed.
   */
  readonly type: string
  /** In bytes. */
  readonly size: number
  /** The size of a picture; absent when its first bytes do not say it. */
  readonly pixels?: Pixels
}

/** The size of a picture as it is displayed. */
export interface Pixels {
  readonly width: number
  readonly height: number
}

/** A stored content with a name, and with the media type that follows from both. */
export function namedFile(
  content: Pick<StoredFile, 'sha256' | 'size' | 'type'>,
  ref: string,
  name: string,
): StoredFile {
  const safe = safeFileName(name)
  return { ...content, ref, name: safe, type: mediaType(content.type, safe) }
}

const scheme = 'sandpit:'

/** How a stored file is written inside inputs and outputs: `sandpit:REF/name.ext`. */
export function fileUri(file: { readonly ref: string; readonly name: string }): string {
  return `${scheme}${file.ref}/${encodeURIComponent(file.name)}`
}

/** The reference in a stored file's URI; null for any other text. */
export function fileRef(value: Json | undefined): string | null {
  if (typeof value !== 'string' || !value.startsWith(scheme)) return null
  return /^sandpit:([a-z2-7]{26})(?:\/|$)/.exec(value)?.[1] ?? null
}

/** The file a value stands for, if it is one of `files`. */
export function fileAt(value: Json | undefined, files: readonly StoredFile[]): StoredFile | null {
  const ref = fileRef(value)
  return ref ? (files.find((file) => file.ref === ref) ?? null) : null
}

/** The value with others in place of the references to files. Without files, it is the same object. */
export function mapFiles(
  value: JsonObject,
  files: readonly StoredFile[],
  change: (file: StoredFile) => Json,
): JsonObject
export function mapFiles(
  value: Json,
  files: readonly StoredFile[],
  change: (file: StoredFile) => Json,
): Json
export function mapFiles(
  value: Json,
  files: readonly StoredFile[],
  change: (file: StoredFile) => Json,
): Json {
  if (files.length === 0) return value
  const byRef = new Map(files.map((file) => [file.ref, file]))
  return mapStrings(value, (text) => {
    const file = byRef.get(fileRef(text) ?? '')
    return file ? change(file) : text
  })
}

/** Every stored file's reference anywhere inside a value. */
export function fileRefsIn(value: Json): string[] {
  return stringsIn(value).flatMap((text) => fileRef(text) ?? [])
}

/** A name that is safe as one path segment and in a header: no separators, controls or dots alone. */
export function safeFileName(name: string): string {
  const last = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)
  const allowed = last.replace(/\p{Cc}|\p{Cf}|[<>:"|?*]/gu, '')
  const plain = allowed.replace(/^[.\s]+/, '').trimEnd()
  if (plain.length <= 120) return plain.toWellFormed() || 'file'
  const extension = /\.[A-Za-z0-9]{1,10}$/.exec(plain)?.[0] ?? ''
  return (
    plain
      .slice(0, 120 - extension.length)
      .replace(/[\ud800-\udbff]$/, '')
      .trimEnd()
      .toWellFormed() + extension
  )
}
