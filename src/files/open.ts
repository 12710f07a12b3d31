import { join } from 'node:path'
import type { Config } from '../config.ts'
import { openDisk } from './disk.ts'
import type { Files } from './files.ts'
import type { S3Options } from './s3.ts'

/** Opens the files of the configuration, in S3 or else in the data folder. */
export async function openFiles(
  { data, s3 }: Pick<Config, 'data' | 's3'>,
  parts: Pick<S3Options, 'locks' | 'now' | 'onFault'>,
): Promise<Files> {
  if (s3 === null) return openDisk(join(data, 'files'))
  const { openS3 } = await import('./s3.ts')
  return openS3({ ...s3, incoming: join(data, 'incoming'), ...parts })
}
