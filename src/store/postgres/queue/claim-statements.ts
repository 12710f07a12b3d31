import { type Kysely, sql, type Transaction } from 'kysely'
import type { ModelRef } from '../../../domain/model-ref.ts'
import type { TurnsState } from '../../../domain/prediction/turns.ts'
import { type JsonText, readJson, writeJson } from '../../kysely/prediction-rows.ts'
import { createStatement, type Place } from '../../kysely/statement.ts'
import type { Tables } from '../../kysely/tables.ts'
import { laneOfModel } from './lanes.ts'
import { accountOf, type InLine, inLine, type PassedOver, waits } from './lines.ts'

export type ClaimStatements = ReturnType<typeof createClaimStatements>

/** A prediction that a replica owns. */
export interface Owned {
  readonly id: string
  /** From now on. */
  readonly revision: number
}

/** Those that run, and count: of one replica where each has copies of its own. */
export interface Counted {
  readonly model: ModelRef
  readonly replica: string
  readonly runsHere: boolean
}

/** How many predictions run that were sent to a deployment. */
export interface RunningOf {
  /** Null for those that were sent to none. */
  readonly deployment: string | null
  /** Over all replicas: instances of a deployment are counted so for every model. */
  readonly all: number
  /** Of the copies of the model. */
  readonly counted: number
}

export interface Lines extends Counted {
  /** None is found while so many run. */
  readonly copies: number
  /** Of each account. */
  readonly most: number
  readonly passedOver: PassedOver
}

export interface Owning {
  readonly model: ModelRef
  readonly replica: string
  readonly ids: readonly string[]
  /** How the turns stand then. */
  readonly turns: TurnsState
}

/** The statements of every claim. */
export function createClaimStatements(db: Kysely<Tables>) {
  const lock = createStatement(
    db,
    (_, value) => sql<{ state: JsonText<TurnsState> }>`
      select state from lanes where key = ${value('key')} for update`,
  )
  const running = createStatement(
    db,
    (_, value) => sql<RunningOf>`
      select deployment, count(*) as all, count(*) filter (where ${isCounted(value)}) as counted
      from predictions where ${hasBegun(value)} group by deployment`,
  )
  const lines = createStatement(db, (_, value) => firstInLines(value))
  const keepAndOwn = createStatement(
    db,
    (_, value) => sql<Owned>`
      with kept as (
        update lanes set state = ${value('state')} where key = ${value('key')}
      )
      update predictions set owner = ${value('replica')}, revision = revision + 1
      where id = any(${value('ids')}::text[]) and ${waits}
      returning id, revision`,
  )

  return {
    /** Locks the lane of a model until the transaction ends. Resolves with how its turns stand; null without a lane. */
    async lockModel(trx: Transaction<Tables>, model: ModelRef): Promise<TurnsState | null> {
      const { rows } = await lock(trx, { key: laneOfModel(model) })
      return rows[0] ? readJson(rows[0].state) : null
    },

    /** How many predictions of a model run, by the deployment that they were sent to. */
    async runningOf(trx: Transaction<Tables>, counted: Counted): Promise<readonly RunningOf[]> {
      const { rows } = await running(trx, valuesOf(counted))
      return rows
    },

    /**
     * The first waiting predictions of a model of each account, in the order of their arrival: one step along
     * the index for each account, however many wait.
     */
    async firstInLines(
      trx: Transaction<Tables>,
      { passedOver, copies, most, ...counted }: Lines,
    ): Promise<readonly InLine[]> {
      const { rows } = await lines(trx, { ...valuesOf(counted), copies, most, ...passedOver })
      return rows
    },

    /** Makes predictions a replica’s. One that was canceled or removed meanwhile is left out. */
    async own(
      trx: Transaction<Tables>,
      { model, replica, ids, turns }: Owning,
    ): Promise<readonly Owned[]> {
      const state = writeJson(turns)
      const { rows } = await keepAndOwn(trx, { state, key: laneOfModel(model), replica, ids })
      const byId = new Map(rows.map((row) => [row.id, row]))
      return ids.flatMap((id) => byId.get(id) ?? [])
    },
  }
}

function valuesOf({ model, replica, runsHere }: Counted) {
  const { owner, name } = model
  return { owner, name, replica: runsHere ? replica : null }
}

function isOfModel(value: Place) {
  return sql`model_owner = ${value('owner')} and model_name = ${value('name')}`
}

function hasBegun(value: Place) {
  return sql`${isOfModel(value)} and owner is not null`
}

function isCounted(value: Place) {
  return sql`(${value('replica')}::text is null or owner = ${value('replica')})`
}

function firstInLines(value: Place) {
  const inLines = sql`${isOfModel(value)} and ${waits}`
  return sql<InLine>`
    with recursive accounts (account) as (
      (
        select ${accountOf} from predictions
        where ${inLines} and (select count(*) from predictions where ${hasBegun(value)} and ${isCounted(value)}) < ${value('copies')}
        order by 1 limit 1
      )
      union all
      select (
        select ${accountOf} from predictions
        where ${inLines} and ${accountOf} > accounts.account order by 1 limit 1
      ) from accounts where accounts.account is not null
    )
    select first.* from accounts cross join lateral (
      select ${inLine} from predictions
      where ${inLines} and ${accountOf} = accounts.account
        and not coalesce(deployment, '') = any(${value('deployments')}::text[])
        and not version = any(${value('versions')}::text[])
        and (parent is not null or not created_by = any(${value('people')}::text[]))
      order by number limit ${value('most')}
    ) as first
    order by first.number`
}
