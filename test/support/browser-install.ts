/**
 * Sees to it that there is a Chromium to test with: the one that `CHROMIUM_PATH` names, the
 * system's, or Playwright's; else it installs one, and says what it does.
 * @module
 */
import { execFileSync } from 'node:child_process'
import { findChromium } from './chromium.ts'

const installs: readonly (readonly [string, ...string[]])[] = [
  ['npx', 'playwright', 'install', '--with-deps', 'chromium'],
  ['sh', '-c', 'apt-get update && apt-get install -y --no-install-recommends chromium'],
  [
    'sh',
    '-c',
    'sudo -n apt-get update && sudo -n apt-get install -y --no-install-recommends chromium',
  ],
]

const found = findChromium() ?? install()
if (found) process.stdout.write(`Browser tests use ${found}\n`)
else {
  process.stderr.write('No Chromium was found or could be installed. Set CHROMIUM_PATH to one.\n')
  process.exit(1)
}

function install(): string | null {
  for (const [command, ...args] of installs) {
    process.stdout.write(`No Chromium here. Trying: ${command} ${args.join(' ')}\n`)
    try {
      execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], timeout: 8 * 60_000 })
    } catch {
      continue
    }
    const installed = findChromium()
    if (installed) return installed
  }
  return null
}
