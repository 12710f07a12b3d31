import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import type { StoredFile } from '../../domain/file/file.ts'
import type { Entry } from '../../domain/form/fields/field-type.ts'
import type { Submission } from '../../domain/form/form.ts'
import { readAsForm } from '../../domain/form/form-json.ts'
import {
  type ComparedValues,
  type Comparison,
  compareModels,
  scopeOf,
  wholeInputs,
} from '../../domain/group/comparison.ts'
import { shortened } from '../../domain/json/excerpt.ts'
import { formatJson } from '../../domain/json/json.ts'
import type { Model } from '../../domain/model/model.ts'
import { modelName, parseModelRef, sameModel } from '../../domain/model-ref.ts'
import { findOrStoreFile, findStoredFile, resolveFileAddresses } from '../forms/file-addresses.ts'
import { earlierIn } from '../forms/open-form.ts'
import type { SentForm } from '../forms/sent-form.ts'
import { usableModels } from '../request/usable-models.ts'
import { viewerOf } from '../request/viewer.ts'

/** A page beyond these is too wide to be compared. */
export const mostModels = 10

/** Models that are to be compared, as a link or a form names them, and the values of their inputs. */
export interface Asked {
  readonly models: readonly Model[]
  readonly comparison: Comparison
  readonly values: ComparedValues
  /** A sentence for each name that is not compared. */
  readonly missing: readonly string[]
}

/** Reads the query of a comparison: `models=a/b,c/d`, `input.NAME`, `input.a/b.NAME`, `from=PREDICTION`. */
export async function askedInQuery(c: Context, deps: Deps): Promise<Asked> {
  const queries = c.req.queries()
  const inputs = new Map<string, readonly Entry[]>()
  for (const [name, texts] of Object.entries(queries))
    if (name.startsWith('input.')) inputs.set(name.slice('input.'.length), texts)
  const found = await findModels(
    c,
    deps,
    (queries.models ?? []).flatMap((text) => text.split(',')),
  )
  const comparison = comparisonOf(found.models, (name) => queries[name]?.[0])
  const earlier = await valuesOf(c, deps, found.models, queries.from ?? [])
  const whole = { input: wholeInputs(comparison) }
  const own = await resolveFileAddresses(whole, inputs, (text) =>
    findStoredFile(text, c, deps, viewerOf(c, deps)),
  )
  const values = {
    inputs: new Map([...earlier.inputs, ...own.inputs]),
    kept: [...earlier.kept, ...own.kept],
  }
  return { ...found, comparison, values }
}

/** The inputs of earlier predictions, each for its model alone: those that are shared follow from them. */
async function valuesOf(
  c: Context,
  deps: Deps,
  models: readonly Model[],
  ids: readonly string[],
): Promise<ComparedValues> {
  const inputs = new Map<string, readonly Entry[]>()
  const kept: StoredFile[] = []
  for (const id of ids.slice(0, mostModels)) {
    const earlier = await earlierIn(deps, viewerOf(c, deps), { from: [id] })
    const model = earlier && models.find(({ ref }) => sameModel(ref, earlier.model))
    if (!model) continue
    const read = readAsForm(model.version.schema, formatJson(earlier.input), earlier.files)
    if (!read.ok) continue
    for (const [name, entries] of read.submission) inputs.set(scopeOf(model.ref) + name, entries)
    kept.push(...earlier.files)
  }
  return { inputs, kept }
}

/** Reads a form of a comparison, or the form of one model that is to be compared with others. */
export async function askedInForm(c: Context, deps: Deps, sent: SentForm): Promise<Asked> {
  const found = await findModels(c, deps, namesIn(sent))
  const comparison = comparisonOf(found.models, sent.text)
  const inputs = inputsOf(found.models[0], sent)
  const own = await resolveFileAddresses({ input: wholeInputs(comparison) }, inputs, (text) =>
    findOrStoreFile(text, c, deps, viewerOf(c, deps)),
  )
  return { ...found, comparison, values: { inputs: own.inputs, kept: [...sent.kept, ...own.kept] } }
}

function namesIn({ fields, text }: SentForm): readonly string[] {
  const names = (fields.get('models') ?? fields.get('model') ?? []).filter(isText)
  const left = names.filter((name) => name !== text('drop'))
  const added = text('with').trim()
  return added === '' ? left : [...left, added]
}

/** The inputs of a form, which may be in its JSON view. */
function inputsOf(model: Model | undefined, { has, text, inputs, kept }: SentForm): Submission {
  if (!model || !has('json')) return inputs
  const read = readAsForm(model.version.schema, text('json'), kept)
  return read.ok ? read.submission : inputs
}

const isText = (entry: Entry): entry is string => typeof entry === 'string'

/** `textOf`: the text of a field or a parameter. */
function comparisonOf(models: readonly Model[], textOf: (name: string) => string | undefined) {
  const compared = models.map(({ ref, version }) => ({ ref, schema: version.schema }))
  return compareModels(compared, (scoped, as) => textOf(`join.${scoped}`) === as)
}

async function findModels(c: Context, deps: Deps, names: readonly string[]) {
  const { find } = usableModels(deps, viewerOf(c, deps))
  const models: Model[] = []
  const missing: string[] = []
  for (const name of new Set(names.map((one) => one.trim()).filter(Boolean))) {
    const ref = parseModelRef(name)
    const model = models.length < mostModels && ref ? await find(ref) : null
    if (model) models.push(model)
    else if (models.length >= mostModels) return { models, missing: [...missing, tooMany] }
    else missing.push(`There is no model “${shortened(name)}” here. Give its name as owner/name.`)
  }
  return { models: models.filter(isFirst), missing }
}

const tooMany = `At most ${mostModels} models can be compared at once. The others were left out.`

/** Of a model that was named twice, the first. */
function isFirst({ ref }: Model, at: number, models: readonly Model[]): boolean {
  return models.findIndex((one) => modelName(one.ref) === modelName(ref)) === at
}
