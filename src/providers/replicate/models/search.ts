import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import type { UpstreamSearch } from '../../../domain/model/upstream-search.ts'
import { parseModelRef } from '../../../domain/model-ref.ts'
import type { ReplicateClient } from '../client.ts'
import { UpstreamError } from '../upstream-error.ts'

const mostQueryUnits = 200
const mostFound = 12
const mostDescription = 500
const searchMs = 4_000
const freshMs = 5 * 60_000
const mostKept = 200

const found = z.object({
  models: z.array(
    z.object({
      model: z.object({
        owner: z.string(),
        name: z.string(),
        description: z.string().nullish().catch(null),
        run_count: z.number().nullish().catch(null),
      }),
    }),
  ),
})

/** Searches the models of the service. What was found is kept for some minutes. */
export function createServiceSearch(client: ReplicateClient, now: () => number) {
  const kept = new LRUCache<string, UpstreamSearch>({
    max: mostKept,
    ttl: freshMs,
    ttlResolution: 0,
    perf: { now },
  })

  async function ask(query: string): Promise<UpstreamSearch> {
    const parameters = new URLSearchParams({ query, limit: String(mostFound) })
    const read = found.safeParse(await client.get(`search?${parameters}`, { timeoutMs: searchMs }))
    if (!read.success) return failed(client)
    const models = read.data.models.flatMap(({ model }) => {
      const ref = parseModelRef(`${model.owner}/${model.name}`)
      const description = (model.description ?? '').slice(0, mostDescription).toWellFormed()
      return ref ? [{ ref, description, runs: model.run_count ?? null }] : []
    })
    return { service: client.service, models: models.slice(0, mostFound), trouble: null }
  }

  return async (text: string): Promise<UpstreamSearch> => {
    const query = text.slice(0, mostQueryUnits).toWellFormed().trim()
    const known = kept.get(query)
    if (known) return known
    try {
      const result = await ask(query)
      if (result.trouble === null) kept.set(query, result)
      return result
    } catch (error) {
      return failed(client, error instanceof UpstreamError ? error.message : undefined)
    }
  }
}

function failed({ service }: ReplicateClient, sentence?: string): UpstreamSearch {
  return { service, models: [], trouble: sentence ?? `The response of ${service} cannot be read.` }
}
