import { type Kysely, sql, type Transaction } from 'kysely'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import type { Webhook } from '../../domain/prediction/webhook.ts'
import { type Delivery, lastingEvents, receiverOf } from '../../domain/webhook/delivery.ts'
import type { Store } from '../store.ts'
import { lockPrediction } from './database.ts'
import type { DeliveryRow, Tables } from './tables.ts'
import type { Write } from './writer.ts'

type DeliveryStore = Pick<Store, 'deliveriesOf' | 'pendingDeliveries' | 'receivers' | 'keepTry'>

/** Webhook events, kept until they are delivered or given up. */
export function createDeliveryStore(db: Kysely<Tables>, write: Write): DeliveryStore {
  return {
    async deliveriesOf(prediction) {
      const rows = await db
        .selectFrom('deliveries')
        .selectAll()
        .where('prediction', '=', prediction)
        .orderBy('event', 'desc')
        .execute()
      return rows.map(readDelivery)
    },

    async pendingDeliveries(receiver, limit) {
      const rows = await db
        .selectFrom('deliveries')
        .selectAll()
        .where('receiver', '=', receiver)
        .where('next_at', 'is not', null)
        .orderBy('next_at')
        .limit(limit)
        .execute()
      return rows.map(readDelivery)
    },

    async receivers() {
      const found: string[] = []
      for (let next = await receiverAfter(db, null); next !== null; ) {
        found.push(next)
        next = await receiverAfter(db, next)
      }
      return found
    },

    keepTry: ({ prediction, event, state, tries, nextAt, answer, triedAt }) =>
      write(
        async (trx) => {
          // The save of its next event looks at this one first.
          await lockPrediction(trx, prediction)
          await trx
            .updateTable('deliveries')
            .set({ state, tries, next_at: nextAt, answer, tried_at: triedAt })
            .where('prediction', '=', prediction)
            .where('event', '=', event)
            .execute()
          if (state === 'pending') return
          await trx
            .updateTable('deliveries')
            .set({ state: 'pending', next_at: triedAt })
            .where('prediction', '=', prediction)
            .where('state', '=', 'waiting')
            .execute()
        },
        { keys: [prediction] },
      ),
  }
}

/** Keeps the webhook events of a change. Each event of a prediction is kept once. */
export async function keepDeliveries(
  trx: Transaction<Tables>,
  webhook: Webhook,
  previous: Prediction,
  next: Prediction,
): Promise<void> {
  const { id } = next
  const events = lastingEvents(previous, next)
  const created_at = next.completedAt ?? next.startedAt ?? next.createdAt
  for (const event of events) {
    const ahead = await trx
      .selectFrom('deliveries')
      .select('event')
      .where('prediction', '=', id)
      .where('state', '=', 'pending')
      .executeTakeFirst()
    await trx
      .insertInto('deliveries')
      .values({
        prediction: id,
        event,
        receiver: receiverOf(webhook.url),
        ...(ahead
          ? { state: 'waiting', next_at: null }
          : { state: 'pending', next_at: created_at }),
        tries: 0,
        answer: null,
        created_at,
        tried_at: null,
      })
      .onConflict((conflict) => conflict.columns(['prediction', 'event']).doNothing())
      .execute()
  }
}

/** One step along the index for each receiver, however many deliveries each has. */
async function receiverAfter(db: Kysely<Tables>, last: string | null): Promise<string | null> {
  const row = await db
    .selectFrom('deliveries')
    .select(sql<string | null>`min(receiver)`.as('receiver'))
    .where('next_at', 'is not', null)
    .$if(last !== null, (query) => query.where('receiver', '>', last ?? ''))
    .executeTakeFirst()
  return row?.receiver ?? null
}

function readDelivery(row: DeliveryRow): Delivery {
  return {
    prediction: row.prediction,
    event: row.event,
    receiver: row.receiver,
    state: row.state,
    tries: row.tries,
    nextAt: row.next_at,
    answer: row.answer,
    createdAt: row.created_at,
    triedAt: row.tried_at,
  }
}
