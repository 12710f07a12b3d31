import { type Kysely, sql } from 'kysely'
import { LRUCache } from 'lru-cache'
import { type ModelRef, modelName } from '../../../domain/model-ref.ts'
import type { Tables } from '../../kysely/tables.ts'
import type { Load } from '../../queue/queue.ts'

/** How long a load that was read is taken for the one there is, in milliseconds. */
const loadMs = 100

interface Known {
  readonly read: Promise<Load>
  /** What was done here since. */
  done: Load
}

/**
 * The loads of models. Each is read at most every `loadMs`, as it is asked for with each acceptance and panel, and
 * costs as much as there are that wait; what is done here meanwhile is counted in.
 */
export function createLoads(db: Kysely<Tables>) {
  const known = new LRUCache<string, Known>({ max: 500, ttl: loadMs })

  function knownOf(model: ModelRef): Known {
    const name = modelName(model)
    const before = known.get(name)
    if (before) return before
    const read = count(db, sql`model_owner = ${model.owner} and model_name = ${model.name}`)
    const begun = { read, done: { running: 0, waiting: 0 } }
    known.set(name, begun)
    read.catch(() => known.delete(name))
    return begun
  }

  async function of(model: ModelRef): Promise<Load> {
    const one = knownOf(model)
    const { running, waiting } = sumOf(await one.read, one.done)
    return { running: Math.max(0, running), waiting: Math.max(0, waiting) }
  }

  function forget(model: ModelRef): void {
    known.delete(modelName(model))
  }

  return {
    of,
    /** Nobody is turned away by what was read before. */
    async isFull(model: ModelRef, most: number): Promise<boolean> {
      if ((await of(model)).waiting < most) return false
      forget(model)
      return (await of(model)).waiting >= most
    },
    /** Counts what was done here: so many more run and wait. */
    note(model: ModelRef, more: Load): void {
      const one = known.get(modelName(model))
      if (one) one.done = sumOf(one.done, more)
    },
    /** To be called when it is not known what a change does to the load. */
    forget,
  }
}

function sumOf(one: Load, other: Load): Load {
  return { running: one.running + other.running, waiting: one.waiting + other.waiting }
}

export function countOfDeployment(
  db: Kysely<Tables>,
  { owner, name }: ModelRef,
  deployment: ModelRef,
): Promise<Load> {
  const sentTo = modelName(deployment)
  return count(db, sql`model_owner = ${owner} and model_name = ${name} and deployment = ${sentTo}`)
}

export function countOfPerson(db: Kysely<Tables>, person: string): Promise<Load> {
  return count(db, sql`created_by = ${person} and parent is null`)
}

async function count(db: Kysely<Tables>, condition: ReturnType<typeof sql>): Promise<Load> {
  const { rows } = await sql<Load>`
    select
      (select count(*) from predictions where ${condition} and owner is not null) as running,
      (select count(*) from predictions where ${condition}
        and owner is null and status in ('starting', 'processing')) as waiting`.execute(db)
  return rows[0] ?? { running: 0, waiting: 0 }
}
