import { expect, it } from 'vitest'
import { createHeldRequests } from '../../../src/routes/panels/held-requests.ts'

const onGone = () => {}
const unwatched = () => () => {}
const asker = { address: '192.0.2.1', id: 'a', seen: '1' }

it('gives a place back when the wait is over, however it ended', async () => {
  const holds = createHeldRequests(unwatched, { inAll: 1, perAddress: 1 })
  const woken = holds.wait(asker, onGone)
  expect(holds.wait(asker, onGone)).toBeNull()
  holds.wake('a', '2')
  expect(await woken).toBe(true)

  let leave = () => {}
  const left = holds.wait(asker, (listener) => {
    leave = listener
  })
  expect(holds.wait(asker, onGone)).toBeNull()
  leave()
  leave()
  expect(await left).toBe(false)

  const last = holds.wait(asker, onGone)
  expect(last).not.toBeNull()
  expect(holds.wait(asker, onGone)).toBeNull()
  holds.wake('a', null)
  expect(await last).toBe(true)
})

it('counts each address by itself, and all together', () => {
  const holds = createHeldRequests(unwatched, { inAll: 2, perAddress: 1 })
  const from = (address: string) => holds.wait({ ...asker, address }, onGone)
  expect(from('192.0.2.1')).not.toBeNull()
  expect(from('192.0.2.1')).toBeNull()
  expect(from('192.0.2.2')).not.toBeNull()
  expect(from('192.0.2.3')).toBeNull()
  holds.wake('a', null)
  expect(from('192.0.2.3')).not.toBeNull()
  holds.wake('a', null)
})

it('wakes those who have not seen the state, and no others', async () => {
  const watched = new Set<string>()
  const watch = (id: string) => {
    watched.add(id)
    return () => watched.delete(id)
  }
  const holds = createHeldRequests(watch)
  const old = holds.wait(asker, onGone)
  const current = holds.wait({ ...asker, seen: '2' }, onGone)
  const other = holds.wait({ ...asker, id: 'b' }, onGone)
  holds.wake('a', '2')
  expect(await old).toBe(true)
  const none = Symbol()
  expect(await Promise.race([current, other, Promise.resolve(none)])).toBe(none)
  expect([...watched]).toEqual(['a', 'b'])
  holds.wake('a', null)
  holds.wake('b', null)
  expect([...watched]).toEqual([])
})
