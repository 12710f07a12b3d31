import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Sandpit, startSandpit } from './support.ts'

/** The models of this file: what their images wish. */
const models = {
  mortal: { hasInit: false },
  unready: { setupFails: true },
  crashing: { crashes: true },
  painter: { gpu: true },
  dreamer: { gpu: true, greeting: 'dream' },
}

let sandpit: Sandpit
/** A run of each. Those that fail do so after three tries with pauses: all at once. */
const runs = new Map<string, string>()
beforeAll(async () => {
  sandpit = await startSandpit({ environment: { SANDPIT_GPUS: '0' } })
  for (const [name, wishes] of Object.entries(models)) {
    const image = `localhost/team/${name}:1`
    await sandpit.build({ name: image, wishes })
    await sandpit.add(name, image)
    runs.set(name, (await sandpit.run(`team/${name}`, { name: 'ann', die: true })).id)
  }
})
afterAll(() => sandpit.end())

async function failureOf(name: keyof typeof models): Promise<string | null> {
  const { status, error } = await sandpit.settled(runs.get(name) ?? '')
  expect(status).toBe('failed')
  return error
}

it('fails a run whose container is killed from inside, and runs the next one in another', async () => {
  expect(await failureOf('mortal')).toMatch(/^Its container stopped during this run/)
  const { id } = await sandpit.run('team/mortal', { name: 'bob' })
  expect((await sandpit.settled(id)).output).toBe('hello bob')
})

it('shows the log of a set-up that fails', async () => {
  expect(await failureOf('unready')).toMatch(/RuntimeError: no such file: weights\.safetensors/)
  expect(await sandpit.page('/team/unready')).toContain('RuntimeError: no such file')
})

it('ends the wait for a container that keeps crashing, with how it ended and its last line', async () => {
  const sentence =
    'Its container ended with exit code 3. It last wrote: ImportError: libcudart.so.12: cannot open shared object file'
  expect(await failureOf('crashing')).toBe(sentence)
  const { id } = await sandpit.run('team/crashing', { name: 'bob' })
  expect((await sandpit.settled(id)).error).toBe(sentence)
})

it('runs no model that needs a GPU without one, where the engine ignores requests for GPUs', async () => {
  for (const name of ['painter', 'dreamer'] as const)
    expect(await failureOf(name)).toMatch(/this engine takes no requests for GPUs/)
})
