/**
 * Runs the first example of each model in a folder of models, and writes its output beside
 * `examples.json`: `npm run make:examples -- FOLDER`. The models that come with Sandpit when no folder
 * is given.
 * @module
 */
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import sharp from 'sharp'
import { fileUri, type StoredFile } from '../../src/domain/file/file.ts'
import { mapStrings } from '../../src/domain/json/walk.ts'
import type { ExampleFile, ExampleOutput } from '../../src/domain/model/example-output.ts'
import { isDescribed, type Model } from '../../src/domain/model/model.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import { ranMs } from '../../src/domain/prediction/durations.ts'
import type { Prediction } from '../../src/domain/prediction/prediction.ts'
import { root } from '../../src/root.ts'
import { storeModelAsset } from '../../src/routes/files/model-asset.ts'
import { createTestApp } from '../support/test-app.ts'
import { smallWav } from './small-wav.ts'

const folder = resolve(process.argv[2] ?? join(root, 'models'))
const longestRunMs = 120_000
/** Larger pictures are written as WebP, of the same size in pixels. */
const mostPictureBytes = 20_000

const sandpit = await createTestApp({ models: [folder] })
for (const name of readdirSync(folder)) {
  const found = (await sandpit.runner.readModels()).find(({ ref }) => ref.name === name)
  if (found && isDescribed(found) && found.examples.length > 0)
    await make(found, join(folder, name))
}
await sandpit.close()

async function make(model: Model, own: string): Promise<void> {
  const prediction = await run(model)
  const { status, error } = prediction
  if (status !== 'succeeded') throw new Error(`${modelName(model.ref)} ${status}: ${error}`)
  for (const name of readdirSync(own)) if (isExampleOutput(name)) rmSync(join(own, name))
  const used = prediction.files.filter((file) =>
    JSON.stringify(prediction.output).includes(file.ref),
  )
  const written = await Promise.all(used.map((file, index) => write(file, index, own)))
  const names = new Map(used.map((file, index) => [fileUri(file), written[index]?.name]))
  const output = mapStrings(prediction.output, (text) => {
    const name = names.get(text)
    return name === undefined ? text : `./${name}`
  })
  const seconds = Math.round(ranMs(prediction) ?? 0) / 1000
  const whole: ExampleOutput = { output, seconds, files: written }
  writeFileSync(join(own, 'example-output.json'), `${JSON.stringify(whole, null, 2)}\n`)
  process.stdout.write(`${modelName(model.ref)} ${seconds} s\n`)
}

function isExampleOutput(name: string): boolean {
  return /^example-output(?:-\d+)?\.\w+$/.test(name)
}

async function run(model: Model): Promise<Prediction> {
  const [example = {}] = model.examples
  const files: StoredFile[] = []
  const entries = Object.entries(example).map(async ([name, value]) => {
    if (typeof value !== 'string' || !value.startsWith('./')) return [name, value] as const
    const file = await storeModelAsset(sandpit.deps, model, value.slice(2), '')
    if (!file) return [name, value] as const
    files.push(file)
    return [name, fileUri(file)] as const
  })
  const input = Object.fromEntries(await Promise.all(entries))
  const request = { model, input, files, createdBy: '', source: 'web', formKey: null } as const
  const started = await sandpit.runner.start(request)
  if (!started.ok) throw new Error(`${modelName(model.ref)} was not started: ${started.reason}`)
  const settled = await sandpit.runner.settledWithin(started.prediction.id, longestRunMs)
  return settled ?? started.prediction
}

/** A WAV file of one channel and 16 bits in an eighth of its size; any other file as it is. */
function small(bytes: Buffer): Buffer {
  const isWav = bytes.subarray(0, 4).toString('latin1') === 'RIFF'
  return isWav && bytes.readUInt16LE(22) === 1 && bytes.readUInt16LE(34) === 16
    ? smallWav(bytes)
    : bytes
}

/** Writes a file of an output into the model’s folder. */
async function write(file: StoredFile, index: number, own: string): Promise<ExampleFile> {
  const content = await sandpit.files.open(file.sha256)
  const bytes = Buffer.from(await new Response(content).arrayBuffer())
  const isLarge = file.pixels !== undefined && bytes.length > mostPictureBytes
  const kept = isLarge
    ? await sharp(bytes).webp({ quality: 45, effort: 6 }).toBuffer()
    : small(bytes)
  const ending = isLarge ? 'webp' : (file.name.split('.').at(-1) ?? 'bin')
  const name = `example-output-${index + 1}.${ending}`
  writeFileSync(join(own, name), kept)
  return { name, size: kept.length, ...file.pixels }
}
