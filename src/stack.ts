import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { isBuilt, root } from './root.ts'
import { readMappings } from './source-map.ts'

/** A longer line is a part of a message. */
const maxFrameUnits = 1_000
const place = /^(file:\/\/[^\s()]+\.js):(\d+):(\d+)/

type Lookup = (line: number, column: number) => string | null

const builtUrl = pathToFileURL(join(root, 'dist/')).href

/** By the URL of the built file. */
const lookups = new Map<string, Lookup>()

/**
 * A stack trace in which the frames of the build name their sources. `--enable-source-maps` would do it
 * for all errors, and read every map as the server starts.
 */
export function inSources(stack: string): string {
  return isBuilt ? stack.split('\n').map(lineInSources).join('\n') : stack
}

function lineInSources(text: string): string {
  if (!text.startsWith('    at ') || text.length > maxFrameUnits) return text
  const at = text.indexOf(builtUrl)
  const [built, url, line, column] = (at >= 0 && place.exec(text.slice(at))) || []
  const lookup = url === undefined ? null : (lookups.get(url) ?? createLookup(url))
  if (!lookup || built === undefined || url === undefined) return text
  lookups.set(url, lookup)
  const source = lookup(Number(line) - 1, Number(column) - 1) ?? built
  return text.slice(0, at) + source + text.slice(at + built.length)
}

/** The lookup in the map of a file; null when there is no map. */
function createLookup(url: string): Lookup | null {
  const map = readMap(url)
  if (!map) return null
  const originalOf = readMappings(map.mappings)
  return (line, column) => {
    const original = originalOf(line, column)
    if (!original) return null
    const { href } = new URL(map.sources[original.source] ?? '', url)
    return `${href}:${original.line + 1}:${original.column + 1}`
  }
}

function readMap(url: string): { sources: readonly string[]; mappings: string } | null {
  try {
    return JSON.parse(readFileSync(`${fileURLToPath(url)}.map`, 'utf8'))
  } catch {
    return null
  }
}
