/**
 * The media type of a file: what its bytes show, unless they show nothing in particular and its name
 * says more. A name never makes a page, a script or a style of a file that does not look like one.
 */
export function mediaType(sniffed: string, name: string): string {
  const shown = withoutParameters(sniffed)
  const named = typeOfName(name)
  if (named === undefined || named === shown) return shown
  return agrees(shown, named) ? named : shown
}

/** The same as other programs know it: Python, in which most models are written, has no `audio/wav`. */
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

/** Types by the end of a name: those that the first bytes do not show, or show less well. */
const types: Readonly<Record<string, string>> = {
  '3gp': 'video/3gpp',
  '3mf': 'model/3mf',
  aac: 'audio/aac',
  aiff: 'audio/x-aiff',
  avi: 'video/x-msvideo',
  csv: 'text/csv',
  flac: 'audio/flac',
  flv: 'video/x-flv',
  geojson: 'application/geo+json',
  glb: 'model/gltf-binary',
  gltf: 'model/gltf+json',
  ipynb: 'application/x-ipynb+json',
  json: 'application/json',
  jsonl: 'application/jsonl',
  m4a: 'audio/mp4',
  m4v: 'video/x-m4v',
  markdown: 'text/markdown',
  md: 'text/markdown',
  mid: 'audio/midi',
  mka: 'audio/x-matroska',
  mkv: 'video/x-matroska',
  mov: 'video/quicktime',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  mpeg: 'video/mpeg',
  mpg: 'video/mpeg',
  obj: 'model/obj',
  ogg: 'audio/ogg',
  opus: 'audio/ogg',
  parquet: 'application/vnd.apache.parquet',
  ply: 'model/ply',
  py: 'text/x-python',
  srt: 'application/x-subrip',
  stl: 'model/stl',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  toml: 'application/toml',
  tsv: 'text/tab-separated-values',
  usdz: 'model/vnd.usdz+zip',
  vtt: 'text/vtt',
  wav: 'audio/wav',
  webm: 'video/webm',
  yaml: 'application/yaml',
  yml: 'application/yaml',
}

/** Formats that are written as text or as bytes. */
const either: ReadonlySet<string> = new Set(['model/ply', 'model/stl'])

function typeOfName(name: string): string | undefined {
  const dot = name.lastIndexOf('.')
  const end = dot < 0 ? '' : name.slice(dot + 1).toLowerCase()
  return Object.hasOwn(types, end) ? types[end] : undefined
}

/** Whether a file that looks like one type may well be of the other. */
function agrees(shown: string, named: string): boolean {
  if (shown === 'text/plain' || shown === 'application/json')
    return isText(named) || either.has(named)
  if (shown === 'application/octet-stream') return !isText(named)
  if (shown === 'application/zip') return named === 'model/3mf' || named === 'model/vnd.usdz+zip'
  return sameFormat.some((names) => names.includes(shown) && names.includes(named))
}

/** What one format is called by different people. */
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
