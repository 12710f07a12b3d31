import { type Model, type ModelRef, parseModelRef } from '../domain/model.ts'
import { type ModelSettings, noSettings, withRecord } from '../domain/model-record.ts'
import type { RunnerOptions } from './options.ts'

export type Catalogue = ReturnType<typeof createCatalogue>

/** Every model there is, as its provider knows it and an operator wants it. */
export function createCatalogue({
  providers,
  book,
  deployments,
}: Pick<RunnerOptions, 'providers' | 'book' | 'deployments'>) {
  return {
    /** The first that a provider has of that name; with a version, as of that one where it can be run. */
    async find(ref: ModelRef, version?: string): Promise<Model | null> {
      for (const provider of providers) {
        const model = await provider.find(ref, version)
        if (model) return withRecord(model, book.find(ref))
      }
      return null
    },
    async all(): Promise<Model[]> {
      const found = (await Promise.all(providers.map((provider) => provider.models()))).flat()
      return found.map((model) => withRecord(model, book.find(model.ref)))
    },
    settingsOf: (ref: ModelRef): ModelSettings => book.find(ref)?.settings ?? noSettings,
    /** How many predictions of a deployment run at once; of one that is gone, as many as of its model. */
    instancesOf(name: string): number {
      const ref = parseModelRef(name)
      return (ref && deployments.find(ref)?.current.maxInstances) ?? Number.POSITIVE_INFINITY
    },
    /** Calls back when how a model is to be run has changed. */
    listen(listener: (ref: ModelRef) => void): void {
      for (const one of [book, deployments]) one.listen(listener)
    },
  }
}
