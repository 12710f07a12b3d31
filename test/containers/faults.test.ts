import { afterAll, beforeAll, expect, it } from 'vitest'
import { standIn } from '../support/containers/stand-in-image.ts'
import { eventually } from '../support/eventually.ts'
import { type Sandpit, startSandpit } from './support.ts'

const model = 'team/lasting'
/** As long as a server takes to be killed and started again on a busy machine. */
const longMs = 10_000

let sandpit: Sandpit
beforeAll(async () => {
  sandpit = await startSandpit({ environment: { SANDPIT_GPUS: '0' } })
  await sandpit.add('lasting', standIn)
})
afterAll(() => sandpit.end())

const own = async () => (await sandpit.containers()).filter((one) => one.model === model)

/** A run that its container works on, and the container. */
async function working(ms: number) {
  const { id } = await sandpit.run(model, { name: 'ann', ms })
  await eventually(async () => expect((await sandpit.find(id)).logs).toContain('greeting ann'))
  const [container] = await own()
  if (!container) throw new Error('It has no container')
  return { id, container }
}

it('goes on with the container and its run after it was killed', async () => {
  const { id, container } = await working(longMs)
  await sandpit.stop('SIGKILL')
  await sandpit.start()
  const { status, error, output } = await sandpit.settled(id)
  expect(error).toBeNull()
  expect(status).toBe('succeeded')
  expect(output).toBe('hello ann')
  // It was there all the time: nothing booted.
  expect(await own()).toEqual([container])
})

it('finishes what runs while its engine is away, and starts more once it is back', async () => {
  const { id, container } = await working(longMs)
  await sandpit.podman.kill()
  const { status } = await sandpit.settled(id)
  expect(status).toBe('succeeded')
  await sandpit.podman.start()
  const next = await sandpit.run(model, { name: 'bob' })
  expect((await sandpit.settled(next.id)).output).toBe('hello bob')
  expect(await own()).toEqual([container])
})
