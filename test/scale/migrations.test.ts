import { afterEach, beforeEach, expect, inject, it } from 'vitest'
import { migrations } from '../../src/store/migrations/index.ts'
import { openPostgres } from '../../src/store/postgres/postgres.ts'
import { createDatabase, dropDatabase, query } from '../support/postgres.ts'
import { startServer } from '../support/server.ts'

const server = inject('postgres')
let name: string
let url: string
beforeEach(async () => {
  name = await createDatabase(server)
  url = `${server}/${name}`
})
afterEach(() => dropDatabase(server, name))

it('are made once when five servers start at once on an empty database', async () => {
  const environment = { DATABASE_URL: url, SANDPIT_SECRET: 'a secret that all of them have' }
  const servers = await Promise.all(
    Array.from({ length: 5 }, () => startServer({ environment, readsFirst: false })),
  )
  for (const { url } of servers) expect((await fetch(`${url}/readyz`)).status).toBe(200)
  await Promise.all(servers.map((one) => one.stop()))
  const made = await query(url, 'select name from kysely_migration order by name')
  expect(made).toEqual(Object.keys(migrations).map((name) => ({ name })))
})

it('refuse a database that a newer version has written', async () => {
  const { store } = await openPostgres({ url, replica: 'a', onLost() {} })
  await store.close()
  await query(url, `insert into kysely_migration (name, timestamp) values ('999-newer', '')`)
  await expect(openPostgres({ url, replica: 'a', onLost() {} })).rejects.toThrow(
    'The database was written by a newer version of Sandpit.',
  )
})

it('order every text by its bytes', async () => {
  const { store } = await openPostgres({ url, replica: 'a', onLost() {} })
  await store.close()
  const others = await query(
    url,
    `select table_name, column_name from information_schema.columns
    where table_schema = 'public' and data_type = 'text' and table_name not like 'kysely%'
      and collation_name is distinct from 'C'`,
  )
  expect(others).toEqual([])
})
