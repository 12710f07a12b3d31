/** A bucket of S3, or of a service that speaks its API. Credentials come from the environment of AWS. */
export interface S3Settings {
  readonly bucket: string
  /** Of a service other than AWS. */
  readonly endpoint: URL | null
  readonly region: string
  /** A prefix of all keys: empty, or `sandpit/`. */
  readonly prefix: string
}

interface Read {
  readonly S3_BUCKET?: string | undefined
  readonly S3_ENDPOINT?: string | undefined
  readonly S3_REGION: string
  readonly S3_PREFIX: string
}

/** Null when no bucket is named. */
export function readS3(read: Read): S3Settings | null {
  if (read.S3_BUCKET === undefined) return null
  return {
    bucket: read.S3_BUCKET,
    endpoint: read.S3_ENDPOINT === undefined ? null : new URL(read.S3_ENDPOINT),
    region: read.S3_REGION,
    prefix: read.S3_PREFIX === '' ? '' : `${read.S3_PREFIX.replace(/\/$/, '')}/`,
  }
}
