import { type Kysely, sql, type Transaction, type Updateable } from 'kysely'
import type { Person } from '../../../domain/people/person.ts'
import type { PeopleStore, PersonChanges } from '../../people.ts'
import { readJson, writeJson } from '../prediction-rows.ts'
import type { PersonRow, Tables } from '../tables.ts'
import type { Write } from '../writer.ts'
import { endEmbedsBy } from './embed-links.ts'
import { hasPart } from './part.ts'
import { endSharesBy } from './shares.ts'

type PersonStore = Pick<
  PeopleStore,
  | 'addPerson'
  | 'findPerson'
  | 'findSubject'
  | 'peopleAmong'
  | 'people'
  | 'givenNamespaces'
  | 'changePerson'
>

/** Everybody who ever signed in. */
export function createPersonStore(db: Kysely<Tables>, write: Write): PersonStore {
  const select = (from: Kysely<Tables>) => from.selectFrom('people').selectAll()

  async function bySubject(from: Kysely<Tables>, issuer: string, subject: string) {
    const query = select(from).where('issuer', '=', issuer).where('subject', '=', subject)
    const row = await query.executeTakeFirst()
    return row ? readPerson(row) : null
  }

  return {
    addPerson: (person) =>
      write(async (trx) => {
        const known = await bySubject(trx, person.issuer, person.subject)
        if (known) return known
        const added = { ...person, handle: await freeHandle(trx, person.handle) }
        await trx.insertInto('people').values(newRow(added)).execute()
        return added
      }),

    async findPerson(id) {
      const row = await select(db).where('id', '=', id).executeTakeFirst()
      return row ? readPerson(row) : null
    },

    findSubject: (issuer, subject) => bySubject(db, issuer, subject),

    async peopleAmong(names) {
      if (names.length === 0) return []
      const rows = await select(db)
        .where(({ or, eb }) => or([eb('handle', 'in', names), eb('id', 'in', names)]))
        .execute()
      return rows.map(readPerson)
    },

    async people(limit, after, text = '') {
      let query = select(db).orderBy('handle').limit(limit)
      if (after !== null) query = query.where('handle', '>', after)
      if (text !== '') query = query.where(hasPart(['handle', 'name', 'email'], text))
      return (await query.execute()).map(readPerson)
    },

    async givenNamespaces() {
      const rows = await db
        .selectFrom('people')
        .select('namespaces')
        .where(sql<boolean>`namespaces <> '[]'`)
        .execute()
      return new Set(rows.flatMap(({ namespaces }) => readJson(namespaces)))
    },

    changePerson: (id, changes) =>
      write(async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable('people')
          .set(changedColumns(changes))
          .where('id', '=', id)
          .executeTakeFirst()
        const { disabledAt } = changes
        if (typeof disabledAt === 'number') {
          await endSharesBy(trx, id, disabledAt)
          await endEmbedsBy(trx, id, disabledAt)
        }
        return numUpdatedRows > 0n
      }),
  }
}

/** The handle, or the first of `ann-2`, `ann-3`… that nobody has. */
async function freeHandle(trx: Transaction<Tables>, wanted: string): Promise<string> {
  const rows = await trx
    .selectFrom('people')
    .select('handle')
    .where(({ or, eb }) => or([eb('handle', '=', wanted), eb('handle', 'like', `${wanted}-%`)]))
    .execute()
  const taken = new Set(rows.map(({ handle }) => handle))
  let handle = wanted
  for (let number = 2; taken.has(handle); number++) handle = `${wanted}-${number}`
  return handle
}

function newRow(person: Person): PersonRow {
  const { id, issuer, subject, handle, name, email } = person
  return {
    id,
    issuer,
    subject,
    handle,
    name,
    email,
    email_verified: person.emailVerified ? 1 : 0,
    groups: writeJson(person.groups),
    role: person.role,
    namespaces: writeJson(person.givenNamespaces),
    quota: person.quota && writeJson(person.quota),
    created_at: person.createdAt,
    seen_at: person.seenAt,
    disabled_at: person.disabledAt,
  }
}

function changedColumns(changes: PersonChanges): Updateable<PersonRow> {
  const { name, email, emailVerified, groups, givenNamespaces } = changes
  const { role, quota, seenAt, disabledAt } = changes
  return {
    ...(name === undefined ? {} : { name }),
    ...(email === undefined ? {} : { email }),
    ...(emailVerified === undefined ? {} : { email_verified: emailVerified ? 1 : 0 }),
    ...(groups === undefined ? {} : { groups: writeJson(groups) }),
    ...(givenNamespaces === undefined ? {} : { namespaces: writeJson(givenNamespaces) }),
    ...(role === undefined ? {} : { role }),
    ...(quota === undefined ? {} : { quota: quota && writeJson(quota) }),
    ...(seenAt === undefined ? {} : { seen_at: seenAt }),
    ...(disabledAt === undefined ? {} : { disabled_at: disabledAt }),
  }
}

function readPerson(row: PersonRow): Person {
  const { id, issuer, subject, handle, name, email, role } = row
  return {
    id,
    issuer,
    subject,
    handle,
    name,
    email,
    emailVerified: row.email_verified === 1,
    groups: readJson(row.groups),
    givenNamespaces: readJson(row.namespaces),
    role,
    quota: row.quota === null ? null : readJson(row.quota),
    createdAt: row.created_at,
    seenAt: row.seen_at,
    disabledAt: row.disabled_at,
  }
}
