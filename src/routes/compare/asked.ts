import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
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
import type { RunGroup } from '../../domain/group/group.ts'
import { shortened } from '../../domain/json/excerpt.ts'
import type { Model } from '../../domain/model/model.ts'
import { modelName, parseModelRef } from '../../domain/model-ref.ts'
import { findOrStoreFile, findStoredFile, resolveFileAddresses } from '../forms/file-addresses.ts'
import type { SentForm } from '../forms/sent-form.ts'
import { usableModels } from '../request/usable-models.ts'
import { viewerOf } from '../request/viewer.ts'
import { earlierRuns, mostModels, runsOfGroup, valuesOfRuns } from './earlier-runs.ts'

/** Models that are to be compared, as a link or a form names them, and the values of their inputs. */
export interface Asked {
  readonly models: readonly Model[]
  readonly comparison: Comparison
  readonly values: ComparedValues
  /** A sentence for each name that is not compared. */
  readonly missing: readonly string[]
}

/**
 * Reads the query of a comparison: `models=a/b,c/d`, `input.NAME`, `input.a/b.NAME`, `from=PREDICTION`. `group`: of
 * which the models and the inputs are taken where the query has none.
 */
export async function askedInQuery(c: Context, deps: Deps, group: RunGroup | null): Promise<Asked> {
  const viewer = viewerOf(c, deps)
  const queries = c.req.queries()
  const inputs = new Map<string, readonly Entry[]>()
  for (const [name, texts] of Object.entries(queries))
    if (name.startsWith('input.')) inputs.set(name.slice('input.'.length), texts)
  const named = queries.models?.flatMap((text) => text.split(','))
  const found = await findModels(c, deps, named ?? group?.models.map(modelName) ?? [])
  const runs = group
    ? await runsOfGroup(deps, viewer, group)
    : await earlierRuns(deps, viewer, queries.from ?? [])
  const earlier = valuesOfRuns(found.models, runs)
  const comparison = comparisonOf(
    found.models,
    (name) => queries[name]?.[0],
    (scoped, as) => hadSame(found.models, earlier, scoped, as),
  )
  const whole = { input: wholeInputs(comparison) }
  const own = await resolveFileAddresses(whole, inputs, (text) =>
    findStoredFile(text, c, deps, viewer),
  )
  const values = {
    inputs: new Map([...earlier.inputs, ...own.inputs]),
    kept: [...earlier.kept, ...own.kept],
  }
  return { ...found, comparison, values }
}

/** Whether earlier runs had the same value for an input and the one that it may be joined to; null for no values. */
function hadSame(
  models: readonly Model[],
  { inputs }: ComparedValues,
  scoped: string,
  as: string,
): boolean | null {
  const textIn = (name: string) => inputs.get(name)?.find((entry) => entry !== '')
  const own = textIn(scoped)
  const others = models.flatMap(({ ref }) => textIn(scopeOf(ref) + as) ?? [])
  return own === undefined || others.length === 0 ? null : others.includes(own)
}

/** Reads a form of a comparison, or the form of one model that is to be compared with others. */
export async function askedInForm(c: Context, deps: Deps, sent: SentForm): Promise<Asked> {
  const found = await findModels(c, deps, namesIn(sent))
  const comparison = comparisonOf(found.models, (name) =>
    sent.has(name) ? sent.text(name) : undefined,
  )
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

/** `textOf`: the text of a field or a parameter. `isUsual`: of inputs that it says nothing about. */
function comparisonOf(
  models: readonly Model[],
  textOf: (name: string) => string | undefined,
  isUsual: (scoped: string, as: string) => boolean | null = () => null,
) {
  const compared = models.map(({ ref, version, countsAs }) => {
    return { ref, schema: version.schema, countsAs }
  })
  return compareModels(compared, (scoped, as) => {
    const said = textOf(`join.${scoped}`)
    return said === undefined ? isUsual(scoped, as) : said === as
  })
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
