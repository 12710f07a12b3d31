import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Part, ProviderSetUp } from '../conformance.ts'
import { createWorkshop, isAlive } from './workshop.ts'

const wait = `import { setTimeout as wait } from 'node:timers/promises'`
const files = `import { copyFileSync, rmSync, writeFileSync } from 'node:fs'`

/** Each part of the conformance suite: what comes before the definition, and its members. */
const definitions: Readonly<Record<Part, readonly [before: string, definition: string]>> = {
  echo: ['', 'input: z.object({ text: z.string() }), copies: 4, run: ({ text }) => text,'],
  stream: [
    wait,
    `input: z.object({ count: z.int() }),
  async *run({ count }) {
    for (let item = 1; item <= count; item++) {
      yield item + ' '
      await wait(30)
    }
  },`,
  ],
  report: [
    wait,
    `async run(_, ctx) {
    ctx.log('step 1')
    ctx.progress(0.5)
    await wait(30)
    console.log('step 2')
    return 'reported'
  },`,
  ],
  fail: [
    '',
    'input: z.object({ reason: z.string() }), run({ reason }) { throw new Error(reason) },',
  ],
  slow: [
    `${wait}\n${files}`,
    `env: ['WORKSHOP'], copies: 2,
  async run(_, ctx) {
    const mark = process.env.WORKSHOP + '/working/' + process.pid
    writeFileSync(mark, '')
    ctx.log('working')
    try {
      await wait(60_000, undefined, { signal: ctx.signal })
    } finally {
      rmSync(mark)
    }
    return 'done'
  },`,
  ],
  copy: [
    files,
    `input: z.object({ file: file() }), output: file(),
  run({ file }, ctx) {
    copyFileSync(file.path, file.path + '.copy')
    return ctx.file(file.path + '.copy', { name: 'copied-' + file.name })
  },`,
  ],
  garbage: ['', 'run: () => 42 as unknown as string,'],
  vanish: ['', `async run(_, ctx) { ctx.log('working'); process.kill(process.pid, 'SIGKILL') },`],
}

/** The local provider with a model for each part. */
export async function setUpLocal(): Promise<ProviderSetUp> {
  const workshop = await createWorkshop()
  const working = join(workshop.folder, 'working')
  mkdirSync(working)
  for (const [name, [before, definition]] of Object.entries(definitions))
    workshop.model(name, definition, before)
  return {
    provider: workshop.provider,
    model: (part) => ({ owner: 'test', name: part }),
    working: () => readdirSync(working).filter((pid) => isAlive(Number(pid))).length,
    close: workshop.close,
  }
}
