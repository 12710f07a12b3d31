import { inject } from 'vitest'
import { openPostgres } from '../../src/store/postgres/postgres.ts'
import { describeStore } from '../store/conformance.ts'
import type { OpenedStore } from '../store/opened-store.ts'
import { describePeopleStore } from '../store/people-conformance.ts'
import { describeShareStore } from '../store/shares-conformance.ts'
import { createDatabase, dropDatabase } from '../support/postgres.ts'

describeStore('the PostgreSQL store', openTwo)
describePeopleStore('the PostgreSQL store, of people', openTwo)
describeShareStore('the PostgreSQL store, of shares and retention', openTwo)

async function openTwo(): Promise<OpenedStore> {
  const server = inject('postgres')
  const name = await createDatabase(server, inject('template'))
  const open = () => openPostgres({ url: `${server}/${name}`, onLost() {} })
  const first = await open()
  const second = await open()
  return {
    first,
    second,
    async close() {
      await Promise.all([first.close(), second.close()])
      await dropDatabase(server, name)
    },
  }
}
