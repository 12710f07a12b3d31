import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Part, ProviderSetUp } from '../conformance.ts'
import { providerOver } from './replica.ts'
import { type ScriptedModel, startReplicate } from './replicate-server.ts'

const text = { type: 'string' }
const file = { type: 'string', format: 'uri' }
const texts = {
  type: 'array',
  items: text,
  'x-cog-array-type': 'iterator',
  'x-cog-array-display': 'concatenate',
}

/** Each part of the conformance suite, at a scripted Replicate. */
export const parts: Readonly<Record<Part, ScriptedModel>> = {
  echo: { input: { text }, run: (run) => run.make(run.input.text ?? null) },
  stream: {
    input: { count: { type: 'integer' } },
    output: texts,
    async run(run) {
      run.state.streams = true
      for (let item = 1; item <= Number(run.input.count); item++) {
        run.write(`${item} `)
        await run.work(30)
      }
    },
  },
  report: {
    async run(run) {
      run.log('step 1\n 50%|█████     | 1/2 [00:00<00:00,  9.9it/s]\n')
      await run.work(300)
      run.log('step 2\n')
      run.make('reported')
    },
  },
  fail: {
    input: { reason: text },
    run(run) {
      run.log(`Traceback (most recent call last):\nValueError: ${run.input.reason}\n`)
      run.fail(String(run.input.reason))
    },
  },
  slow: {
    async run(run) {
      run.log('working\n')
      await run.work(60_000)
    },
  },
  copy: { input: { file }, output: file },
  garbage: {
    output: text,
    run: (run) => run.make(42),
  },
  vanish: {
    async run(run) {
      run.log('working\n')
      await run.work(60_000)
    },
  },
}

/** The replicate provider over a scripted Replicate with a model for each part. */
export async function setUpReplicate(): Promise<ProviderSetUp> {
  const folder = mkdtempSync(join(tmpdir(), 'sandpit-replicate-'))
  const copy: ScriptedModel = {
    ...parts.copy,
    run(run) {
      const id = String(run.input.file).split('/').at(-1) ?? ''
      const given = server.files.get(id)
      if (!given) throw new Error('There is no such file')
      const name = `copied-${given.name}`
      server.files.set(name, given)
      run.make(`${server.origin}/v1/files/${name}`)
    },
  }
  const named = Object.entries({ ...parts, copy }).map(([name, model]) => [`test/${name}`, model])
  const server = await startReplicate(Object.fromEntries(named))
  // A model that was found disappears before it is requested again.
  server.fail(({ path }) => {
    const run = server.runs().find(({ id }) => path === `predictions/${id}`)
    if (run?.json().model !== 'test/vanish' || run.state.logs === '') return null
    setImmediate(() => server.forget(run.id))
    return null
  })
  const saved = Object.keys(parts).map((part) => `test/${part}`)
  const provider = providerOver(server, folder, { saved })
  return {
    provider,
    model: (part) => ({ owner: 'test', name: part }),
    working: () =>
      server
        .runs()
        .filter(({ state, json }) => state.status === 'processing' && json().model === 'test/slow')
        .length,
    async close() {
      await provider.close()
      await server.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
