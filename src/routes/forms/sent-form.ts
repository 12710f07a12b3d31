import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import { fileRef, type StoredFile } from '../../domain/file/file.ts'
import { FileNotKept, type NotKept } from '../../domain/file/file-not-kept.ts'
import type { Entry } from '../../domain/form/fields/field-type.ts'
import type { Submission } from '../../domain/form/form.ts'
import type { Viewer } from '../../domain/people/viewer.ts'
import { findFile } from '../files/find-file.ts'
import { storeUpload } from '../files/store-upload.ts'
import { ensureViewer } from '../request/viewer.ts'
import { readParts } from './form-body.ts'

/** A form with inputs of models as a browser sent it. Its uploads are stored. */
export interface SentForm {
  readonly has: (field: string) => boolean
  /** The first text of a field; empty without one. */
  readonly text: (field: string) => string
  /** All fields by their names, those of inputs as well. */
  readonly fields: ReadonlyMap<string, readonly Entry[]>
  /** The entries of inputs, by their names without the prefix `input.`. */
  readonly inputs: Submission
  /** The stored files that the form refers to. */
  readonly kept: readonly StoredFile[]
  /** Why an upload was not stored, by the input that it is for. */
  readonly refused: ReadonlyMap<string, NotKept>
}

const inputPrefix = 'input.'

/**
 * Reads a form as it arrives, and streams its files to disk. They are stored before the form is
 * validated, so an invalid field does not lose an upload. Throws `BadForm`.
 */
export async function readSentForm(c: Context, deps: Deps): Promise<SentForm> {
  const viewer = ensureViewer(c, deps)
  const fields = new Map<string, Entry[]>()
  const refused = new Map<string, NotKept>()
  await readParts(c, {
    field: (name, text) => add(fields, name, text),
    async file(name, fileName, content) {
      const sent = { content, name: fileName, account: viewer.id }
      try {
        add(fields, name, await storeUpload(deps, sent))
      } catch (error) {
        if (!(error instanceof FileNotKept)) throw error
        refused.set(name.slice(inputPrefix.length), error.reason)
      }
    },
  })
  const inputs = inputsIn(fields)
  return {
    has: (field) => fields.has(field),
    text: (field) => fields.get(field)?.find((entry) => typeof entry === 'string') ?? '',
    fields,
    inputs,
    kept: await keptFiles([...inputs.values(), fields.get('json') ?? []].flat(), deps, viewer),
    refused,
  }
}

function add(fields: Map<string, Entry[]>, name: string, entry: Entry): void {
  const entries = fields.get(name)
  if (entries) entries.push(entry)
  else fields.set(name, [entry])
}

function inputsIn(fields: ReadonlyMap<string, readonly Entry[]>): Submission {
  return new Map(
    [...fields].flatMap(([name, entries]) =>
      name.startsWith(inputPrefix) ? [[name.slice(inputPrefix.length), entries] as const] : [],
    ),
  )
}

/** One after another: each reads the beginning of a file. */
async function keptFiles(
  entries: readonly Entry[],
  deps: Deps,
  viewer: Viewer,
): Promise<StoredFile[]> {
  const texts = entries.filter((entry) => typeof entry === 'string')
  const kept: StoredFile[] = []
  for (const ref of new Set(texts.flatMap(refsInText))) {
    const file = await findFile(ref, deps, viewer)
    if (file) kept.push(file)
  }
  return kept
}

/** The references in a text, which may be JSON. */
function refsInText(text: string): string[] {
  return [...text.matchAll(/sandpit:[a-z2-7]{26}/g)].flatMap(([uri]) => fileRef(uri) ?? [])
}
