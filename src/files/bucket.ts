import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import { FilesAway } from '../domain/unavailable.ts'
import type { ByteRange } from './files.ts'
import { createStallTimer, failsWhenStalled } from './stalled.ts'

export interface BucketOptions {
  readonly bucket: string
  /** Of a service other than AWS. */
  readonly endpoint: URL | null
  readonly region: string
  /** Told of each request that failed, and that callers cannot handle. */
  readonly onFault: (error: unknown) => void
  /** How long S3 may be silent, in milliseconds. */
  readonly silenceMs?: number
}

export interface StoredObject {
  readonly key: string
  /** In bytes. */
  readonly size: number
  /** When it was written, by the clock of S3, in milliseconds since 1970. */
  readonly writtenAt: number
}

export type Bucket = ReturnType<typeof openBucket>

const connectMs = 5_000
const mostSockets = 512

/** The objects of a bucket. Operations reject with `FilesAway` when S3 refuses or cannot be reached. */
export function openBucket({
  bucket,
  endpoint,
  region,
  onFault,
  silenceMs = 20_000,
}: BucketOptions) {
  const client = new S3Client(settings(endpoint, region))

  /** A request that is answered in time. `work` says when it gets on. */
  async function ask<T>(
    work: (abortSignal: AbortSignal, getsOn: () => void) => Promise<T>,
  ): Promise<T> {
    const ending = new AbortController()
    const timer = createStallTimer(silenceMs, () => ending.abort())
    try {
      return await work(ending.signal, timer.getsOn)
    } catch (error) {
      if (isAbsent(error)) throw error
      onFault(error)
      throw new FilesAway('The files cannot be reached at the moment.', { cause: error })
    } finally {
      timer.stop()
    }
  }

  return {
    /** Why the bucket cannot be used, as far as its owner can change it. What may pass is a fault alone. */
    async refusal(): Promise<string | null> {
      try {
        await client.send(new HeadBucketCommand({ Bucket: bucket }))
        return null
      } catch (error) {
        if (!(error instanceof Error)) throw error
        const sentence = refusals.get(statusOf(error) ?? error.name)
        if (sentence === undefined) onFault(error)
        return sentence ?? null
      }
    },

    async find(key: string): Promise<StoredObject | null> {
      const command = new HeadObjectCommand({ Bucket: bucket, Key: key })
      const found = await orNull(ask((abortSignal) => client.send(command, { abortSignal })))
      if (!found) return null
      const { ContentLength: size = 0, LastModified: at } = found
      return { key, size, writtenAt: at?.getTime() ?? 0 }
    },

    /** Writes a file of this machine. */
    write: (key: string, path: string, size: number) =>
      ask(async (abortSignal, getsOn) => {
        const body = Readable.from(piecesOf(path, getsOn), { objectMode: false })
        try {
          const command = { Bucket: bucket, Key: key, Body: body, ContentLength: size }
          await client.send(new PutObjectCommand(command), { abortSignal })
        } finally {
          body.destroy()
        }
      }),

    /** The bytes; null when there are none, or fewer than the range. */
    async read(key: string, range?: ByteRange): Promise<ReadableStream<Uint8Array> | null> {
      const asked = range && `bytes=${range.start}-${range.end}`
      const command = new GetObjectCommand({ Bucket: bucket, Key: key, Range: asked })
      const found = await orNull(ask((abortSignal) => client.send(command, { abortSignal })))
      if (!found?.Body) return null
      const stream = found.Body.transformToWebStream()
      const total = Number(found.ContentRange?.split('/')[1])
      if (range && total <= range.end) {
        await stream.cancel()
        return null
      }
      return failsWhenStalled(stream, silenceMs)
    },

    async remove(key: string): Promise<void> {
      const command = new DeleteObjectCommand({ Bucket: bucket, Key: key })
      await orNull(ask((abortSignal) => client.send(command, { abortSignal })))
    },

    async *list(prefix: string): AsyncGenerator<StoredObject> {
      let token: string | undefined
      do {
        const command = new ListObjectsV2Command({
          Bucket: bucket,
          Prefix: prefix,
          ContinuationToken: token,
        })
        const page = await ask((abortSignal) => client.send(command, { abortSignal }))
        for (const { Key: key = '', Size: size = 0, LastModified: at } of page.Contents ?? [])
          yield { key, size, writtenAt: at?.getTime() ?? Number.POSITIVE_INFINITY }
        token = page.NextContinuationToken
      } while (token !== undefined)
    },

    close: () => client.destroy(),
  }
}

function settings(endpoint: URL | null, region: string): S3ClientConfig {
  const agent = { keepAlive: true, maxSockets: mostSockets }
  return {
    region,
    ...(endpoint ? { endpoint: endpoint.href, forcePathStyle: true } : {}),
    // Services other than AWS do not all know the checksums that are sent by default.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    logger: silent,
    requestHandler: {
      connectionTimeout: connectMs,
      socketTimeout: 0,
      httpAgent: agent,
      httpsAgent: agent,
    },
  }
}

const refusals = new Map<number | string, string>([
  [301, 'S3_REGION: the bucket is in another region'],
  [400, 'S3_REGION: the bucket is in another region, or the credentials have expired'],
  [
    403,
    'S3_BUCKET: the credentials may not use this bucket. It needs the rights to list, read, write and delete',
  ],
  [404, 'S3_BUCKET: there is no bucket of this name'],
  [
    'CredentialsProviderError',
    'AWS_ACCESS_KEY_ID: there are no credentials for S3. Set it with AWS_SECRET_ACCESS_KEY, or give this machine a role',
  ],
])

/** Whether a request that failed may succeed when it is sent again. */
export function mayPass({ cause }: FilesAway): boolean {
  const status = statusOf(cause)
  return status === null || status >= 500 || status === 429
}

/** The status that S3 returned; null when it returned nothing. */
function statusOf(error: unknown): number | null {
  return error instanceof S3ServiceException ? (error.$metadata.httpStatusCode ?? null) : null
}

/** Faults are logged by their callers. */
const silent = { debug() {}, info() {}, warn() {}, error() {} }

async function* piecesOf(path: string, getsOn: () => void): AsyncGenerator<Uint8Array> {
  for await (const piece of createReadStream(path)) {
    getsOn()
    yield piece
  }
}

async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    if (isAbsent(error)) return null
    throw error
  }
}

function isAbsent(error: unknown): boolean {
  return (
    error instanceof S3ServiceException &&
    ['NoSuchKey', 'NotFound', 'InvalidRange'].includes(error.name)
  )
}
