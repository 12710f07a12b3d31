import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { createEngine } from '../../../src/engine/client.ts'
import { jsonOf } from '../../../src/providers/parse-response.ts'
import { eventually } from '../eventually.ts'
import { programPath } from '../programs.ts'

/** Of packages by the same names, except for `iptables`, which is in the package of all its programs. */
const programs = ['podman', 'runc', 'conmon', 'catatonit', 'netavark', 'aardvark-dns', 'iptables']
/** Where Podman looks for what only it starts. */
const folders = ['/usr/lib/podman', '/usr/libexec/podman']

/** The programs that Podman needs here and that are missing. */
export function missingPrograms(): readonly string[] {
  return programs.filter((name) => programPath(name, folders) === null)
}

/** Podman when it is here with all that it needs, else null. */
export function findPodman(): string | null {
  return missingPrograms().length === 0 ? programPath('podman') : null
}

/** By default Podman asks for higher limits than some machines give. */
const configuration = `[containers]
default_ulimits = ["nofile=16384:16384", "nproc=4096:4096"]
[engine]
runtime = "runc"
[network]
network_backend = "netavark"
`

/** The registry of the tests has no TLS; its port is another one each time. */
const registries = `[[registry]]
location = "127.0.0.1"
insecure = true
`

export type Podman = ReturnType<typeof podmanIn>

/** A new folder for one. Podman takes no path of more than 50 characters, so it is not below another folder of a run. */
export function podmanFolder(): string {
  return mkdtempSync('/tmp/sandpit-podman-')
}

/**
 * A Podman of its own, which keeps everything in a folder: images, containers, networks, configuration. It is known by
 * its folder, so that every process of a test run can use it.
 */
export function podmanIn(folder: string) {
  const at = (name: string) => join(folder, name)
  const socket = at('engine.sock')

  function engine() {
    const readJson = async (bytes: Uint8Array<ArrayBuffer>) => jsonOf(bytes)
    const address = { name: 'local', socket, origin: 'http://engine', certificate: null }
    return createEngine(address, readJson)
  }

  const path = programPath('podman') ?? 'podman'
  const flags = [
    ...['--root', at('root'), '--runroot', at('run'), '--tmpdir', at('tmp')],
    ...['--network-config-dir', at('networks'), '--cgroup-manager', 'cgroupfs'],
  ]
  const env = {
    PATH: `${process.env.PATH}:/usr/sbin:/sbin`,
    HOME: folder,
    TMPDIR: folder,
    CONTAINERS_CONF: at('containers.conf'),
    CONTAINERS_REGISTRIES_CONF: at('registries.conf'),
  }

  /** Starts its service, and waits until it answers. */
  async function start(): Promise<void> {
    writeFileSync(at('containers.conf'), configuration)
    writeFileSync(at('registries.conf'), registries)
    const log = openSync(at('service.log'), 'a')
    const child = spawn(path, [...flags, 'system', 'service', '--time', '0', `unix://${socket}`], {
      env,
      stdio: ['ignore', log, log],
    })
    closeSync(log)
    writeFileSync(at('pid'), String(child.pid ?? ''))
    const ended = once(child, 'exit').then(() => {
      throw new Error(`podman ended: ${readFileSync(at('service.log'), 'utf8')}`)
    })
    // It goes on when the process that started it ends, and may be killed later.
    child.unref()
    ended.catch(() => {})
    const own = engine()
    const answers = eventually(async () => {
      await own.facts()
    })
    await Promise.race([answers, ended]).finally(() => own.close())
  }

  /** Kills its service. Containers go on, as each has a process of its own that watches it. */
  async function kill(): Promise<void> {
    const pid = Number(readFileSync(at('pid'), 'utf8'))
    if (isRunning(pid)) process.kill(pid, 'SIGKILL')
    await eventually(() => {
      if (isRunning(pid)) throw new Error('podman still runs')
    })
    rmSync(socket, { force: true })
  }

  /** A command of Podman, for what its API of Docker’s does otherwise or not at all. */
  function command(...args: readonly string[]): void {
    execFileSync(path, [...flags, ...args], { env, stdio: 'pipe' })
  }

  return {
    folder,
    socket,
    start,
    kill,
    command,
    /** A client of it, to be closed. */
    engine,
    /** The names of its networks, but for the one that it always has. */
    networks: (): readonly string[] =>
      readdirSync(at('networks'))
        .filter((name) => name.endsWith('.json'))
        .map((name) => name.slice(0, -'.json'.length)),
    /** Ends its service, and removes its containers, networks and folder. */
    async remove(): Promise<void> {
      await kill()
      command('rm', '--all', '--force', '--time', '0')
      command('network', 'prune', '--force')
      for (const mount of mountsBelow(folder)) execFileSync('umount', [mount])
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
    },
  }
}

/** A process that has ended counts as running until its parent has asked for its end. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/** Podman mounts its images’ folder onto itself; the innermost first. */
function mountsBelow(folder: string): readonly string[] {
  return readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((path) => path.startsWith(`${folder}/`))
    .reverse()
}
