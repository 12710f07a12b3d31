import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../kysely/tables.ts'
import { createWriter, runInTurn, type Transact, type Writer } from '../../kysely/writer.ts'

/** A commit of PostgreSQL is on disk. */
const onDisk = async () => {}

/**
 * Writes of which it is known what they touch share the transactions of `pipeline`. The others run one at a
 * time among all replicas, as on a database with one writer.
 */
export function createReplicaWriter(db: Kysely<Tables>, pipeline: Transact): Writer {
  const together = createWriter(pipeline, onDisk)
  const alone = createWriter(inTurnOfAll(db), onDisk)
  return {
    write: (run, options = {}) => (options.keys ? together : alone).write(run, options),
    async idle() {
      await Promise.all([together.idle(), alone.idle()])
    },
  }
}

/** The advisory lock of the one that writes. */
const writing = 0x5a4e

function inTurnOfAll(db: Kysely<Tables>): Transact {
  return (operations) =>
    db.transaction().execute(async (trx) => {
      await sql`select pg_advisory_xact_lock(${sql.lit(writing)}, 0)`.execute(trx)
      return runInTurn(trx, operations)
    })
}
