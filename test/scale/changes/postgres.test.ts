import pg from 'pg'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import type { Change, Changes } from '../../../src/changes/changes.ts'
import { openPostgresChanges } from '../../../src/changes/postgres.ts'
import { describeChanges } from '../../changes/conformance.ts'
import { eventually } from '../../support/eventually.ts'
import { createDatabase, dropDatabase } from '../../support/postgres.ts'
import { startTcpProxy } from '../../support/tcp-proxy.ts'

const server = inject('postgres')
const times = { firstRetryMs: 10, lastRetryMs: 50, answerMs: 300, heartbeatMs: 100 }

describeChanges('changes on PostgreSQL', async () => {
  const name = await createDatabase(server)
  const open = (replica: string) =>
    openPostgresChanges({ url: `${server}/${name}`, replica, onError() {} })
  const first = await open('a')
  const second = await open('b')
  return {
    first,
    second,
    async close() {
      await first.close()
      await second.close()
      await dropDatabase(server, name)
    },
  }
})

describe('changes through a connection that fails', () => {
  let name: string
  let proxy: Awaited<ReturnType<typeof startTcpProxy>>
  let near: Changes
  let far: Changes
  let heard: Change[]
  let gaps: number

  beforeEach(async () => {
    name = await createDatabase(server)
    proxy = await startTcpProxy(Number(new URL(server).port))
    near = await openPostgresChanges({ url: `${server}/${name}`, replica: 'near', onError() {} })
    const url = new URL(`${server}/${name}`)
    url.port = String(proxy.port)
    far = await openPostgresChanges({ url: url.href, replica: 'far', onError() {}, times })
    heard = []
    gaps = 0
    far.listen((change) => heard.push(change))
    far.onGap(() => gaps++)
  })

  afterEach(async () => {
    await near.close()
    const closing = far.close()
    proxy.close()
    await closing
    await dropDatabase(server, name)
  })

  async function hears(): Promise<void> {
    heard = []
    near.tell({ type: 'operators' })
    await eventually(() => expect(heard).toEqual([{ type: 'operators' }]))
  }

  it('says nothing of a gap while the connection stands', async () => {
    await hears()
    expect(gaps).toBe(0)
  })

  it('listens again when the connection was cut, and says that something may have been missed', async () => {
    proxy.cut()
    await eventually(() => expect(gaps).toBe(1))
    await hears()
  })

  it('goes on trying while the server refuses connections', async () => {
    proxy.refuse(true)
    proxy.cut()
    near.tell({ type: 'operators' })
    await eventually(() => expect(proxy.connections()).toBe(0))
    proxy.refuse(false)
    await eventually(() => expect(gaps).toBe(1))
    await hears()
  })

  it('notices a connection that stays open but passes nothing on', async () => {
    proxy.stall(true)
    await eventually(() => expect(proxy.connections()).toBeLessThan(2))
    proxy.stall(false)
    await eventually(() => expect(gaps).toBeGreaterThan(0))
    await hears()
  })

  it('tells again once its own connection is back', async () => {
    const told: Change[] = []
    near.listen((change) => told.push(change))
    proxy.cut()
    await eventually(() => expect(gaps).toBe(1))
    far.tell({ type: 'operators' })
    await eventually(() => expect(told).toEqual([{ type: 'operators' }]))
  })

  it('ignores payloads that it does not understand', async () => {
    const client = new pg.Client({ connectionString: `${server}/${name}` })
    await client.connect()
    const bad = ['', 'no JSON', '[]', '{"from":1}', '{"from":"x","changes":[{"type":"new"},null]}']
    for (const payload of bad) await client.query('select pg_notify($1, $2)', ['sandpit', payload])
    await client.end()
    await hears()
  })
})
