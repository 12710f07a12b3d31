import { createLocalProvider } from '../../../src/providers/local/local.ts'

/**
 * A server without pages, as a process of its own: it runs a model and says at the end, as one
 * line of JSON, how that went and how much memory it took of this process.
 *
 * Arguments: a folder of models, a folder for data, the names of the models to run in order.
 */
const [models = '', data = '', ...names] = process.argv.slice(2)

const provider = createLocalProvider({
  roots: [models],
  folder: data,
  environment: { WORKSHOP: models },
  now: Date.now,
})
const reports = []
for (const name of names) reports.push(await runOne(name))
await provider.close()
process.stdout.write(`${JSON.stringify(reports)}\n`)

async function runOne(name: string) {
  const model = await provider.find({ owner: 'test', name })
  if (!model) throw new Error(`There is no model ${name}`)
  const before = process.memoryUsage().rss
  const report = { error: '', logs: 0, items: 0, outOfOrder: 0, growthMb: 0, ms: 0 }
  const began = performance.now()
  const run = {
    id: name,
    version: model.version,
    deployment: null,
    attempt: 1,
    remote: null,
    known: { chunks: 0, units: 0, logs: 0 },
    callbackUrl: null,
    fileUrl: () => null,
    runModel: async () => ({ ok: false, error: 'There are no other models.' }) as const,
    deadline: Date.now() + 60_000,
    input: {},
    files: [],
    signal: new AbortController().signal,
    copyFile: () => Promise.reject(new Error('No files here')),
    keepFile: () => Promise.reject(new Error('No files here')),
  }
  for await (const occurrence of provider.run(run)) {
    if (occurrence.type === 'failed') report.error = occurrence.error
    if (occurrence.type === 'logged') report.logs += occurrence.text.length
    if (occurrence.type === 'emitted')
      for (const chunk of occurrence.chunks)
        if (Number.parseInt(String(chunk), 10) !== report.items++) report.outOfOrder++
    const grown = Math.round((process.memoryUsage().rss - before) / 2 ** 20)
    report.growthMb = Math.max(report.growthMb, grown)
  }
  report.ms = Math.round(performance.now() - began)
  return report
}
