import { existsSync, globSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  builtDescriptions,
  descriptionFile,
} from '../src/providers/local/library/description-files.ts'
import { modelFolders, sourceHash } from '../src/providers/local/library/folders.ts'
import { root } from '../src/root.ts'

/**
 * Describes the models that come with Sandpit, so that a server with a new data folder knows them at
 * once. One that cannot be imported here is left to the server.
 */
export async function describeModels(): Promise<void> {
  mkdirSync(builtDescriptions, { recursive: true })
  const folders = await modelFolders(join(root, 'models'))
  const hashes = await Promise.all(folders.map(sourceHash))
  const files = new Set(hashes.map((hash) => descriptionFile(builtDescriptions, hash)))
  for (const file of globSync(join(builtDescriptions, '*'))) if (!files.has(file)) rmSync(file)
  if ([...files].every((file) => existsSync(file))) return
  const { createDescriber } = await import('../src/providers/local/library/describe.ts')
  const { createDescribeQueue } = await import('../src/providers/local/library/describe-queue.ts')
  const { defaultLocalLimits } = await import('../src/providers/local/limits.ts')
  const { startReaper } = await import('../src/providers/local/process/reaper.ts')
  const reaper = startReaper()
  const queue = createDescribeQueue(reaper, defaultLocalLimits)
  const describe = createDescriber({ cache: builtDescriptions, ask: queue.describe })
  await Promise.all(folders.map((folder) => describe(folder, { owner: 'sandpit' })))
  await queue.close()
  reaper.close()
}

/** Forgets the descriptions, when they would be others. */
export function forgetModels(): void {
  rmSync(builtDescriptions, { recursive: true, force: true })
}
