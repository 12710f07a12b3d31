import { existsSync } from 'node:fs'
import { chromium } from 'playwright'
import { programPath } from './programs.ts'

/** Chromium without windows. It takes less than half the processor time of the others. */
export const headlessShell = 'chromium-headless-shell'

const names = [
  headlessShell,
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
]

/** The browser to test with, or null. */
export function findChromium(): string | null {
  const given = process.env.CHROMIUM_PATH
  if (given) return existsSync(given) ? given : null
  const system = names.map((name) => programPath(name)).find((path) => path !== null)
  return system ?? [chromium.executablePath()].find(existsSync) ?? null
}

/** The one that is named, or the headless shell of the system, or null. */
export function findFastChromium(): string | null {
  return process.env.CHROMIUM_PATH ? findChromium() : programPath(headlessShell)
}
