import { hash } from 'node:crypto'
import { type Kysely, sql } from 'kysely'

/** The tables as they are in between. A type, as `withTables` asks for an index signature. */
type Before = {
  shares: { token: string; prediction: string; created_at: number; revoked_at: number | null }
  predictions: { id: string; created_by: string }
  new_shares: {
    id: string
    hash: string
    prediction: string
    created_by: string
    created_at: number
    audience: string
    people: string
    scope: string
    opens: number
    ended_at: number | null
    ended: string | null
  }
}

const batch = 500

/**
 * Shares with terms, found by the hash of their token. Links from before go on working: they are for
 * anyone and never end. Nothing can show their tokens again.
 */
export async function hashShares(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('new_shares')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('hash', 'text', (column) => column.notNull().unique())
    .addColumn('prediction', 'text', (column) => column.notNull())
    .addColumn('created_by', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint')
    .addColumn('audience', 'text', (column) => column.notNull())
    .addColumn('people', 'text', (column) => column.notNull())
    .addColumn('scope', 'text', (column) => column.notNull())
    .addColumn('opens', 'integer', (column) => column.notNull())
    .addColumn('opened_at', 'bigint')
    .addColumn('ended_at', 'bigint')
    .addColumn('ended', 'text')
    .execute()
  await copy(db.withTables<Before>())
  await db.schema.dropTable('shares').execute()
  await db.schema.alterTable('new_shares').renameTo('shares').execute()
  await db.schema.createIndex('shares_prediction').on('shares').column('prediction').execute()
  await sql`
    create index shares_open on shares (created_at, id) where ended_at is null`.execute(db)
  await sql`
    create index shares_open_of on shares (created_by, created_at, id)
    where ended_at is null`.execute(db)
}

async function copy(db: Kysely<Before>): Promise<void> {
  for (let after = ''; ; ) {
    const rows = await db
      .selectFrom('shares')
      .leftJoin('predictions', 'predictions.id', 'shares.prediction')
      .select(['token', 'prediction', 'shares.created_at', 'revoked_at', 'created_by'])
      .where('token', '>', after)
      .orderBy('token')
      .limit(batch)
      .execute()
    const last = rows.at(-1)
    if (!last) return
    await db.insertInto('new_shares').values(rows.map(hashed)).execute()
    after = last.token
  }
}

type Row = Before['shares'] & { readonly created_by: string | null }

function hashed({ token, prediction, created_at, revoked_at, created_by }: Row) {
  const digest = hash('sha256', token)
  return {
    id: digest.slice(0, 32),
    hash: digest,
    prediction,
    created_by: created_by ?? '',
    created_at,
    audience: 'anyone',
    people: '[]',
    scope: 'see',
    opens: 0,
    ended_at: revoked_at,
    ended: revoked_at === null ? null : 'revoked',
  }
}
