import { randomBytes } from 'node:crypto'
import { type FauxqsServer, startFauxqs } from 'fauxqs'
import type { S3Settings } from '../../src/config.ts'

/** A server of S3 in this process, and credentials for it in its environment. */
export async function startS3(): Promise<FauxqsServer> {
  process.env.AWS_ACCESS_KEY_ID = 'test'
  process.env.AWS_SECRET_ACCESS_KEY = 'test'
  return startFauxqs({ port: 0, logger: false })
}

/** An empty bucket. */
export function newBucket(server: FauxqsServer): S3Settings {
  const bucket = `sandpit-${randomBytes(8).toString('hex')}`
  server.createBucket(bucket)
  const endpoint = new URL(`http://127.0.0.1:${server.port}`)
  return { bucket, endpoint, region: 'us-east-1', prefix: '' }
}
