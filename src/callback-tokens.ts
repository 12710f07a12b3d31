import { createHmac } from 'node:crypto'
import type { Config } from './config.ts'
import type { Paths } from './paths.ts'

/** The addresses under which upstreams report: only we can make their tokens. */
export function createCallbackTokens({ callbackUrl }: Config, paths: Paths, key: string) {
  return {
    callbackUrl:
      callbackUrl &&
      ((provider: string, token: string) =>
        new URL(paths.hook(provider, token), callbackUrl.origin).href),
    callbackToken: (id: string, attempt: number) =>
      createHmac('sha256', key).update(`${id} ${attempt}`).digest('base64url'),
  }
}
