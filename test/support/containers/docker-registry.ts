import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '../eventually.ts'
import { freePort } from '../free-port.ts'
import { programPath } from '../programs.ts'

/** Who the registry lets in. */
export const login = { user: 'pit', password: 'only-for-tests' }

/** The password as `htpasswd -B` keeps it. */
const hashed = '$2b$05$abcdefghijklmnopqrstuuDt8u8tY.Zm8YU.pieFNyF5h5afvnc0a'

/** A registry of container images with a password, on this machine alone. */
export async function startDockerRegistry() {
  const folder = mkdtempSync(join(tmpdir(), 'sandpit-registry-'))
  const at = (name: string) => join(folder, name)
  const host = `127.0.0.1:${await freePort()}`
  writeFileSync(at('passwords'), `${login.user}:${hashed}\n`)
  // YAML takes JSON.
  const configuration = {
    version: 0.1,
    log: { level: 'error' },
    storage: { filesystem: { rootdirectory: at('images') } },
    http: { addr: host },
    auth: { htpasswd: { realm: 'tests', path: at('passwords') } },
  }
  writeFileSync(at('config.yml'), JSON.stringify(configuration))
  const program = programPath('docker-registry') ?? 'docker-registry'
  const child = spawn(program, ['serve', at('config.yml')], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (text) => {
    said += text
  })
  const ended = once(child, 'exit')
  await eventually(async () => {
    if (child.exitCode !== null) throw new Error(`docker-registry ended: ${said}`)
    await fetch(`http://${host}/v2/`)
  })
  return {
    host,
    async stop() {
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
