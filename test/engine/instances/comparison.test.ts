import type { ServerResponse } from 'node:http'
import { expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { image, startMachine, workload } from './machine.ts'

const one = workload()

type Machine = Awaited<ReturnType<typeof startMachine>>

/** Holds back the lists of containers that an engine is asked for. */
function holdLists({ engine }: Machine) {
  const held: ServerResponse[] = []
  engine.intercept((request, response) => {
    if (!request.url?.includes('/containers/json')) return false
    held.push(response)
    return true
  })
  return {
    held,
    /** Answers with no containers, as there were none when the lists were asked for. */
    release(): void {
      engine.intercept(null)
      for (const response of held) response.end('[]')
    },
  }
}

/** A server whose list of containers is asked for, and not answered yet. */
async function startComparing() {
  const machine = await startMachine()
  const server = machine.serve([one])
  await eventually(() => expect(machine.engine.asked).toContain('GET /events'))
  const { held, release } = holdLists(machine)
  await eventually(() => expect(held).toHaveLength(1))
  return { machine, server, held, release }
}

const listsOf = ({ engine }: Machine) =>
  engine.asked.filter((one) => one === 'GET /containers/json').length

it('takes no container for gone that has started since its engine made its list', async () => {
  const { machine, server, release } = await startComparing()
  await server.slot(one)
  release()
  const before = listsOf(machine)
  await eventually(() => expect(listsOf(machine)).toBeGreaterThan(before))
  expect(server.failuresOf(one.key)).toEqual([])
  expect(server.of(one.model)).toMatchObject([{ phase: 'ready' }])
})

it('asks for one list at a time, however many containers end', async () => {
  const { machine, server, held, release } = await startComparing()
  for (const name of ['a', 'b', 'c', 'd']) {
    const unknown = await machine.engine.run(name, {
      Image: image.id,
      Labels: { 'sandpit.server': 'me' },
    })
    await unknown.end(1)
  }
  // The events before are read by then.
  await server.slot(one)
  expect(held).toHaveLength(1)
  release()
  await eventually(() => expect(machine.engine.containers()).toHaveLength(1))
})
