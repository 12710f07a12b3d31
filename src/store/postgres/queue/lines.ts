import { type Kysely, sql } from 'kysely'
import type { ModelRef } from '../../../domain/model-ref.ts'
import type { Tables } from '../../kysely/tables.ts'

/** A waiting prediction, as far as it matters for its turn. */
export interface InLine {
  readonly id: string
  readonly account: string
  /** Orders predictions as they were accepted. */
  readonly number: number
  /** `owner/name`; null for none. */
  readonly deployment: string | null
  readonly createdBy: string
  readonly parent: string | null
}

/** As in the condition of the indexes of queues. */
export const waits = sql<boolean>`owner is null and status in ('starting', 'processing')`
export const accountOf = sql<string>`coalesce(account, created_by)`
export const inLine = sql`
  id, ${accountOf} as account, number, deployment, created_by as "createdBy", parent`

/** Those that are passed over. */
export interface PassedOver {
  /** By `owner/name`; empty for those that were sent to none. */
  readonly deployments: readonly string[]
  readonly people: readonly string[]
  readonly versions: readonly string[]
}

/** Every waiting prediction of a model, in the order of their arrival, up to `most`. */
export async function wholeLine(
  db: Kysely<Tables>,
  { owner, name }: ModelRef,
  most: number,
): Promise<readonly InLine[]> {
  const { rows } = await sql<InLine>`
    select ${inLine} from predictions
    where model_owner = ${owner} and model_name = ${name} and ${waits}
    order by number limit ${most}`.execute(db)
  return rows
}
