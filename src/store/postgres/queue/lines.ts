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
const waits = sql<boolean>`owner is null and status in ('starting', 'processing')`
const accountOf = sql<string>`coalesce(account, created_by)`
const inLine = sql`id, ${accountOf} as account, number, deployment, created_by as "createdBy", parent`

/** Those that are passed over. */
export interface PassedOver {
  readonly deployments: readonly string[]
  readonly people: readonly string[]
  readonly versions: readonly string[]
}

/**
 * The first waiting predictions of a model of each account, in the order of their arrival: one step along
 * the index for each account, however many wait.
 */
export async function firstInLines(
  db: Kysely<Tables>,
  { owner, name }: ModelRef,
  most: number,
  { deployments, people, versions }: PassedOver,
): Promise<readonly InLine[]> {
  const ofModel = sql`model_owner = ${owner} and model_name = ${name} and ${waits}`
  const { rows } = await sql<InLine>`
    with recursive accounts (account) as (
      (select ${accountOf} from predictions where ${ofModel} order by 1 limit 1)
      union all
      select (
        select ${accountOf} from predictions
        where ${ofModel} and ${accountOf} > accounts.account order by 1 limit 1
      ) from accounts where accounts.account is not null
    )
    select first.* from accounts cross join lateral (
      select ${inLine} from predictions
      where ${ofModel} and ${accountOf} = accounts.account
        and (deployment is null or not deployment = any(${deployments}::text[]))
        and not version = any(${versions}::text[])
        and (parent is not null or not created_by = any(${people}::text[]))
      order by number limit ${most}
    ) as first
    order by first.number`.execute(db)
  return rows
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
