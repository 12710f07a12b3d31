import { z } from 'zod'
import type { EngineConnection } from '../connection.ts'
import { createReading, labeled, nullWhenMissing, texts } from './reading.ts'

/** A network of a list. */
export interface ListedNetwork {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
}

const networksShape = z.array(z.object({ Name: z.string(), Labels: texts }))

/** The calls of an engine about networks. */
export function networkCalls(connection: EngineConnection) {
  const { read, readOrNull } = createReading(connection)

  return {
    /** Creates a network without a way out, unless there is one of that name. */
    async ensureNetwork(name: string, labels: Readonly<Record<string, string>>): Promise<void> {
      const found = await readOrNull(z.object({ Id: z.string().nullish() }).loose(), {
        path: `/networks/${name}`,
      })
      if (found) return
      const body = { Name: name, CheckDuplicate: true, Internal: true, Labels: labels }
      await connection.done({ method: 'POST', path: '/networks/create', body, alsoFine: [409] })
    },
    /** The networks with a label. */
    async networks(label: string): Promise<readonly ListedNetwork[]> {
      const path = `/networks?${new URLSearchParams({ filters: labeled(label) })}`
      const found = await read(networksShape, { path })
      return found.map(({ Name, Labels }) => ({ name: Name, labels: Labels ?? {} }))
    },
    /** Rejects while containers use it. */
    async removeNetwork(name: string): Promise<void> {
      await nullWhenMissing(connection.done({ method: 'DELETE', path: `/networks/${name}` }))
    },
  }
}
