import { expect, it } from 'vitest'
import { createSharedDatabase } from '../support/shared-database.ts'
import { askUnusual } from '../support/unusual-addresses.ts'

it('answers addresses of unusual characters without an error of the server', async () => {
  const database = await createSharedDatabase()
  expect(await askUnusual(await database.open())).toEqual([])
  await database.close()
})
