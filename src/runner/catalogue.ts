import type { Deployment } from '../domain/model/deployment.ts'
import { type ModelEdit, withEdit } from '../domain/model/edit.ts'
import type { Model } from '../domain/model/model.ts'
import {
  type ModelRecord,
  type ModelSettings,
  noSettings,
  withSettings,
} from '../domain/model/record.ts'
import { type ModelRef, modelName, parseModelRef, sameModel } from '../domain/model-ref.ts'
import type { Prediction } from '../domain/prediction/prediction.ts'
import { StillReading } from '../domain/unavailable.ts'
import { within } from '../sleep.ts'
import type { ClaimLimits } from '../store/queue/queue.ts'
import type { LocalModel } from '../store/replicas.ts'
import { createModelSubjects } from './model-subjects.ts'
import type { RunnerOptions } from './options.ts'

export type Catalogue = ReturnType<typeof createCatalogue>

/** The models of all providers, with their operators' settings. */
export function createCatalogue({
  providers,
  records,
  edits,
  access,
  deployments,
}: Pick<RunnerOptions, 'providers' | 'records' | 'edits' | 'access' | 'deployments'>) {
  const { effective, unedited, ...subjects } = createEffectiveModels({ records, edits, access })

  async function findKnown(ref: ModelRef, version?: string): Promise<Model | null> {
    for (const provider of providers) {
      const model = await provider.find(ref, version)
      if (model) return effective(model)
    }
    return null
  }

  async function all(): Promise<Model[]> {
    const found = (await Promise.all(providers.map((provider) => provider.models()))).flat()
    return found.map(effective)
  }

  /** How many models are still being read. Their names are not known yet. */
  function reading(): number {
    return providers.reduce((count, provider) => count + (provider.reading?.() ?? 0), 0)
  }

  async function allRead(): Promise<void> {
    await Promise.all(providers.map((provider) => provider.allRead?.()))
  }

  /** The model of the first provider that has one of that name; of this version, where that can be run. */
  async function find(ref: ModelRef, version?: string): Promise<Model | null> {
    const found = await findKnown(ref, version)
    if (found || reading() === 0) return found
    await allRead()
    return findKnown(ref, version)
  }

  async function waitWithin(ms: number, looking: Promise<Model | null>): Promise<Model | null> {
    const found = await within(ms, looking)
    if (found !== undefined) return found
    const count = reading()
    if (count > 0) throw new StillReading(count)
    return looking
  }

  function settingsOf(ref: ModelRef): ModelSettings {
    return records.find(ref)?.settings ?? noSettings
  }

  function deploymentOf(name: string): Deployment | null {
    const ref = parseModelRef(name)
    return ref && deployments.find(ref)
  }

  return {
    find,
    reading,
    /** The same, but throws `StillReading` when models are still being read after `ms`. */
    findWithin(ms: number, ref: ModelRef, version?: string): Promise<Model | null> {
      const looking = find(ref, version)
      return reading() === 0 ? looking : waitWithin(ms, looking)
    },
    /** Every model, once those that are still being read have been read. */
    async readAll(): Promise<Model[]> {
      await all()
      await allRead()
      return all()
    },
    all,
    ...subjects,
    /** A model without its edits, as its provider knows it. */
    unedited,
    /** Whether the run goes on upstream and its provider can resume it there. */
    canResume: ({ provider: name, remote }: Pick<Prediction, 'provider' | 'remote'>): boolean =>
      remote !== null && providers.some((one) => one.name === name && one.resumes),
    /** Whether its copies run in the process of each server. */
    runsHere: ({ provider: name }: Model): boolean =>
      providers.some((one) => one.name === name && one.runsHere),
    /** The models whose copies run in this process, in each version that can be run, as far as they have been read. */
    async localModels(): Promise<readonly LocalModel[]> {
      const here = providers.filter(({ runsHere }) => runsHere)
      const found = (await Promise.all(here.map((provider) => provider.models()))).flat()
      const earlier = (await Promise.all(here.map((one) => one.earlier?.() ?? []))).flat()
      const current = found.map(({ ref, version }) => ({ ref, version: version.id }))
      return [...current, ...earlier].map(({ ref, version }) => ({ name: modelName(ref), version }))
    },
    settingsOf,
    /**
     * How many predictions of a model may run at once, and how many of a deployment. Where deployments have instances
     * of their own, their runs take none of the model’s.
     */
    roomOf({ ref, limits }: Model): Pick<ClaimLimits, 'copies' | 'ofDeployment'> {
      const own = settingsOf(ref).copies ?? Math.max(1, limits.copies)
      const slots = limits.instanceSlots
      const mostOf = ({ current }: Deployment) => current.maxInstances * (slots ?? 1)
      const isOwn = ({ current }: Deployment) => sameModel(current.model, ref)
      const more = slots === undefined ? [] : deployments.all().filter(isOwn).map(mostOf)
      return {
        copies: more.reduce((sum, most) => sum + most, own),
        ofDeployment(name) {
          if (name === null && slots !== undefined) return own
          const deployment = name === null ? null : deploymentOf(name)
          // One that was removed limits nothing.
          return deployment ? mostOf(deployment) : Number.POSITIVE_INFINITY
        },
      }
    },
    /** Calls back when the settings of a model, or of one of its deployments, have changed. */
    listen(listener: (ref: ModelRef) => void): void {
      for (const one of [records, deployments]) one.listen(listener)
    },
  }
}

/**
 * The model as its provider knows it, with the settings, edits and grants of operators: the same object
 * while none of them changes, so that what was rendered for it stays valid.
 */
function createEffectiveModels({
  records,
  edits,
  access,
}: Pick<RunnerOptions, 'records' | 'edits' | 'access'>) {
  const known = new WeakMap<Model, Effective>()
  const originals = new WeakMap<Model, Model>()
  const { noteVisibility, ...subjects } = createModelSubjects({ edits, access })

  function effective(model: Model): Model {
    noteVisibility(model)
    const record = records.find(model.ref)
    const edit = edits.find(model.ref)
    const grants = access.of(model.ref)
    if (!record && !edit && grants.length === 0) return model
    const before = known.get(model)
    if (before?.record === record && before.edit === edit && before.model.grants === grants)
      return before.model
    const edited = withEdit(withSettings(model, record?.settings ?? null), edit)
    const changed = { ...edited, grants }
    known.set(model, { record, edit, model: changed })
    originals.set(changed, model)
    return changed
  }

  return {
    effective,
    unedited: (model: Model): Model => originals.get(model) ?? model,
    ...subjects,
  }
}

interface Effective {
  readonly record: ModelRecord | null
  readonly edit: ModelEdit | null
  readonly model: Model
}
