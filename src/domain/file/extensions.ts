/**
 * Media types with their file name extensions; the first of these is used for new files. A table of our
 * own: see docs/decisions/029-media-types.md.
 */
type Extensions = Readonly<Record<string, readonly string[]>>

/** Types that are recognized by the first bytes of a file, so that its name is ignored. */
const shownByContent: Extensions = {
  'application/gzip': ['gz'],
  'application/pdf': ['pdf'],
  'application/zip': ['zip'],
  'audio/x-wav': ['wav'],
  'image/apng': ['apng'],
  'image/avif': ['avif'],
  'image/bmp': ['bmp'],
  'image/gif': ['gif'],
  'image/heic': ['heic'],
  'image/jpeg': ['jpg', 'jpeg', 'jfif'],
  'image/jxl': ['jxl'],
  'image/png': ['png'],
  'image/svg+xml': ['svg'],
  'image/vnd.microsoft.icon': ['ico'],
  'image/webp': ['webp'],
  'text/html': ['html', 'htm'],
  'text/plain': ['txt', 'log'],
  'video/ogg': ['ogv'],
  'video/x-ms-wmv': ['wmv'],
}

/** Types that the first bytes do not show, or show less precisely than the name. */
const shownByName: Extensions = {
  'application/geo+json': ['geojson'],
  'application/json': ['json'],
  'application/jsonl': ['jsonl'],
  'application/toml': ['toml'],
  'application/vnd.apache.parquet': ['parquet'],
  'application/x-ipynb+json': ['ipynb'],
  'application/x-subrip': ['srt'],
  'application/yaml': ['yaml', 'yml'],
  'audio/aac': ['aac'],
  'audio/flac': ['flac'],
  'audio/midi': ['mid'],
  'audio/mp4': ['m4a'],
  'audio/mpeg': ['mp3'],
  'audio/ogg': ['ogg', 'opus'],
  'audio/wav': ['wav'],
  'audio/x-aiff': ['aiff'],
  'audio/x-matroska': ['mka'],
  'image/tiff': ['tiff', 'tif'],
  'model/3mf': ['3mf'],
  'model/gltf+json': ['gltf'],
  'model/gltf-binary': ['glb'],
  'model/obj': ['obj'],
  'model/ply': ['ply'],
  'model/stl': ['stl'],
  'model/vnd.usdz+zip': ['usdz'],
  'text/csv': ['csv'],
  'text/markdown': ['md', 'markdown'],
  'text/tab-separated-values': ['tsv'],
  'text/vtt': ['vtt'],
  'text/x-python': ['py'],
  'video/3gpp': ['3gp'],
  'video/mp4': ['mp4'],
  'video/mpeg': ['mpeg', 'mpg'],
  'video/quicktime': ['mov'],
  'video/webm': ['webm'],
  'video/x-flv': ['flv'],
  'video/x-m4v': ['m4v'],
  'video/x-matroska': ['mkv'],
  'video/x-msvideo': ['avi'],
}

const byName = typesByExtension(shownByName)
const byAnyName = typesByExtension({ ...shownByContent, ...shownByName })

/** The file name extension for a media type, without the dot; `bin` for an unknown type. */
export function extensionOf(type: string | null): string {
  const known = type?.toLowerCase() ?? ''
  const table = Object.hasOwn(shownByName, known) ? shownByName : shownByContent
  return (Object.hasOwn(table, known) && table[known]?.[0]) || 'bin'
}

/** The media type for the extension of a file name. */
export function typeOfName(name: string): string | undefined {
  return byAnyName.get(extensionIn(name))
}

/** The same, for types in `shownByName` alone. */
export function typeShownByName(name: string): string | undefined {
  return byName.get(extensionIn(name))
}

function extensionIn(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1).toLowerCase()
}

function typesByExtension(table: Extensions): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(table).flatMap(([type, extensions]) =>
      extensions.map((extension) => [extension, type] as const),
    ),
  )
}
