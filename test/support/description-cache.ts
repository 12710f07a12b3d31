import { cpSync, existsSync, renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { descriptionsFolder } from '../../src/providers/local/local.ts'

/** Descriptions of the embedded models, cached by the first test of a run that read them. */
const known = () => join(tmpdir(), 'embedded-descriptions')

const descriptionsOf = (data: string) => join(data, 'local', descriptionsFolder)

/** Saves a new data folder the eleven processes that it takes to describe the embedded models. */
export function restoreDescriptions(data: string): void {
  if (existsSync(known())) cpSync(known(), descriptionsOf(data), { recursive: true })
}

/** Keeps them for the tests that follow, once a server that has no other models has read them all. */
export function cacheDescriptions(data: string): void {
  if (existsSync(known())) return
  const copy = `${known()}-${process.pid}`
  cpSync(descriptionsOf(data), copy, { recursive: true })
  try {
    renameSync(copy, known())
  } catch {
    // Another worker was first.
  }
}
