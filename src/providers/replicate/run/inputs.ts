import { openAsBlob } from 'node:fs'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { dataUriBytes, readDataUri, writeDataUri } from '../../../domain/file/data-uri.ts'
import { extensionOf } from '../../../domain/file/extensions.ts'
import { fileAt, fileRef, type StoredFile } from '../../../domain/file/file.ts'
import { upstreamType } from '../../../domain/file/media-type.ts'
import type { JsonObject } from '../../../domain/json/json.ts'
import { mapStrings, stringsIn } from '../../../domain/json/walk.ts'
import type { Run } from '../../provider.ts'
import type { ReplicateClient } from '../client.ts'
import type { ReplicateLimits } from '../limits.ts'
import { readFile as readUpstreamFile } from '../responses.ts'
import { retry } from '../retry.ts'

export interface ReplicateInputOptions {
  readonly client: ReplicateClient
  readonly limits: ReplicateLimits
  /** For copies of the run's files. It is removed at the end. */
  readonly folder: string
  readonly now: () => number
  readonly signal: AbortSignal
}

/**
 * The input in the form that the service takes: small files as data URIs, the others uploaded. Other
 * addresses stay, as the service fetches them itself. Throws `UpstreamError`.
 */
export async function toReplicateInput(
  run: Run,
  options: ReplicateInputOptions,
): Promise<JsonObject> {
  const { client, limits, folder, now, signal } = options

  async function send(file: StoredFile): Promise<string> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const path = join(folder, file.ref)
    await run.copyFile(file, path)
    if (file.size > limits.mostInline)
      return upload(await openAsBlob(path, { type: upstreamType(file) }), file.name)
    return writeDataUri(upstreamType(file), await readFile(path))
  }

  function upload(content: Blob, name: string): Promise<string> {
    const ask = async () =>
      readUpstreamFile(await client.upload('files', content, name, { signal, timeoutMs: uploadMs }))
        .urls.get
    const { pollMs: firstMs, mostPollMs: mostMs, createMs: forMs } = limits
    return retry(ask, { signal, forMs, firstMs, mostMs, now })
  }

  /** The URL of an uploaded file or data URI; null for any other text. */
  function addressOf(text: string, file: StoredFile | null): Promise<string> | null {
    if (file) return send(file)
    const large = text.length > limits.mostInline * 1.5 ? dataIn(text) : null
    return large && upload(large.content, large.name)
  }

  /** By the reference of a file, or by its data: each file is sent once, even if the input has it twice. */
  async function addresses(): Promise<ReadonlyMap<string, string>> {
    const sent = new Map<string, Promise<string>>()
    for (const text of stringsIn(run.input)) {
      const file = fileAt(text, run.files)
      const key = file?.ref ?? text
      const address = sent.has(key) ? null : addressOf(text, file)
      if (address) sent.set(key, address)
    }
    const made = [...sent].map(async ([key, address]) => [key, await address] as const)
    return new Map(await Promise.all(made))
  }

  try {
    const sent = await addresses()
    return mapStrings(run.input, (text) => sent.get(fileRef(text) ?? text) ?? text)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** How long an upload may take, in milliseconds. */
const uploadMs = 10 * 60_000

/** The content of a `data:` URI; null for any other text. */
export function dataIn(text: string): { content: Blob; name: string } | null {
  const data = readDataUri(text)
  if (!data) return null
  const content = new Blob([dataUriBytes(text)], { type: data.type ?? '' })
  return { content, name: `file.${extensionOf(data.type)}` }
}
