import type { Descriptions } from './providers/descriptions.ts'
import type { ModelRecords } from './runner/model-records.ts'
import type { Log } from './runner/options.ts'
import type { UpstreamNotes } from './store/upstream-notes.ts'

export interface ShareOptions {
  readonly notes: UpstreamNotes
  readonly records: Pick<ModelRecords, 'listen'>
  readonly log: Log
}

/** Descriptions of a provider’s upstreams that all replicas keep in the database. */
export function shareDescriptions({ notes, records, log }: ShareOptions) {
  const failed = (error: unknown) =>
    log.error({ error }, 'A description of a model could not be read or kept')

  return (provider: string): Descriptions => ({
    read: (key) =>
      notes.read(provider, key).catch((error) => {
        failed(error)
        return null
      }),
    write: (key, description) =>
      notes.write(provider, key, description).catch((error) => {
        failed(error)
        return description.content
      }),
    remove: (key) => notes.remove(provider, key).catch(failed),
    // A record is saved after its upstream was looked at.
    listen: records.listen,
  })
}
