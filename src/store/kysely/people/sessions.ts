import type { Kysely } from 'kysely'
import type { Session } from '../../../domain/people/session.ts'
import type { PeopleStore } from '../../people.ts'
import type { SessionRow, Tables } from '../tables.ts'
import type { Write } from '../writer.ts'

type SessionStore = Pick<
  PeopleStore,
  | 'addSession'
  | 'findSession'
  | 'sessionsOf'
  | 'seeSession'
  | 'endSession'
  | 'endSessions'
  | 'endProviderSession'
  | 'forgetSessions'
>

/** Where people are signed in. */
export function createSessionStore(db: Kysely<Tables>, write: Write): SessionStore {
  return {
    addSession: (session) =>
      write(async (trx) => {
        await trx.insertInto('sessions').values(newRow(session)).execute()
      }),

    async findSession(hash) {
      const query = db.selectFrom('sessions').selectAll().where('hash', '=', hash)
      const row = await query.executeTakeFirst()
      return row ? readSession(row) : null
    },

    async sessionsOf(person) {
      const rows = await db
        .selectFrom('sessions')
        .selectAll()
        .where('person', '=', person)
        .orderBy('created_at', 'desc')
        .execute()
      return rows.map(readSession)
    },

    seeSession: (hash, at) =>
      write(async (trx) => {
        await trx.updateTable('sessions').set({ seen_at: at }).where('hash', '=', hash).execute()
      }),

    endSession: (hash) =>
      write(async (trx) => {
        const query = trx.deleteFrom('sessions').where('hash', '=', hash)
        return (await query.executeTakeFirst()).numDeletedRows > 0n
      }),

    endSessions: (person, { but, sid } = {}) =>
      write(async (trx) => {
        let query = trx.deleteFrom('sessions').where('person', '=', person)
        if (but !== undefined) query = query.where('hash', '<>', but)
        if (sid !== undefined) query = query.where('sid', '=', sid)
        await query.execute()
      }),

    endProviderSession: (issuer, sid) =>
      write(async (trx) => {
        const ended = await trx
          .deleteFrom('sessions')
          .where('issuer', '=', issuer)
          .where('sid', '=', sid)
          .returning('person')
          .execute()
        return ended.map(({ person }) => person)
      }),

    forgetSessions: (before) =>
      write(async (trx) => {
        await trx.deleteFrom('sessions').where('expires_at', '<', before).execute()
      }),
  }
}

function newRow(session: Session): SessionRow {
  const { idToken, createdAt, seenAt, expiresAt, ...same } = session
  const times = { created_at: createdAt, seen_at: seenAt, expires_at: expiresAt }
  return { ...same, ...times, id_token: idToken }
}

function readSession(row: SessionRow): Session {
  const { id_token, created_at, seen_at, expires_at, ...same } = row
  const times = { createdAt: created_at, seenAt: seen_at, expiresAt: expires_at }
  return { ...same, ...times, idToken: id_token }
}
