import { openAsBlob } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileAt, type StoredFile } from '../../../domain/file/file.ts'
import { upstreamType } from '../../../domain/file/media-type.ts'
import { isObject, type Json, type JsonObject } from '../../../domain/json/json.ts'
import { textIn } from '../../../domain/json/parts.ts'
import { jsonOf } from '../../parse-response.ts'
import type { Run } from '../../provider.ts'
import type { UpstreamClient } from '../../upstream/client.ts'
import { collect } from '../../upstream/collect.ts'
import { RequestError } from '../../upstream/request-error.ts'
import type { ComfyLimits } from '../limits.ts'
import type { Server } from '../servers/server.ts'
import type { WorkflowField } from '../workflow/choose.ts'

export interface UploadOptions {
  readonly run: Run
  readonly fields: readonly WorkflowField[]
  readonly server: Server
  readonly client: UpstreamClient
  readonly limits: ComfyLimits
  /** The run's own, for copies of its files. It is removed at the end. */
  readonly folder: string
}

export type Uploaded =
  | { readonly ok: true; readonly input: JsonObject }
  /** Names the field that cannot be sent. */
  | { readonly ok: false; readonly error: string }

/** Uploads the files of a run; returns its input with the names that they have at the server. */
export async function uploadFiles(options: UploadOptions): Promise<Uploaded> {
  const { run, fields, folder } = options
  const input: Record<string, Json> = { ...run.input }
  try {
    for (const { name, schema } of fields) {
      if (schema.format !== 'uri' || input[name] === undefined || input[name] === null) continue
      const file = fileAt(input[name], run.files)
      if (!file) return { ok: false, error: `${name}: This is not a file.` }
      const sent = await upload(file, options)
      if (!sent.ok) return { ok: false, error: `${name}: ${sent.error}` }
      input[name] = sent.name
    }
    return { ok: true, input }
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => {})
  }
}

type Sent =
  | { readonly ok: true; readonly name: string }
  | { readonly ok: false; readonly error: string }

const mostAnswerBytes = 2 ** 16

/** Throws `RequestError`. */
async function upload(file: StoredFile, options: UploadOptions): Promise<Sent> {
  const { run, server, client, limits, folder } = options
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, file.ref)
  await run.copyFile(file, path)
  const form = await client.form()
  form.append('image', await openAsBlob(path, { type: upstreamType(file) }), plainName(file))
  form.append('type', 'input')
  form.append('subfolder', `sandpit/${run.id}`)
  form.append('overwrite', 'true')
  const signal = AbortSignal.any([run.signal, AbortSignal.timeout(limits.uploadMs)])
  const { status, body } = await client.send(`${server.url}/upload/image`, {
    method: 'POST',
    headers: server.headers(),
    body: form,
    signal,
  })
  const json = jsonOf(await collect(body, mostAnswerBytes))
  if (status === 413) return { ok: false, error: 'This file is too large for its server.' }
  if (status !== 200 || !isObject(json) || typeof json.name !== 'string')
    throw new RequestError(`it refused a file (${status})`, true)
  const folderThere = textIn(json.subfolder)
  return { ok: true, name: folderThere === '' ? json.name : `${folderThere}/${json.name}` }
}

/** ComfyUI reads a name that ends with ` [output]` as one in another folder. */
function plainName({ name }: StoredFile): string {
  return name.replaceAll('[', '(').replaceAll(']', ')')
}
