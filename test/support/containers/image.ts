import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { TarArchive } from 'archiver'
import { build } from 'rolldown'
import { Agent, request } from 'undici'
import type { JsonObject } from '../../../src/domain/json/json.ts'
import { root } from '../../../src/root.ts'
import { standInModel } from './stand-in-model.ts'

export interface ImageOptions {
  /** `localhost/stand-in:1`. */
  readonly name: string
  /** What its server is told, see `stand-in.ts`, and what its labels say: `concurrency`, `gpu`, `hasInit`. */
  readonly wishes?: JsonObject
  /** Whether it has the labels that `cog build` writes. */
  readonly labeled?: boolean
  /** An image that was built here, from which this one differs by its wishes and labels. */
  readonly from?: string
}

/** Builds an image without a network: the node of the suite, the libraries that it needs, and a stand-in for Cog. */
export async function buildImage(socket: string, options: ImageOptions): Promise<void> {
  const { name, wishes = {}, labeled = true, from } = options
  const archive = new TarArchive()
  const lines = from === undefined ? await addProgram(archive) : [`FROM ${from}`]
  lines.push(`ENV STAND_IN=${quoted(JSON.stringify(wishes))}`)
  if (labeled)
    for (const [label, value] of Object.entries(cogLabels(wishes)))
      lines.push(
        `LABEL ${label}=${quoted(typeof value === 'string' ? value : JSON.stringify(value))}`,
      )
  await sendBuild(socket, name, archive, lines)
}

/** Puts the stand-in and what it needs into an archive; resolves with the lines of its Dockerfile. */
async function addProgram(archive: TarArchive): Promise<string[]> {
  const { output } = await build({
    input: `${root}/test/support/containers/stand-in.ts`,
    platform: 'node',
    write: false,
    output: { codeSplitting: false },
  })
  const lines = ['FROM scratch']
  const libraries = execFileSync('ldd', [process.execPath], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => /(\/\S+)/.exec(line.replace(/^.*=> /, ''))?.[1] ?? [])
  for (const path of [process.execPath, ...libraries]) {
    const inside = path === process.execPath ? '/node' : path
    lines.push(addFile(archive, path, inside))
  }
  archive.append(output[0].code, { name: 'main.mjs' })
  lines.push('COPY main.mjs /main.mjs', 'EXPOSE 5000', 'ENTRYPOINT ["/node", "/main.mjs"]')
  return lines
}

/** Builds an image of one program that needs no libraries. */
export async function buildSmallImage(
  socket: string,
  { name, program, args }: { name: string; program: string; args: readonly string[] },
): Promise<void> {
  const archive = new TarArchive()
  const copy = addFile(archive, program, '/program')
  const entry = `ENTRYPOINT ${JSON.stringify(['/program', ...args])}`
  await sendBuild(socket, name, archive, ['FROM scratch', copy, entry])
}

/** Puts a file of this machine into an archive; the line of the Dockerfile that copies it from there. */
function addFile(archive: TarArchive, path: string, inside: string): string {
  const name = inside.slice(1).replaceAll('/', '_')
  archive.append(readFileSync(path), { name, mode: 0o755 })
  return `COPY ${name} ${inside}`
}

async function sendBuild(
  socket: string,
  name: string,
  archive: TarArchive,
  lines: readonly string[],
): Promise<void> {
  archive.append(lines.join('\n'), { name: 'Dockerfile' })
  void archive.finalize()
  const dispatcher = new Agent({
    connect: { socketPath: socket },
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  const query = new URLSearchParams({ t: name, dockerfile: 'Dockerfile' })
  const response = await request(`http://engine/v1.41/build?${query}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-tar' },
    body: Readable.from(archive),
    dispatcher,
  })
  const text = await response.body.text()
  await dispatcher.close()
  if (response.statusCode !== 200 || /"error"/.test(text)) throw new Error(text.slice(-2_000))
}

/** In a Dockerfile: `$` begins a variable there. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll('$', '\\$')
}

/** The labels of an image that Cog has built; texts stay as they are, objects are JSON in JSON. */
export function cogLabels(wishes: JsonObject = {}) {
  const { input, output } = standInModel('')
  return {
    'run.cog.version': '0.16.8',
    'run.cog.has_init': String(wishes.hasInit !== false),
    'run.cog.config': {
      build: { gpu: wishes.gpu === true, python_version: '3.12' },
      predict: 'predict.py:Predictor',
      ...(typeof wishes.concurrency === 'number'
        ? { concurrency: { max: wishes.concurrency } }
        : {}),
    },
    'run.cog.openapi_schema': {
      openapi: '3.0.2',
      info: { title: 'Cog', version: '0.1.0' },
      paths: {},
      components: { schemas: { Input: input, Output: output } },
    },
  }
}
