import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from './eventually.ts'
import { freePort } from './free-port.ts'
import { programPath } from './programs.ts'

/** The nginx to test with, or null. */
export function findNginx(): string | null {
  const given = process.env.NGINX_PATH
  if (given) return existsSync(given) ? given : null
  return programPath('nginx')
}

/** Starts nginx as its package configures it, with one site: `location` is what stands in its location. */
export async function startNginx(location: string) {
  const path = findNginx()
  if (!path) throw new Error('There is no nginx: run npm test, which installs one')
  const folder = mkdtempSync(join(tmpdir(), 'sandpit-nginx-'))
  const port = await freePort()
  const site = join(folder, 'site.conf')
  writeFileSync(site, `server { listen 127.0.0.1:${port}; location / { ${location} } }\n`)
  const configuration = join(folder, 'nginx.conf')
  writeFileSync(configuration, packaged(path, folder, site))
  const child = spawn(path, ['-c', configuration, '-e', 'stderr', '-g', 'daemon off;'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (text) => {
    said += text
  })
  const ended = once(child, 'exit')
  await eventually(async () => {
    if (child.exitCode !== null) throw new Error(`nginx ended: ${said}`)
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    socket.destroy()
  })
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The configuration that the package brings, with its files in a folder of ours and its sites left out. */
function packaged(path: string, folder: string, site: string): string {
  const { stderr } = spawnSync(path, ['-V'], { encoding: 'utf8' })
  const own = /--conf-path=(\S+)/.exec(stderr)?.[1] ?? '/etc/nginx/nginx.conf'
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${join(folder, kind)};`)
    .join(' ')
  return readFileSync(own, 'utf8')
    .replace(/^\s*user .*$/m, '')
    .replace(/^\s*pid .*$/m, `pid ${join(folder, 'nginx.pid')};`)
    .replace(/^\s*error_log .*$/m, 'error_log stderr;')
    .replace(/^\s*access_log .*$/m, 'access_log off;')
    .replace(/^\s*include \S*(?:conf\.d|sites-enabled)\/.*$/gm, '')
    .replace(/^http \{$/m, `http { ${temporary} include ${site};`)
}
