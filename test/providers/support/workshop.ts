import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { JsonObject } from '../../../src/domain/json/json.ts'
import { openDisk } from '../../../src/files/disk.ts'
import { createLocalProvider, type LocalOptions } from '../../../src/providers/local/local.ts'
import { type FollowOptions, follow } from './follow.ts'

export type Workshop = Awaited<ReturnType<typeof createWorkshop>>

/** A folder outside the tree in which models are written, and the real local provider over it. */
export async function createWorkshop(options: Partial<LocalOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'sandpit-workshop-'))
  const models = join(folder, 'models')
  const data = join(folder, 'data')
  mkdirSync(models)
  const files = await openDisk(join(folder, 'files'))
  let clock = Date.now()
  const provider = createLocalProvider({
    roots: [models],
    folder: data,
    environment: { WORKSHOP: folder },
    now: () => clock,
    ...options,
    limits: { listWaitMs: 30_000, ...options.limits },
  })

  /** Writes a file under the models, and lets enough time go by for it to be seen. */
  function write(path: string, content: string | Uint8Array): void {
    const whole = join(models, path)
    mkdirSync(dirname(whole), { recursive: true })
    writeFileSync(whole, content)
    clock += 60_000
  }

  return {
    folder,
    models,
    files,
    provider,
    write,
    /** Lets so many milliseconds go by for the provider. */
    pass(ms: number): void {
      clock += ms
    },
    /** Writes `test/NAME` from the members of its definition, after `before`. */
    model(name: string, definition: string, before = ''): void {
      write(`${name}/model.ts`, modelSource(name, definition, before))
    },
    find: (name: string) => provider.find({ owner: 'test', name }),
    run: (name: string, input: JsonObject = {}, following: FollowOptions = {}) =>
      follow(provider, files, { owner: 'test', name }, input, following),
    /** Folders of runs that are still there. */
    runFolders: () => readdir(join(data, 'runs')),
    async close(): Promise<void> {
      await provider.close()
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

export function modelSource(name: string, definition: string, before = ''): string {
  return `import { defineModel, file, z } from 'sandpit/model'
${before}
export const model = defineModel({
  name: 'test/${name}',
  description: 'A model for tests.',
  input: z.object({}),
  output: z.string(),
  ${definition}
})
`
}

/** Whether a process is there and has not ended. */
export function isAlive(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    return false
  }
}
