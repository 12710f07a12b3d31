import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createGuard } from '../../../../src/outbound/guard.ts'
import { createCogProvider } from '../../../../src/providers/cog/cog.ts'
import { asking, hastyLimits, hello } from '../../support/cog-models.ts'
import { cogServer } from '../../support/cog-sandpit.ts'
import type { CogServer } from '../../support/cog-server.ts'
import { eventually } from '../../support/eventually.ts'

const refTo = (name: string) => ({ owner: 'team', name })

/** A provider of models at containers, with its containers as the settings list them. */
function containersOf(models: Readonly<Record<string, readonly CogServer[]>>) {
  const folder = mkdtempSync(join(tmpdir(), 'sandpit-cog-upstreams-'))
  const provider = createCogProvider({
    models: Object.entries(models).flatMap(([name, servers]) =>
      servers.map(({ origin: url }) => ({ ref: refTo(name), url })),
    ),
    records: { all: () => [] },
    folder,
    guard: createGuard({ allow: [] }),
    now: Date.now,
    limits: hastyLimits,
  })
  onTestFinished(async () => {
    await provider.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return async () => (await provider.upstreams?.()) ?? []
}

it('are listed once each, with all of their models, and take no key', async () => {
  const [one, two] = [await cogServer({ model: hello }), await cogServer({ model: hello })]
  const listed = containersOf({ a: [one, two], b: [one] })
  await eventually(async () => (await listed()).every(({ kind }) => kind === 'works'))
  const state = { kind: 'works', sentence: 'It takes runs.' }
  const own = { ...state, title: 'Cog container', takesKey: false }
  expect(await listed()).toEqual([
    { ...own, address: one.origin, models: [refTo('a'), refTo('b')] },
    { ...own, address: two.origin, models: [refTo('a')] },
  ])
})

it('say how they are: starting, ready, failed and gone', async () => {
  const server = await cogServer({ model: hello, booting: true })
  const listed = containersOf({ model: [server] })
  const says = (kind: string, words: string) =>
    eventually(async () => {
      const [state] = await listed()
      return state?.kind === kind && state.sentence.includes(words)
    })
  await says('starting', 'still setting its model up')
  server.become('READY')
  await says('works', 'takes runs')
  server.become('SETUP_FAILED', 'No weights')
  await says('trouble', 'No weights')
  await server.kill()
  await says('trouble', 'cannot be reached')
})

it('of another schema than their model say that they get no runs', async () => {
  const other = { ...hello, input: asking({ title: { type: 'string' } }) }
  const servers = [await cogServer({ model: hello }), await cogServer({ model: other })]
  const listed = containersOf({ model: servers })
  const sentences = async () => (await listed()).map(({ sentence }) => sentence).toSorted()
  await eventually(async () => (await sentences()).includes('It takes runs.'))
  await eventually(async () =>
    (await sentences()).some((one) => one.includes('a different schema')),
  )
})
