import { objectIn, textIn } from '../../../src/domain/json/parts.ts'
import { type Part, type ProviderSetUp, parts } from '../conformance.ts'
import {
  type AppFunction,
  anything,
  file,
  type StandIn,
  startApp,
  text,
  whole,
  work,
} from '../gradio/support/app.ts'
import { gradioOver } from '../gradio/support/provider.ts'

/** Each part of the conformance suite, as a function of an app. */
const functions: Readonly<Record<Part, AppFunction>> = {
  echo: { inputs: { text }, output: text, run: async ({ data: [given = ''] }) => given },
  stream: {
    inputs: { count: whole },
    output: anything,
    isGenerator: true,
    async run({ data: [count], make, signal }) {
      const items: string[] = []
      for (let item = 1; item <= Number(count); item++) {
        items.push(`${item} `)
        make([...items])
        await work(30, signal)
      }
      return items
    },
  },
  report: {
    inputs: {},
    output: text,
    async run({ send, log, signal }) {
      send({ msg: 'progress', progress_data: [{ index: 1, length: 2, desc: 'Steps' }] })
      log('step 1')
      await work(30, signal)
      log('step 2')
      return 'reported'
    },
  },
  fail: {
    inputs: { reason: text },
    output: text,
    async run({ data: [reason] }) {
      throw new Error(String(reason))
    },
  },
  slow: {
    inputs: {},
    output: text,
    isGenerator: true,
    async run({ log, signal }) {
      log('working')
      await work(60_000, signal)
      return 'done'
    },
  },
  copy: {
    inputs: { file },
    output: file,
    async run({ data: [given = null], uploaded, file: made }) {
      const { path, orig_name: name } = objectIn(given)
      return made(`copied-${textIn(name)}`, uploaded(textIn(path)))
    },
  },
  garbage: { inputs: {}, output: text, run: async () => 42 },
  vanish: {
    inputs: {},
    output: text,
    async run({ log, signal, die }) {
      log('working')
      await work(20, signal)
      die()
      return 'done'
    },
  },
}

/** The parts of the conformance suite, each in apps of its own. */
export async function setUpGradio(): Promise<ProviderSetUp> {
  const apps: { part: Part; app: StandIn }[] = []
  for (const part of [...parts, 'slow'] as const)
    apps.push({ part, app: await startApp({ [part]: functions[part] }) })
  const { provider, close } = gradioOver({
    models: apps.map(({ part, app }) => [`test/${part}`, `${app.url}#/${part}`] as const),
  })
  return {
    provider,
    model: (part) => ({ owner: 'test', name: part }),
    working: () =>
      apps.filter(({ part }) => part === 'slow').reduce((sum, { app }) => sum + app.working(), 0),
    async close() {
      await close()
      for (const { app } of apps) app.kill()
    },
  }
}
