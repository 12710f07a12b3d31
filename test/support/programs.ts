import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Not always in the path of those who are not root. */
const more = ['/usr/sbin', '/usr/local/sbin']

/** Where a program of this machine is; null when it is not there. */
export function programPath(name: string, folders: readonly string[] = []): string | null {
  const all = [...(process.env.PATH ?? '').split(delimiter), ...more, ...folders]
  return all.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null
}
