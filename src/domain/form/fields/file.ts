import { readDataUri } from '../../file/data-uri.ts'
import { fileAt, fileRef, fileUri, type StoredFile } from '../../file/file.ts'
import { shortened } from '../../json/excerpt.ts'
import { isFileSchema, type Property } from '../../schema/value-schema.ts'
import {
  blank,
  type Entry,
  type FieldType,
  plainField,
  type Reading,
  readAs,
  wrong,
} from './field-type.ts'

/** A file: uploaded, or named by URL. */
export const fileType: FieldType<'file'> = {
  ...plainField,
  kind: 'file',
  matches: ({ schema }) => isFileSchema(schema),
  show: (json) => (typeof json === 'string' ? [json] : null),
  holds: () => true,
  read: readFile,
  showAgain: showFileAgain,
  takesFiles: () => true,
  refersToFiles: true,
}

/**
 * A new upload wins over all texts. Of these, the last counts: the file kept from before comes
 * first, then an address, then an earlier output.
 */
function readFile(entries: readonly Entry[], property: Property): Reading {
  const uploaded = entries.filter(isUpload).at(-1)
  if (uploaded) return readAs(fileUri(uploaded))
  const last = lastAddress(entries)
  if (last === undefined) return blank(property)
  return fileRef(last) ? readAs(last) : readUrl(last)
}

/** The file or address in the control. */
function showFileAgain(
  entries: readonly Entry[],
  _property: Property,
  kept: readonly StoredFile[],
): readonly Entry[] {
  const upload = entries.filter(isUpload).at(-1)
  if (upload) return [upload]
  const last = lastAddress(entries)
  if (last === undefined) return []
  const file = fileAt(last, kept)
  return file ? [file] : fileRef(last) ? [] : [last]
}

/** The last of what the control sends as text: an address, or a reference to a file of ours. */
function lastAddress(entries: readonly Entry[]): string | undefined {
  return entries
    .filter((entry) => typeof entry === 'string')
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .at(-1)
}

function isUpload(entry: Entry): entry is StoredFile {
  return typeof entry !== 'string'
}

function readUrl(typed: string): Reading {
  if (readDataUri(typed)) return readAs(typed)
  const url = URL.parse(typed)
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return readAs(typed)
  return wrong(`“${shortened(typed)}” is not the URL of a file. Use one that starts with https://.`)
}

const acceptByName: readonly (readonly [RegExp, string])[] = [
  [/image|img|photo|picture|mask|frame|face|sketch|logo/i, 'image/*'],
  [/audio|voice|speech|song|music|sound|speaker/i, 'audio/*'],
  [/video|clip|movie/i, 'video/*'],
  [/(?:^|_)(?:pdf|document)(?:_|$)/i, 'application/pdf,text/*'],
  [/csv|table/i, '.csv,text/csv'],
]

/** The `accept` of a file control: by the schema, else guessed from the name of the input. */
export function acceptOf({ name, schema }: Property): string | undefined {
  const { accept } = schema.type === 'array' ? (schema.items ?? schema) : schema
  return accept ?? acceptByName.find(([pattern]) => pattern.test(name))?.[1]
}
