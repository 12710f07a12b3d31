import { createHmac } from 'node:crypto'
import type { Config } from './config.ts'
import type { StoredFile } from './domain/file.ts'
import type { Paths } from './paths.ts'

/** The addresses under which upstreams report: only we can make their tokens. */
export function createCallbackTokens({ callbackUrl }: Config, paths: Paths, key: string) {
  const absolute = (path: string) => new URL(path, callbackUrl?.origin).href
  return {
    callbackUrl:
      callbackUrl && ((provider: string, token: string) => absolute(paths.hook(provider, token))),
    callbackFileUrl:
      callbackUrl && ((token: string, file: StoredFile) => absolute(paths.hookFile(token, file))),
    callbackToken: (id: string, attempt: number) =>
      createHmac('sha256', key).update(`${id} ${attempt}`).digest('base64url'),
  }
}
