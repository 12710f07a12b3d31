/**
 * Reads a large answer about a prediction beside the event loop: a worker that writes files and a
 * large output to a folder, and answers the rest.
 * @module
 */
import { createHash, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { fileUri } from '../domain/file.ts'
import { newId } from '../domain/id.ts'
import { inlineBytes } from '../domain/inline-file.ts'
import { isList, isObject, type Json, type JsonObject } from '../domain/json.ts'
import { isLarge } from '../domain/large-output.ts'
import { extensionOf } from '../domain/output-file.ts'
import { isSettled, statuses } from '../domain/prediction.ts'
import { type AnswerRead, type AnswerReading, type HeldFile, jsonOf } from './answers.ts'
import { writeOutput } from './write-output.ts'

const reading = workerData as AnswerReading
parentPort?.postMessage(read(reading))

function read({ bytes, folder, salt, addresses }: AnswerReading): AnswerRead {
  const json = jsonOf(bytes)
  if (!isObject(json)) return { json: json === undefined ? json : null, large: null, held: [] }
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { output: whole = null, input: _input, ...others } = json
  const rest = withoutLarge(others)
  const holding = createHolding(folder, salt)
  const output = holding.taken(whole)
  const held = holding.files()
  if (!isLarge(output)) return { json: { ...rest, output }, large: null, held }
  // A part of a large output is not kept: all of it comes again in the end.
  if (!hasEnded(rest)) return { json: rest, large: null, held: [] }
  if (holdsText(output, (text) => leadsToFile(text, addresses)))
    return { json: { ...rest, output }, large: null, held }
  const path = join(folder, randomUUID())
  const refs = held.map(({ ref }) => ref)
  return { json: rest, large: { path, excerpt: writeOutput(output, path), refs }, held }
}

function withoutLarge(members: JsonObject): JsonObject {
  const small = Object.entries(members).filter(
    ([, value]) => typeof value === 'string' || !isLarge(value),
  )
  return Object.fromEntries(small)
}

function hasEnded(rest: JsonObject): boolean {
  const status = statuses.find((one) => one === rest.status)
  return status === undefined || isSettled({ status })
}

function leadsToFile(text: string, addresses: AnswerReading['addresses']): boolean {
  if (!/^https?:\/\//i.test(text)) return false
  const head = text.slice(0, 1_000)
  return addresses === 'all' || addresses.some((part) => head.includes(part))
}

function holdsText(value: Json, is: (text: string) => boolean): boolean {
  if (typeof value === 'string') return is(value)
  if (typeof value !== 'object' || value === null) return false
  const members = isList(value) ? value : Object.values(value)
  return members.some((member) => holdsText(member, is))
}

/** Takes files out of an output that holds them as data: references stand in their places. */
function createHolding(folder: string, salt: string) {
  const held = new Map<string, HeldFile>()

  function hold(uri: string, type: string): HeldFile {
    const digest = createHash('sha256').update(`${salt}\n`).update(uri).digest()
    const ref = newId(digest)
    const known = held.get(ref)
    if (known) return known
    const count = held.size === 0 ? '' : `-${held.size + 1}`
    const path = join(folder, ref)
    const file = { ref, name: `output${count}.${extensionOf(type)}`, path }
    held.set(ref, file)
    if (existsSync(path)) return file
    const unfinished = join(folder, randomUUID())
    const inline = { inline: 0, uri, name: file.name, type, size: 0 }
    writeFileSync(unfinished, inlineBytes(inline), { mode: 0o600 })
    renameSync(unfinished, path)
    return file
  }

  function taken(value: Json): Json {
    if (typeof value === 'string') {
      const type = dataType(value)
      return type === null ? value : fileUri(hold(value, type))
    }
    if (isList(value)) return value.map(taken)
    if (!isObject(value)) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, taken(item)] as const),
    )
  }

  return { taken, files: () => [...held.values()] }
}

/** What a `data:` URI says that it is; null for any other text. */
function dataType(text: string): string | null {
  if (!/^data:/i.test(text)) return null
  const [head, type = ''] =
    /^data:([a-z]+\/[\w.+-]+)?(?:;[\w-]+=[^;,\s]*)*(?:;base64)?,/i.exec(text.slice(0, 300)) ?? []
  return head === undefined || (type === '' && !head.includes(';base64'))
    ? null
    : type.toLowerCase() || 'application/octet-stream'
}
