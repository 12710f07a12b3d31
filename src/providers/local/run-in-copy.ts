import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileRef, fileUri, safeFileName } from '../../domain/file.ts'
import { newId } from '../../domain/id.ts'
import { isList, isObject, type Json } from '../../domain/json.ts'
import {
  type AnyModel,
  asModelFile,
  isModelFile,
  type ModelFile,
  type RunContext,
} from './define-model.ts'
import { logLine, type Outbox } from './outbox.ts'
import type { CopiedFile, MadeFile, ToCopy } from './protocol.ts'

type RunMessage = Extract<ToCopy, { type: 'run' }>

/** Runs the model once; `finished` rejects with what the model threw. */
export function startRun(model: AnyModel, message: RunMessage, input: Json, outbox: Outbox) {
  const controller = new AbortController()
  const files = createFiles(message)
  const context: RunContext = {
    signal: controller.signal,
    file: files.create,
    log: (...parts) => outbox.log(logLine(parts)),
    progress: (progress) =>
      outbox.progress(typeof progress === 'number' ? { fraction: progress } : progress),
  }

  async function run(): Promise<void> {
    const parsed = model.input.safeParse(files.received(input))
    if (!parsed.success) throw new Error(`The input does not fit: ${sentence(parsed.error)}`)
    const result = await model.run(parsed.data as never, context)
    if (isGenerator(result)) await deliverAll(result)
    else await deliver(result)
    await outbox.flush()
  }

  async function deliverAll(items: AsyncIterable<unknown> | Iterable<unknown>): Promise<void> {
    for await (const item of items) {
      if (controller.signal.aborted) return
      await deliver(item)
    }
  }

  async function deliver(item: unknown): Promise<void> {
    const parsed = model.output.safeParse(item)
    if (!parsed.success)
      throw new Error(
        `What the model made does not fit its output schema: ${sentence(parsed.error)}`,
      )
    const sent = await files.sent(parsed.data)
    if (sent.value !== undefined) await outbox.deliver(sent.value, sent.made)
  }

  return { finished: run(), cancel: () => controller.abort() }
}

/** The run's files: what came in as objects with a path, what goes out as references. */
function createFiles({ folder, files }: RunMessage) {
  const received = new Map(files.map(({ file, path }) => [file.ref, toModelFile(file, path)]))
  const unwritten = new Map<ModelFile, Uint8Array>()

  function create(content: Uint8Array | string, { name }: { readonly name: string }): ModelFile {
    const own = typeof content !== 'string'
    const path = own ? join(folder, newId(randomBytes(16))) : resolve(folder, content)
    if (!own && !existsSync(path)) throw new Error(`There is no file at ${path}`)
    const file = asModelFile({ name: safeFileName(name), path })
    if (own) unwritten.set(file, content)
    return file
  }

  function toInput(json: Json): unknown {
    const ref = fileRef(json)
    if (ref) return received.get(ref) ?? json
    if (isList(json)) return json.map(toInput)
    if (!isObject(json)) return json
    return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, toInput(value)]))
  }

  async function toOutput(value: unknown, made: MadeFile[]): Promise<Json | undefined> {
    if (isModelFile(value)) return keep(value, made)
    if (Array.isArray(value))
      return Promise.all(value.map(async (item) => (await toOutput(item, made)) ?? null))
    if (typeof value !== 'object' || value === null) return value as Json | undefined
    if ('toJSON' in value && typeof value.toJSON === 'function') return value.toJSON() as Json
    const entries = Object.entries(value).map(
      async ([key, item]) => [key, await toOutput(item, made)] as const,
    )
    return Object.fromEntries(
      (await Promise.all(entries)).flatMap(([key, item]) =>
        item === undefined ? [] : [[key, item]],
      ),
    )
  }

  async function keep(file: ModelFile, made: MadeFile[]): Promise<string> {
    const content = unwritten.get(file)
    if (content) await writeFile(file.path, content)
    unwritten.delete(file)
    const ref = newId(randomBytes(16))
    made.push({ ref, name: file.name, path: file.path })
    return fileUri({ ref, name: file.name })
  }

  return {
    create,
    received: toInput,
    async sent(value: unknown) {
      const made: MadeFile[] = []
      return { value: await toOutput(value, made), made }
    },
  }
}

function toModelFile({ name, type }: CopiedFile['file'], path: string): ModelFile {
  return asModelFile({ name, type, path })
}

function isGenerator(value: unknown): value is AsyncIterable<unknown> | Iterable<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    /Generator/.test(Object.prototype.toString.call(value))
  )
}

function sentence(error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] }) {
  const [issue] = error.issues
  const path = issue?.path.map(String).join('.')
  return path ? `${path}: ${issue?.message}` : (issue?.message ?? 'it is not what was asked for')
}
