/**
 * Sees to it that the programs are here that tests drive: a Chromium (the one that `CHROMIUM_PATH`
 * names, the system's, or Playwright's) and an nginx (the one that `NGINX_PATH` names, or the
 * system's), or only those that its arguments name, Podman and a registry among them. It installs what is
 * missing, and says what it does. In CI it also installs the headless shell of Chromium, where the
 * system has a package of it.
 * @module
 */
import { execFileSync } from 'node:child_process'
import { findChromium, findFastChromium, headlessShell } from './chromium.ts'
import { findPodman } from './containers/podman.ts'
import { findNginx } from './nginx.ts'
import { programPath } from './programs.ts'

interface Program {
  readonly name: string
  /** Names another one; null when its tests do without it, and say so. */
  readonly variable: string | null
  readonly find: () => string | null
  /** Where this finds one, nothing is installed; `find` when left out. */
  readonly findBest?: () => string | null
  /** Tried one after the other. */
  readonly installs: readonly (readonly [string, ...string[]])[]
}

/** Where time counts, and nobody minds what is installed. */
const isCi = Boolean(process.env.CI)

const programs: readonly Program[] = [
  {
    name: 'Chromium',
    variable: 'CHROMIUM_PATH',
    find: findChromium,
    findBest: isCi ? findFastChromium : findChromium,
    installs: [
      ...(isCi ? packageInstalls(headlessShell) : []),
      ['npx', 'playwright', 'install', '--with-deps', 'chromium'],
      ...packageInstalls('chromium'),
    ],
  },
  {
    name: 'nginx',
    variable: 'NGINX_PATH',
    find: findNginx,
    installs: packageInstalls('nginx'),
  },
  {
    name: 'Podman',
    variable: null,
    find: findPodman,
    installs: packageInstalls(
      'podman',
      'runc',
      'catatonit',
      'netavark',
      'aardvark-dns',
      'iptables',
    ),
  },
  {
    name: 'docker-registry',
    variable: null,
    find: () => programPath('docker-registry'),
    installs: packageInstalls('docker-registry'),
  },
]

const wanted = process.argv.slice(2)
const needed = programs.filter(({ name, variable }) =>
  wanted.length === 0 ? variable !== null : wanted.includes(name.toLowerCase()),
)

for (const program of needed) {
  const { find, findBest = find } = program
  const found = findBest() ?? install(program)
  if (found) process.stdout.write(`Tests use ${found}\n`)
  else if (program.variable !== null) {
    const { name, variable } = program
    process.stderr.write(`No ${name} was found or could be installed. Set ${variable} to one.\n`)
    process.exitCode = 1
  }
}

/** A package that brings a service is not to start it: that is what `RUNLEVEL` is for. */
function packageInstalls(...names: readonly string[]): Program['installs'] {
  return ['', 'sudo -n '].map((sudo) => [
    'sh',
    '-c',
    `${sudo}apt-get update && ${sudo}env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive ` +
      `apt-get install -y --no-install-recommends ${names.join(' ')}`,
  ])
}

function install({ name, find, installs }: Program): string | null {
  for (const [command, ...args] of installs) {
    process.stdout.write(`Installing ${name}: ${command} ${args.join(' ')}\n`)
    try {
      execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], timeout: 8 * 60_000 })
    } catch {
      // The next is tried, unless there is one already.
    }
    const installed = find()
    if (installed) return installed
  }
  return null
}
