/**
 * Reads a large answer of a container beside the event loop: a worker that writes a large output to a
 * file, and answers the rest.
 * @module
 */
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { isList, isObject, type Json } from '../../domain/json.ts'
import {
  addedTo,
  type Excerpt,
  emptyList,
  excerptOf,
  gathered,
  isLarge,
  listExcerpt,
  piecesOfItems,
  piecesOfJson,
  piecesOfText,
} from '../../domain/large-output.ts'
import type { AnswerRead, AnswerReading } from './large-answer.ts'
import { jsonOf } from './wire.ts'

const reading = workerData as AnswerReading
const read = readLarge(reading)
if (read) parentPort?.postMessage(read)
else parentPort?.postMessage({ bytes: reading.bytes } satisfies AnswerRead, [reading.bytes.buffer])

function readLarge({ bytes, path, origin, hasFiles }: AnswerReading): AnswerRead | null {
  const json = jsonOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))
  if (!isObject(json)) return null
  const { output = null, input: _input, ...rest } = json
  const isFile = (text: string) =>
    text.startsWith('data:') ||
    text.startsWith(`${origin}/`) ||
    (hasFiles && /^https?:/i.test(text))
  if (!isLarge(output) || holdsText(output, isFile)) return null
  return { json: rest, large: { path, excerpt: write(output, path) } }
}

function holdsText(value: Json, is: (text: string) => boolean): boolean {
  if (typeof value === 'string') return is(value)
  if (typeof value !== 'object' || value === null) return false
  const members = isList(value) ? value : Object.values(value)
  return members.some((member) => holdsText(member, is))
}

function write(value: Json, path: string): Excerpt {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const file = openSync(path, 'w', 0o600)
  try {
    return isList(value) ? writeList(value, file) : writeOne(value, file)
  } finally {
    closeSync(file)
  }
}

function writeOne(value: Exclude<Json, readonly Json[]>, file: number): Excerpt {
  const excerpt = excerptOf(value)
  const isText = excerpt.form === 'text' && typeof value === 'string'
  for (const piece of gathered(isText ? piecesOfText(value) : piecesOfJson(value)))
    writeFileSync(file, piece)
  return excerpt
}

function writeList(items: readonly Json[], file: number): Excerpt {
  writeFileSync(file, '[')
  for (const piece of gathered(piecesOfItems(items, true))) writeFileSync(file, piece)
  writeFileSync(file, '\n]\n')
  return listExcerpt(items, [], addedTo(emptyList, items))
}
