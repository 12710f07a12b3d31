import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import { readChange } from '../../domain/form/change-form.ts'
import type { Entry } from '../../domain/form/fields/field-type.ts'
import { fieldTypeOf } from '../../domain/form/fields/index.ts'
import { rowActions } from '../../domain/form/fields/row-entries.ts'
import type { Submission } from '../../domain/form/form.ts'
import { readAsForm } from '../../domain/form/form-json.ts'
import { choicesOf, isTicked } from '../../domain/group/sweep.ts'
import { axesAmong, type SweepValues, type Varied } from '../../domain/group/sweep-form.ts'
import type { Model } from '../../domain/model/model.ts'
import { findOrStoreFile, resolveFileAddresses } from '../forms/file-addresses.ts'
import type { SentForm } from '../forms/sent-form.ts'
import { viewerOf } from '../request/viewer.ts'

const otherButtons = ['vary', 'fix', 'earlier', 'close', ...rowActions]

/** Whether Run was pressed, and no other button. */
export function isRun({ has }: SentForm): boolean {
  return has('run') && !otherButtons.some(has)
}

/** The inputs that vary, as a query names them: `axis=steps&values.steps=1:9`. */
export function variedInQuery(c: Context, { version: { schema } }: Model): readonly Varied[] {
  const queries = c.req.queries()
  return axesAmong(schema, queries.axis ?? []).map((name) => {
    const given = queries[`values.${name}`]
    return { name, typed: given ?? firstValues(schema.input, name, []) }
  })
}

/** The values of the form: `axis` for each input that varies, its `values.NAME`, and the inputs as ever. */
export async function sweepInForm(
  c: Context,
  deps: Deps,
  model: Model,
  sent: SentForm,
): Promise<SweepValues> {
  const { schema } = model.version
  const own = await resolveFileAddresses(schema, typedIn(model, sent), (text) =>
    findOrStoreFile(text, c, deps, viewerOf(c, deps)),
  )
  const kept = [...sent.kept, ...own.kept]
  const before = (sent.fields.get('axis') ?? []).filter(isText)
  const names = [...before.filter((name) => name !== sent.text('fix')), sent.text('vary')]
  const varied = axesAmong(schema, names).map((name) => {
    const typed = (sent.fields.get(`values.${name}`) ?? []).filter(isText)
    const isNew = !before.includes(name)
    return { name, typed: isNew ? firstValues(schema.input, name, own.inputs.get(name)) : typed }
  })
  return { varied, inputs: changed(model, own.inputs, sent), kept }
}

/** In the place of its control, all choices of an input, or the value that the control has. */
function firstValues(
  properties: Model['version']['schema']['input'],
  name: string,
  entries: readonly Entry[] | undefined,
): readonly string[] {
  const property = properties.find((one) => one.name === name)
  if (property && isTicked(property)) return choicesOf(property)
  const given = (entries ?? []).filter(isText).filter(Boolean)
  const { default: fallback } = property?.schema ?? {}
  return given.length > 0 || fallback === undefined ? given : [String(fallback)]
}

/** The inputs of a form, which may be in its JSON view. */
function typedIn(
  { version: { schema } }: Model,
  { has, text, inputs, kept }: SentForm,
): Submission {
  const read = has('json') ? readAsForm(schema, text('json'), kept) : null
  return read?.ok ? read.submission : inputs
}

/** After a press on a button of a row, or of a file. */
function changed({ version }: Model, inputs: Submission, { has, text }: SentForm): Submission {
  const action = rowActions.find(has)
  if (!action) return inputs
  const { name, index } = readChange(version.schema, action, text(action))
  const property = version.schema.input.find((one) => one.name === name)
  if (!property) return inputs
  const entries = fieldTypeOf(property).change(inputs.get(name) ?? [], action, index ?? -1)
  return new Map([...inputs, [name, entries]])
}

const isText = (entry: Entry): entry is string => typeof entry === 'string'
