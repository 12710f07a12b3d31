import { sameJson } from '../../../domain/json/json.ts'
import type { Model } from '../../../domain/model/model.ts'
import type { ModelSource } from '../../../domain/model/record.ts'
import type { ModelRef } from '../../../domain/model-ref.ts'
import { within } from '../../../sleep.ts'
import type { Descriptions } from '../../descriptions.ts'
import { type Described, describeModel, keepDescribed, readDescribed } from './describe.ts'
import { type Place, placeEndpoint, placeSentence } from './place.ts'

export interface AppModelOptions {
  readonly ref: ModelRef
  /** The source that an operator added; null for a model of the configuration. */
  readonly source: ModelSource | null
  readonly places: readonly Place[]
  readonly descriptions: Descriptions
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export type AppModel = ReturnType<typeof createAppModel>

/** A model with the apps that run it. */
export function createAppModel({ ref, source, places, descriptions, now }: AppModelOptions) {
  let described: Described | null = null
  /** What an app said last that was not known. */
  let latest: Omit<Described, 'seenAt'> = { schemas: {}, description: '' }
  let model: Model | null = null
  const cached = readDescribed(descriptions, ref, now()).then((kept) => {
    described ??= kept
  })
  /** Resolves when an app has described it, or each has been looked at. */
  const known = Promise.withResolvers<void>()
  void refresh().then(known.resolve)

  /** Takes over what the first of its apps that answers says. */
  async function update(): Promise<void> {
    await cached
    const told = places.map(placeEndpoint).find((one) => one !== null)
    if (!told) return
    const { schemas, description } = told
    const isSame = described !== null && sameJson(described.schemas, schemas)
    if (isSame && described?.description === description) return
    const seenAt = isSame && described ? described.seenAt : now()
    latest = { schemas, description }
    const kept = await keepDescribed(descriptions, ref, { schemas, description, seenAt })
    // Another one may have come in the meantime.
    if (sameJson(latest.schemas, schemas) && latest.description === description) described = kept
  }

  /** Looks at its apps again. Never rejects. */
  async function refresh(): Promise<void> {
    await Promise.allSettled(
      places.map(async ({ app }) => {
        await app.check()
        await update()
        if (described) known.resolve()
      }),
    )
  }

  /** The same object while nothing of it changes. */
  function current(): Model {
    const broken = described ? null : (places.map(placeSentence).find((one) => one) ?? notSeen)
    const { schemas } = model?.version.schema ?? {}
    const isCurrent = described === null || (schemas === described.schemas && isTold(described))
    if (model && isCurrent && model.broken === broken) return model
    const next = describeModel({ ref, described, places: places.length, broken, now: now() })
    // The version stays the same object, so that what is cached for it stays valid.
    const version = model?.version.id === next.version.id ? model.version : next.version
    model = { ...next, version }
    return model
  }

  function isTold({ description }: Described): boolean {
    return model?.description === description
  }

  return {
    ref,
    source,
    places,
    refresh,
    /** The model; waits up to `waitMs` for its apps when its schema is not known. */
    async model(waitMs: number): Promise<Model> {
      await cached
      if (described === null) await within(waitMs, known.promise)
      return current()
    },
  }
}

const notSeen = 'Its app has not been reached yet. Reload the page in a moment.'
