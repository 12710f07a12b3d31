/**
 * A worker that parses a large response about a prediction, writes its files and a large output to a
 * folder, and posts the rest back.
 * @module
 */
import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { isObject, type Json, type JsonObject } from '../domain/json/json.ts'
import { someValue } from '../domain/json/walk.ts'
import { isLarge } from '../domain/output/large-output.ts'
import { isSettled, statuses } from '../domain/prediction/prediction.ts'
import { createFileExtractor } from './file-extractor.ts'
import { jsonIn, type ResponseWorkerInput, type ResponseWorkerOutput } from './response-reader.ts'
import { writeOutput } from './write-output.ts'

const reading = workerData as ResponseWorkerInput
parentPort?.postMessage(read(reading))

function read({
  bytes,
  folder,
  salt,
  addresses,
  shape,
}: ResponseWorkerInput): ResponseWorkerOutput {
  const json = jsonIn(bytes, shape)
  if (!isObject(json)) return { json: json === undefined ? json : null, large: null, held: [] }
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { output: whole = null, input: _input, ...others } = json
  const rest = withoutLarge(others)
  const holding = createFileExtractor(folder, salt)
  const output = holding.extract(whole)
  const held = holding.files()
  if (!isLarge(output)) return { json: { ...rest, output }, large: null, held }
  // A partial large output is dropped: the complete one comes at the end.
  if (!hasEnded(rest)) return { json: rest, large: null, held: [] }
  if (someValue(output, (value) => leadsToFile(value, addresses)))
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

function leadsToFile(text: Json, addresses: ResponseWorkerInput['addresses']): boolean {
  if (typeof text !== 'string' || !/^https?:\/\//i.test(text)) return false
  const head = text.slice(0, 1_000)
  return addresses === 'all' || addresses.some((part) => head.includes(part))
}
