import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import { fileRef, type StoredFile } from '../../domain/file/file.ts'
import { FileNotKept, type NotKept } from '../../domain/file/file-not-kept.ts'
import type { Entry } from '../../domain/form/fields/field-type.ts'
import { rowActions } from '../../domain/form/fields/row-entries.ts'
import type { Submission } from '../../domain/form/form.ts'
import type { Viewer } from '../../domain/people/viewer.ts'
import { findFile } from '../files/find-file.ts'
import { storeUpload } from '../files/store-upload.ts'
import { ensureViewer } from '../request/viewer.ts'
import { readParts } from './form-body.ts'

/** A prediction form as a browser sent it. Its uploads are stored. */
export interface SubmittedForm {
  readonly model: string
  readonly version: string
  readonly key: string
  /** Id of the prediction for Run again; empty for a form that was filled in. */
  readonly from: string
  /** Id of the prediction whose answer the next turn of a conversation follows; empty without one. */
  readonly continues: string
  /** Id of the prediction whose result stands beside the form; empty without one. */
  readonly beside: string
  /** The name of the account that was chosen; null when the form has no such choice. */
  readonly account: string | null
  readonly isPrivate: boolean
  /** The token of the share link by which the form was opened; empty without one. */
  readonly share: string
  /** The pressed button and its value; null for Run. */
  readonly pressed: { readonly action: FormAction; readonly target: string } | null
  /** The text of the JSON view; null when the form was sent with its fields. */
  readonly json: string | null
  readonly inputs: Submission
  /** The stored files that the form refers to. */
  readonly kept: readonly StoredFile[]
  /** Why an upload was not stored, by the input that it is for. */
  readonly refused: ReadonlyMap<string, NotKept>
}

/** The names of the form’s buttons, other than Run. `resume`: of a form that was sent without a session. */
const formActions = ['resume', ...rowActions, 'view', 'link', 'earlier', 'close', 'seed'] as const
export type FormAction = (typeof formActions)[number]

const inputPrefix = 'input.'

/**
 * Reads a form as it arrives, and streams its files to disk. They are stored before the form is
 * validated, so an invalid field does not lose an upload. Throws `BadForm`.
 */
export async function readSubmission(c: Context, deps: Deps): Promise<SubmittedForm> {
  const viewer = ensureViewer(c, deps)
  const sent: { name: string; entry: Entry }[] = []
  const refused = new Map<string, NotKept>()
  await readParts(c, {
    field: (name, entry) => void sent.push({ name, entry }),
    async file(name, fileName, content) {
      try {
        sent.push({
          name,
          entry: await storeUpload(deps, { content, name: fileName, account: viewer.id }),
        })
      } catch (error) {
        if (!(error instanceof FileNotKept)) throw error
        refused.set(name.slice(inputPrefix.length), error.reason)
      }
    },
  })
  const fields = new Map<string, Entry[]>()
  for (const { name, entry } of sent) add(fields, name, entry)
  const inputs = new Map(
    [...fields].flatMap(([name, entries]) =>
      name.startsWith(inputPrefix) ? [[name.slice(inputPrefix.length), entries] as const] : [],
    ),
  )
  return {
    model: textOf(fields, 'model'),
    version: textOf(fields, 'version'),
    key: textOf(fields, 'key'),
    from: textOf(fields, 'from'),
    continues: textOf(fields, 'continues'),
    beside: textOf(fields, 'beside'),
    account: fields.has('account') ? textOf(fields, 'account') : null,
    isPrivate: fields.has('private'),
    share: textOf(fields, 'share'),
    pressed: pressedIn(fields),
    json: fields.has('json') ? textOf(fields, 'json') : null,
    inputs,
    kept: await keptFiles([...inputs.values(), fields.get('json') ?? []].flat(), deps, viewer),
    refused,
  }
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

function add(fields: Map<string, Entry[]>, name: string, entry: Entry): void {
  const entries = fields.get(name)
  if (entries) entries.push(entry)
  else fields.set(name, [entry])
}

function pressedIn(fields: ReadonlyMap<string, readonly Entry[]>): SubmittedForm['pressed'] {
  const action = formActions.find((name) => fields.has(name))
  return action ? { action, target: textOf(fields, action) } : null
}

function textOf(fields: ReadonlyMap<string, readonly Entry[]>, name: string): string {
  const text = fields.get(name)?.find((entry) => typeof entry === 'string')
  return text ?? ''
}
