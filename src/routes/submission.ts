import { Readable } from 'node:stream'
import type { ReadableStream as NodeStream } from 'node:stream/web'
import { Busboy, type BusboyHeaders } from '@fastify/busboy'
import type { Context } from 'hono'
import type { Deps } from '../deps.ts'
import type { Entry } from '../domain/fields/field-type.ts'
import { rowActions } from '../domain/fields/rows.ts'
import { fileRef, type StoredFile, safeFileName } from '../domain/file.ts'
import type { Submission } from '../domain/form.ts'
import { FileNotKept, type NotKept } from '../files/files.ts'

/** A prediction form as a browser sent it, its uploads already in our store. */
export interface Submitted {
  readonly model: string
  readonly version: string
  readonly key: string
  /** Id of the prediction to run again as it was; empty for a form that was filled in. */
  readonly from: string
  /** The button pressed, when it was not Run: what it does, and to what. */
  readonly pressed: { readonly action: FormAction; readonly target: string } | null
  /** The input as JSON text, from the form's JSON view; null from its fields. */
  readonly json: string | null
  readonly inputs: Submission
  /** Files kept from before that the form names, as far as they are still here. */
  readonly kept: readonly StoredFile[]
  /** By input: why what was uploaded for it was not kept. */
  readonly refused: ReadonlyMap<string, NotKept>
}

/** What the buttons of a form do, besides Run: their names. */
const formActions = [...rowActions, 'view', 'link', 'earlier'] as const
export type FormAction = (typeof formActions)[number]

const inputPrefix = 'input.'
const limits = {
  fieldNameSize: 200,
  fieldSize: 10 * 2 ** 20,
  fields: 2_000,
  files: 100,
  parts: 2_000,
}

/** A body that is no form, or breaks off. */
export class BadForm extends Error {
  override readonly name = 'BadForm'
}

/**
 * Reads a form as it arrives: files go to disk chunk by chunk, and are referred to before the
 * form is looked at, so that none is lost when something else in it is wrong. Throws `BadForm`.
 */
export async function readSubmission(c: Context, deps: Deps): Promise<Submitted> {
  const sent: { name: string; entry: Entry | null }[] = []
  const refused = new Map<string, NotKept>()
  await parseForm(c, {
    field: (name, entry) => void sent.push({ name, entry }),
    async file(name, fileName, content) {
      // Its place is taken now: files are done in an order of their own.
      const place: (typeof sent)[number] = { name, entry: null }
      sent.push(place)
      try {
        place.entry = await keep(content, fileName, deps)
      } catch (error) {
        if (!(error instanceof FileNotKept)) throw error
        refused.set(name.slice(inputPrefix.length), error.reason)
      }
    },
  })
  const fields = new Map<string, Entry[]>()
  for (const { name, entry } of sent) if (entry !== null) add(fields, name, entry)
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
    pressed: pressedIn(fields),
    json: fields.has('json') ? textOf(fields, 'json') : null,
    inputs,
    kept: await keptFiles([...inputs.values(), fields.get('json') ?? []].flat(), deps),
    refused,
  }
}

interface FormParts {
  field(name: string, text: string): void
  file(name: string, fileName: string, content: Readable): Promise<void>
}

async function parseForm(c: Context, parts: FormParts): Promise<void> {
  const body = c.req.raw.body
  if (!body) throw new BadForm('The form is empty.')
  const source = Readable.fromWeb(body as NodeStream)
  const files: Promise<void>[] = []
  let fault: unknown = null
  // What is not kept is read all the same: a browser shows our answer only once it has sent all.
  const receive = (name: string, fileName: string, content: Readable) =>
    parts
      .file(name, fileName, content)
      .catch((error) => {
        fault ??= error
      })
      .finally(() => content.resume())
  try {
    const parser = new Busboy({
      headers: Object.fromEntries(c.req.raw.headers) as BusboyHeaders,
      limits,
      defParamCharset: 'utf8',
    } as ConstructorParameters<typeof Busboy>[0])
    await new Promise<void>((resolve, reject) => {
      parser.on('field', (name, text, _nameCut, textCut) => {
        if (textCut)
          reject(new BadForm(`${name} has more than ${limits.fieldSize >> 20} MB of text.`))
        else parts.field(name, text)
      })
      parser.on('file', (name, content, fileName) => {
        // A file box that was left empty is sent as a file without a name.
        if (!fileName) content.resume()
        else files.push(receive(name, fileName, content))
      })
      for (const limit of ['fieldsLimit', 'filesLimit', 'partsLimit'] as const)
        parser.on(limit, () => reject(new BadForm('The form has more fields than we read.')))
      parser.on('finish', resolve)
      parser.on('error', reject)
      source.on('error', (error) => {
        parser.destroy(error)
        reject(error)
      })
      source.pipe(parser)
    })
  } catch (error) {
    await Promise.all(files)
    if (error instanceof BadForm) throw error
    throw new BadForm('The form could not be read: it broke off, or is not a form.', {
      cause: error,
    })
  }
  await Promise.all(files)
  if (fault) throw fault
}

async function keep(content: Readable, fileName: string, deps: Deps): Promise<StoredFile> {
  const chunks = content.iterator({ destroyOnReturn: false })
  const stored = await deps.files.put(chunks, deps.config.maxUpload)
  const file = { ...stored, ref: deps.newId(), name: safeFileName(fileName) }
  await deps.store.addFile(file, deps.now())
  return file
}

async function keptFiles(entries: readonly Entry[], { store }: Deps): Promise<StoredFile[]> {
  const texts = entries.filter((entry) => typeof entry === 'string')
  const refs = new Set(texts.flatMap(refsInText))
  const found = await Promise.all([...refs].map((ref) => store.findFile(ref)))
  return found.flatMap((kept) => (kept ? [kept.file] : []))
}

/** References stand alone in a file's field, or anywhere inside JSON. */
function refsInText(text: string): string[] {
  return [...text.matchAll(/sandpit:[a-z2-7]{26}/g)].flatMap(([uri]) => fileRef(uri) ?? [])
}

function add(fields: Map<string, Entry[]>, name: string, entry: Entry): void {
  const entries = fields.get(name)
  if (entries) entries.push(entry)
  else fields.set(name, [entry])
}

function pressedIn(fields: ReadonlyMap<string, readonly Entry[]>): Submitted['pressed'] {
  const action = formActions.find((name) => fields.has(name))
  return action ? { action, target: textOf(fields, action) } : null
}

function textOf(fields: ReadonlyMap<string, readonly Entry[]>, name: string): string {
  const text = fields.get(name)?.find((entry) => typeof entry === 'string')
  return text ?? ''
}
