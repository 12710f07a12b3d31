import { openAsBlob } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileAt, type StoredFile } from '../../../domain/file/file.ts'
import { upstreamType } from '../../../domain/file/media-type.ts'
import { isList, type Json, type JsonObject } from '../../../domain/json/json.ts'
import { listIn } from '../../../domain/json/parts.ts'
import { mapStrings, stringsIn } from '../../../domain/json/walk.ts'
import { jsonOf } from '../../parse-response.ts'
import type { Run } from '../../provider.ts'
import type { UpstreamClient } from '../../upstream/client.ts'
import { collect } from '../../upstream/collect.ts'
import type { Endpoint, EndpointInput } from '../apps/endpoint.ts'
import type { Serving } from '../apps/look.ts'

/** An input cannot be sent. The message names the field, as a sentence. */
export class NotSendable extends Error {
  override readonly name = 'NotSendable'
}

export interface InputOptions {
  readonly run: Run
  /** The run's own, for copies of its files. */
  readonly folder: string
  readonly serving: Serving
  readonly client: UpstreamClient
}

/**
 * The values of a call in their order, with the files of the input uploaded to the app. Throws `NotSendable`, and
 * `RequestError` when an upload fails.
 */
export async function callData(
  { inputs }: Endpoint,
  options: InputOptions,
): Promise<readonly Json[]> {
  const { run, folder } = options
  try {
    const uploaded = await uploads(options)
    const inPlace = (text: string) => {
      const file = fileAt(text, run.files)
      return (file && uploaded.get(file.ref)) ?? text
    }
    return inputs.map((input) => argument(input, run.input, inPlace))
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => {})
  }
}

function argument(
  { name, file, fallback }: EndpointInput,
  input: JsonObject,
  inPlace: (text: string) => Json,
): Json {
  const given = name === null ? undefined : input[name]
  if (given === undefined || given === null) return fallback
  const value = mapStrings(given, inPlace)
  if (file?.isList) return isList(value) ? value : [value]
  if (file?.member) return { [file.member]: value, subtitles: null }
  return value
}

/** By the reference of a file: the value that stands for it in the app. */
async function uploads(options: InputOptions): Promise<ReadonlyMap<string, Json>> {
  const { run } = options
  const uploaded = new Map<string, Json>()
  for (const [field, value] of Object.entries(run.input))
    for (const text of stringsIn(value)) {
      const file = fileAt(text, run.files)
      if (file && !uploaded.has(file.ref))
        uploaded.set(file.ref, fileData(file, await upload(file, field, options)))
    }
  return uploaded
}

function fileData({ name, size, ...file }: StoredFile, path: string): Json {
  const mime_type = upstreamType({ ...file, name })
  return { path, orig_name: name, size, mime_type, meta: { _type: 'gradio.FileData' } }
}

/** The path of an uploaded file in the app. */
async function upload(
  file: StoredFile,
  field: string,
  { run, folder, serving, client }: InputOptions,
): Promise<string> {
  const { url, headers, config } = serving
  if (config.maxFileBytes !== null && file.size > config.maxFileBytes)
    throw new NotSendable(tooLarge(field, config.maxFileBytes))
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const copy = join(folder, file.ref)
  await run.copyFile(file, copy)
  const { FormData } = await import('undici')
  const form = new FormData()
  form.append('files', await openAsBlob(copy, { type: upstreamType(file) }), file.name)
  const { signal } = run
  const { status, body } = await client.send(`${url}${config.prefix}/upload`, {
    method: 'POST',
    headers,
    body: form,
    signal,
  })
  const answer = await collect(body, mostAnswerBytes)
  const [path] = status === 200 ? listIn(jsonOf(answer)) : []
  if (typeof path === 'string') return path
  if (status === 413) throw new NotSendable(tooLarge(field, config.maxFileBytes))
  throw new NotSendable(`${field}: The app did not take this file (${status}).`)
}

const mostAnswerBytes = 100_000

function tooLarge(field: string, most: number | null): string {
  const limit = most === null ? '' : ` It takes at most ${sizeOf(most)}.`
  return `${field}: This file is too large for the app.${limit}`
}

function sizeOf(bytes: number): string {
  return bytes < 2 ** 20
    ? `${Math.round(bytes / 2 ** 10)} KB`
    : `${(bytes / 2 ** 20).toFixed(1).replace(/\.0$/, '')} MB`
}
