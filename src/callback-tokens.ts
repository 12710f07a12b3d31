import { createHmac } from 'node:crypto'
import type { Config } from './config.ts'
import type { StoredFile } from './domain/file/file.ts'
import type { Paths } from './paths.ts'

/** The callback URLs of runs, whose tokens only this server can make. */
export function createCallbackTokens(
  config: Config,
  paths: Paths,
  key: string,
  ownOrigin: () => string | null = () => ownOriginOf(config, config.port),
) {
  const { callbackUrl, url } = config
  const absolute = (path: string) => new URL(path, callbackUrl?.origin).href
  const own = (path: string) => {
    // A callback URL that the operator has set is used by every upstream.
    const origin = callbackUrl === url ? ownOrigin() : null
    return origin === null ? null : new URL(path, origin).href
  }
  return {
    ownCallbackUrl: (provider: string, token: string) => own(paths.hook(provider, token)),
    ownFileUrl: (token: string, file: StoredFile) => own(paths.hookFile(token, file)),
    callbackUrl:
      callbackUrl && ((provider: string, token: string) => absolute(paths.hook(provider, token))),
    callbackFileUrl:
      callbackUrl && ((token: string, file: StoredFile) => absolute(paths.hookFile(token, file))),
    callbackToken: (id: string, attempt: number) =>
      createHmac('sha256', key).update(`${id} ${attempt}`).digest('base64url'),
  }
}

/** The origin of this server for programs on this machine; null while the port is not known. */
export function ownOriginOf({ host }: Pick<Config, 'host'>, port: number): string | null {
  if (port === 0) return null
  const name = ['0.0.0.0', '::', 'localhost'].includes(host) ? '127.0.0.1' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}
