import { typeShownByName } from './extensions.ts'

/**
 * The media type of a file: by its bytes, or by its name where the bytes are ambiguous. A name
 * never turns a file into HTML, a script or a stylesheet.
 */
export function mediaType(sniffed: string, name: string): string {
  const shown = withoutParameters(sniffed)
  const named = typeShownByName(name)
  if (named === undefined || named === shown) return shown
  return agrees(shown, named) ? named : shown
}

/** The type that upstreams are told: Python, in which most models are written, does not know `audio/wav`. */
export function upstreamType({ type, name }: { readonly type: string; readonly name: string }) {
  const own = mediaType(type, name)
  return own === 'audio/wav' || own === 'audio/vnd.wave' ? 'audio/x-wav' : own
}

/** `audio/ogg` of `audio/ogg; codecs=opus`. */
export function withoutParameters(type: string): string {
  return type.split(';', 1)[0]?.trim().toLowerCase() || 'application/octet-stream'
}

/** Whether a file of a type can be read as text. */
export function isText(type: string): boolean {
  return type.startsWith('text/') || texts.has(type) || type.endsWith('+json')
}

const texts: ReadonlySet<string> = new Set([
  'application/json',
  'application/jsonl',
  'application/toml',
  'application/x-subrip',
  'application/yaml',
  'model/obj',
])

/** Formats that have a text and a binary form. */
const either: ReadonlySet<string> = new Set(['model/ply', 'model/stl'])

/** Whether the type by content allows the type by name. */
function agrees(shown: string, named: string): boolean {
  if (shown === 'text/plain' || shown === 'application/json')
    return isText(named) || either.has(named)
  if (shown === 'application/octet-stream') return !isText(named)
  if (shown === 'application/zip') return named === 'model/3mf' || named === 'model/vnd.usdz+zip'
  return sameFormat.some((names) => names.includes(shown) && names.includes(named))
}

/** Different names of one format. */
const sameFormat: readonly (readonly string[])[] = [
  ['audio/mp4', 'audio/x-m4a', 'audio/m4a'],
  ['audio/matroska', 'audio/x-matroska'],
  ['audio/flac', 'audio/x-flac'],
  ['audio/aiff', 'audio/x-aiff'],
  ['video/matroska', 'video/x-matroska'],
  ['video/vnd.avi', 'video/x-msvideo', 'video/avi'],
  ['video/mp4', 'video/x-m4v'],
  ['image/tiff', 'image/tif'],
]
