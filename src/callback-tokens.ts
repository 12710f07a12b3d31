import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Config } from './config.ts'
import type { StoredFile } from './domain/file/file.ts'
import type { Paths } from './paths.ts'

/** The callback URLs of runs. Only servers with this key can make their tokens, and each of them can read them. */
export function createCallbackTokens(
  config: Config,
  paths: Paths,
  key: string,
  ownOrigin: () => string | null = () => ownOriginOf(config, config.port),
) {
  const { callbackUrl, url } = config
  const sign = (text: string) => createHmac('sha256', key).update(text).digest('base64url')
  const absolute = (path: string) => new URL(path, callbackUrl?.origin).href
  const own = (path: string) => {
    // A callback URL that the operator has set is used by every upstream.
    const origin = callbackUrl === url ? ownOrigin() : null
    return origin === null ? null : new URL(path, origin).href
  }
  const filePath = (token: string, { sha256, size, type, name }: StoredFile) => {
    const content = `${sha256}.${size}.${Buffer.from(type).toString('base64url')}`
    return paths.hookFile(token, `${content}.${sign(`${token} ${content}`)}`, name)
  }
  return {
    ownCallbackUrl: (provider: string, token: string) => own(paths.hook(provider, token)),
    ownFileUrl: (token: string, file: StoredFile) => own(filePath(token, file)),
    callbackUrl:
      callbackUrl && ((provider: string, token: string) => absolute(paths.hook(provider, token))),
    callbackFileUrl:
      callbackUrl && ((token: string, file: StoredFile) => absolute(filePath(token, file))),
    callbackToken: (id: string, attempt: number) => `${id}.${attempt}.${sign(`${id} ${attempt}`)}`,
    readCallbackToken(token: string) {
      const [id = '', attempt = '', signature = ''] = token.split('.')
      const isGenuine = isSame(signature, sign(`${id} ${attempt}`))
      return isGenuine ? { id, attempt: Number(attempt) } : null
    },
    readFileContent(token: string, text: string) {
      const [sha256 = '', size = '', type = '', signature = ''] = text.split('.')
      if (!isSame(signature, sign(`${token} ${sha256}.${size}.${type}`))) return null
      return { sha256, size: Number(size), type: Buffer.from(type, 'base64url').toString() }
    },
  }
}

function isSame(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)]
  return one.length === other.length && timingSafeEqual(one, other)
}

/** The origin of this server for programs on this machine; null while the port is not known. */
export function ownOriginOf({ host }: Pick<Config, 'host'>, port: number): string | null {
  if (port === 0) return null
  const name = ['0.0.0.0', '::', 'localhost'].includes(host) ? '127.0.0.1' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}
