import type { Kysely } from 'kysely'
import type { PersonalToken } from '../../../domain/people/personal-token.ts'
import type { PeopleStore } from '../../people.ts'
import { readJson, writeJson } from '../prediction-rows.ts'
import type { Tables, TokenRow } from '../tables.ts'
import type { Write } from '../writer.ts'

type TokenStore = Pick<
  PeopleStore,
  'addToken' | 'findToken' | 'tokensOf' | 'useToken' | 'revokeToken' | 'removeToken'
>

/** The API tokens that people made. */
export function createTokenStore(db: Kysely<Tables>, write: Write): TokenStore {
  return {
    addToken: (token) =>
      write(async (trx) => {
        await trx.insertInto('tokens').values(newRow(token)).execute()
      }),

    async findToken(hash) {
      const query = db.selectFrom('tokens').selectAll().where('hash', '=', hash)
      const row = await query.executeTakeFirst()
      return row ? readToken(row) : null
    },

    async tokensOf(person) {
      const rows = await db
        .selectFrom('tokens')
        .selectAll()
        .where('person', '=', person)
        .orderBy('created_at', 'desc')
        .execute()
      return rows.map(readToken)
    },

    useToken: (id, at, from) =>
      write(async (trx) => {
        const used = { used_at: at, used_from: from }
        await trx.updateTable('tokens').set(used).where('id', '=', id).execute()
      }),

    revokeToken: (person, id, at) =>
      write(async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable('tokens')
          .set({ revoked_at: at })
          .where('person', '=', person)
          .where('id', '=', id)
          .where('revoked_at', 'is', null)
          .executeTakeFirst()
        return numUpdatedRows > 0n
      }),

    removeToken: (person, id) =>
      write(async (trx) => {
        const query = trx.deleteFrom('tokens').where('person', '=', person).where('id', '=', id)
        return (await query.executeTakeFirst()).numDeletedRows > 0n
      }),
  }
}

function newRow(token: PersonalToken): TokenRow {
  const { scopes, createdAt, expiresAt, usedAt, usedFrom, revokedAt, ...same } = token
  return {
    ...same,
    scopes: writeJson(scopes),
    created_at: createdAt,
    expires_at: expiresAt,
    used_at: usedAt,
    used_from: usedFrom,
    revoked_at: revokedAt,
  }
}

function readToken(row: TokenRow): PersonalToken {
  const { scopes, created_at, expires_at, used_at, used_from, revoked_at, ...same } = row
  return {
    ...same,
    scopes: readJson(scopes),
    createdAt: created_at,
    expiresAt: expires_at,
    usedAt: used_at,
    usedFrom: used_from,
    revokedAt: revoked_at,
  }
}
