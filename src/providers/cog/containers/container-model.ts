import type { Model } from '../../../domain/model/model.ts'
import type { ModelSource } from '../../../domain/model/record.ts'
import type { ModelRef } from '../../../domain/model-ref.ts'
import { within } from '../../../sleep.ts'
import type { Descriptions } from '../../descriptions.ts'
import type { Container } from './container.ts'
import { describeModel, missingSchemaSentence } from './describe.ts'
import { type KeptDocument, keepDocument, readKept } from './description.ts'
import type { Health } from './health.ts'
import { type OpenApiDocument, versionId } from './openapi-document.ts'

export interface ContainerModelOptions {
  readonly ref: ModelRef
  /** The source that an operator added; null for a model of the configuration. */
  readonly source: ModelSource | null
  readonly containers: readonly Container[]
  /** Whether they start when they are asked. Then they are asked only for what nobody has described yet. */
  readonly onDemand: boolean
  readonly descriptions: Descriptions
  /** Whether it was added or changed while the server runs, so that what is cached may be outdated. */
  readonly isChanged: boolean
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export type ContainerModel = ReturnType<typeof createContainerModel>

/** A model with its containers and the document that they agree on. */
export function createContainerModel(options: ContainerModelOptions) {
  const { ref, source, containers, onDemand, descriptions, isChanged, now } = options
  let document: KeptDocument | null = null
  /** The last document that a container has sent and that was not known. */
  let latest: OpenApiDocument | null = null
  let model: Model | null = null
  let isDescribed = false
  const cached = readKept(descriptions, ref, now()).then((found) => {
    document ??= found
  })
  /** Resolves when a container has sent its schema, or each has been checked once. */
  const described = Promise.withResolvers<void>()
  const checks = containers.map(async (container) => {
    if (onDemand) await cached
    if (onDemand && document && !isChanged) return
    await check(container, isChanged)
    if (container.document() && !isChanged) setDescribed()
  })
  void Promise.allSettled(checks).then(setDescribed)

  function setDescribed(): void {
    isDescribed = true
    described.resolve()
  }

  /** Checks a container, and takes over its document when that has changed. */
  async function check(container: Container, again = false): Promise<void> {
    await (again ? container.recheck() : container.checkHealth())
    await takeOver()
  }

  async function takeOver(): Promise<void> {
    await cached
    const sent = containers.map((one) => one.document()).find((found) => found !== null)
    if (!sent) return
    const isSame = document !== null && versionId(ref, sent) === versionId(ref, document)
    if (isSame && sent.cogVersion === document?.cogVersion) return
    latest = sent
    const { schemas, seenAt } = isSame && document ? document : { ...sent, seenAt: now() }
    const kept = await keepDocument(descriptions, ref, { ...sent, schemas, seenAt })
    // Another one may have come in the meantime.
    if (latest === sent) document = kept
  }

  /** Another replica may have what its containers have not sent here yet. */
  async function readAgain(): Promise<void> {
    const kept = await readKept(descriptions, ref, now())
    const isNew = kept && !(document && versionId(ref, document) === versionId(ref, kept))
    if (isNew && !isDescribed) document = kept
  }

  /** The same object while nothing of it changes. */
  function current(): Model {
    const broken = document ? null : missingSchemaSentence(containers)
    const isSame =
      document === null ||
      (model?.version.schema.schemas === document.schemas &&
        model.version.cogVersion === (document.cogVersion ?? undefined))
    if (model && isSame && model.broken === broken) return model
    const createdAt = document?.seenAt ?? now()
    const next = describeModel({ ref, document, containers, createdAt })
    // The version stays the same object, so that what is cached for it stays valid.
    const { id, cogVersion } = next.version
    const isKnown = model?.version.id === id && model.version.cogVersion === cogVersion
    model = isKnown ? { ...next, version: model?.version ?? next.version } : next
    return model
  }

  return {
    ref,
    source,
    containers,
    onDemand,
    check,
    /** Checks a container for a run that waits. */
    async look(container: Container): Promise<Health> {
      const health = await container.checkHealth()
      await takeOver()
      return health
    },
    /** The model; waits up to `waitMs` for its containers when no schema is known, or it has changed. */
    async model(waitMs: number): Promise<Model> {
      await cached
      if ((!document || isChanged) && !isDescribed) {
        await within(waitMs, described.promise)
        if (!isDescribed) await readAgain()
      }
      // Nobody else looks at it.
      if (onDemand && !document)
        await within(waitMs, Promise.all(containers.map((one) => check(one))))
      return current()
    },
    /** Whether a container has the schema of the model; true while that is not known. */
    fits(container: Container): boolean {
      const own = container.document()
      return !own || !document || versionId(ref, own) === versionId(ref, document)
    },
  }
}
