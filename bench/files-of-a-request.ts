/**
 * Counts our files that one run of a model passes through: `npx tsx bench/files-of-a-request.ts`. A
 * visitor presses Run, is redirected to the prediction's page and requests its settled
 * panel. A file counts when one of its functions is called meanwhile, by V8's precise coverage. The
 * process of the model is not counted.
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { compose } from '../src/compose.ts'
import { readConfig } from '../src/config.ts'
import { root } from '../src/root.ts'
import { listen } from '../test/support/listen.ts'
import { writeModels } from '../test/support/models.ts'
import { askOnce } from './support/connection.ts'
import { noop } from './support/models.ts'
import { createVisitor } from './support/visitor.ts'

const folders = [writeModels(noop), mkdtempSync(join(tmpdir(), 'sandpit-bench-'))]
const [models = '', data = ''] = folders
try {
  const files = await filesOfARun()
  process.stdout.write(`${files.join('\n')}\n\n${files.length} files\n`)
} finally {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
}
process.exit()

async function filesOfARun(): Promise<string[]> {
  const reading = readConfig({ SANDPIT_MODELS: models, SANDPIT_DATA: data })
  if (!reading.ok) throw new Error(reading.problems.join('\n'))
  const { app, deps, close } = await compose(reading.config, {
    environment: {},
    now: Date.now,
    chance: Math.random,
    log: { info() {}, error: (details, message) => console.error(message, details) },
  })
  await deps.runner.readModels()
  const { port, close: stopListening } = await listen({ app })
  const visitor = await createVisitor(port, 'bench/noop')
  await visitor.finish({ text: 'the model’s process starts' })
  const files = await filesExecuted(async () => {
    const path = await visitor.start({ text: 'counted' })
    await askOnce(port, visitor.get(path))
    await askOnce(port, visitor.get(`${path}/panel`))
  })
  await stopListening()
  await close({ runs: 0, webhooks: 0, noticed: 0 })
  return files
}

/** Our files with a function that is called during `act`, without folder and extension. */
async function filesExecuted(act: () => Promise<void>): Promise<string[]> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
  await act()
  const { result } = await session.post('Profiler.takePreciseCoverage')
  session.disconnect()
  return result
    .filter(({ functions }) => functions.some(wasCalled))
    .map(({ url }) => relative(root, url.replace(/^file:\/\//, '')).replace(/\.tsx?$/, ''))
    .filter((name) => /^(?:src|views)\//.test(name))
    .sort()
}

function wasCalled({ ranges }: { readonly ranges: readonly { readonly count: number }[] }) {
  return ranges.some(({ count }) => count > 0)
}
