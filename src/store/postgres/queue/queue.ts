import { type Kysely, sql } from 'kysely'
import { LRUCache } from 'lru-cache'
import { type ModelRef, modelName } from '../../../domain/model-ref.ts'
import type { Prediction } from '../../../domain/prediction/prediction.ts'
import { createTurns, type Turns } from '../../../domain/prediction/turns.ts'
import type { Tables } from '../../kysely/tables.ts'
import type { Queue } from '../../queue/queue.ts'
import type { Store } from '../../store.ts'
import { type Correction, claimNext } from './claim.ts'
import { createClaimStatements, type Owned } from './claim-statements.ts'
import { turnsOf } from './lanes.ts'
import { type InLine, wholeLine } from './lines.ts'
import { countOfDeployment, countOfPerson, createLoads } from './loads.ts'
import type { ClaimTransact } from './transact.ts'

export interface QueueOptions {
  /** Over connections that nothing else waits for: a claim reads from `store` while it has one. */
  readonly transact: ClaimTransact
  /** For what is shown of queues, and for what needs no lock. */
  readonly db: Kysely<Tables>
  readonly store: Pick<Store, 'find'>
  /** The id of this replica. */
  readonly replica: string
}

/** So many of those that were accepted here are kept until they are claimed. */
const mostAccepted = 100

/** The most of a line that places are counted in. */
const mostInLine = 10_000

/** How long a line that was read is taken for the one there is, in milliseconds. */
const lineMs = 100

/** The queue of replicas: claims from the table of predictions. */
export function createPostgresQueue({ transact, db, store, replica }: QueueOptions): Queue {
  const statements = createClaimStatements(db)
  const charged = new Map<string, Correction>()
  const corrections = createCorrections()
  const lines = createLines(db)
  const loads = createLoads(db)

  // Most that are claimed were accepted here a moment ago: they need not be read.
  const accepted = new LRUCache<string, Prediction>({ max: mostAccepted })

  async function read({ id, revision }: Owned): Promise<Prediction | null> {
    const known = accepted.get(id)
    accepted.delete(id)
    return known?.revision === revision - 1 ? { ...known, revision } : store.find(id)
  }

  async function found(owned: readonly Owned[]): Promise<readonly Prediction[]> {
    const all = await Promise.all(owned.map(read))
    return all.filter((one) => one !== null)
  }

  return {
    /** It waits since it was accepted. */
    add(prediction) {
      accepted.set(prediction.id, prediction)
      loads.note(prediction.model, { running: 0, waiting: 1 })
      return true
    },

    async claim(model, limits) {
      const due = corrections.take(model)
      const request = { ...limits, model, replica, corrections: due }
      const { owned, isMore } = await transact((trx, commit) =>
        claimNext({ trx, commit, statements }, request),
      ).catch((error: unknown) => {
        corrections.add(model, due)
        throw error
      })
      loads.note(model, { running: owned.length, waiting: -owned.length })
      const claimed = await found(owned)
      for (const { id, account } of claimed) charged.set(id, { account, ms: limits.charge })
      return { claimed, isMore }
    },

    async release({ id, model }) {
      charged.delete(id)
      loads.forget(model)
      await sql`
        update predictions set owner = null, revision = revision + 1
        where id = ${id} and owner = ${replica}`.execute(db)
    },

    async finish({ id, model }, ranMs) {
      loads.note(model, { running: -1, waiting: 0 })
      const before = charged.get(id)
      charged.delete(id)
      if (!before || ranMs === null) return
      corrections.add(model, [{ account: before.account, ms: Math.round(ranMs) - before.ms }])
    },

    /** Its end is saved to the table, which takes it out. */
    async remove({ model }) {
      loads.forget(model)
      return true
    },

    async place(prediction, charge) {
      return (await lines.of(prediction.model)).place(prediction, charge)
    },

    async placeOfNext(model, account, charge) {
      return (await lines.of(model)).placeOfNext(account, charge)
    },

    async waiting(model) {
      return (await lines.of(model)).all().map(({ id }) => id)
    },

    load: loads.of,
    isFull: loads.isFull,
    loadOfDeployment: (model, deployment) => countOfDeployment(db, model, deployment),
    loadOfPerson: (person) => countOfPerson(db, person),

    async modelsOf(person) {
      const { rows } = await sql<ModelRef>`
        select distinct model_owner as owner, model_name as name from predictions
        where created_by = ${person} and parent is null
          and owner is null and status in ('starting', 'processing')`.execute(db)
      return rows
    },
  }
}

/** Corrections of what accounts were charged, until the next claim of the model makes them. */
function createCorrections() {
  const due = new Map<string, readonly Correction[]>()

  return {
    add(model: ModelRef, more: readonly Correction[]): void {
      const name = modelName(model)
      due.set(name, [...(due.get(name) ?? []), ...more])
    },
    take(model: ModelRef): readonly Correction[] {
      const name = modelName(model)
      const taken = due.get(name) ?? []
      due.delete(name)
      return taken
    },
  }
}

/** The lines of models, each read at most every `lineMs`: everyone who waits asks for their place. */
function createLines(db: Kysely<Tables>) {
  const read = new LRUCache<string, Promise<Turns<InLine>>>({ max: 500, ttl: lineMs })

  async function readLine(model: ModelRef): Promise<Turns<InLine>> {
    const [state, waiting] = await Promise.all([
      turnsOf(db, model),
      wholeLine(db, model, mostInLine),
    ])
    const turns = createTurns<InLine>(state)
    for (const one of waiting) turns.add(one)
    return turns
  }

  return {
    of(model: ModelRef): Promise<Turns<InLine>> {
      const name = modelName(model)
      const known = read.get(name)
      if (known) return known
      const reading = readLine(model)
      read.set(name, reading)
      reading.catch(() => read.delete(name))
      return reading
    },
  }
}
