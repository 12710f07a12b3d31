import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** The browser to test with, or null. */
export function findChromium(): string | null {
  const given = process.env.CHROMIUM_PATH
  if (given) return existsSync(given) ? given : null
  const folders = (process.env.PATH ?? '').split(delimiter)
  const system = folders.flatMap((folder) => names.map((name) => join(folder, name)))
  return (
    [...system, chromium.executablePath()].find((path) => path !== '' && existsSync(path)) ?? null
  )
}
