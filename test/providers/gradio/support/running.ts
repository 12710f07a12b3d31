import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { JsonObject } from '../../../../src/domain/json/json.ts'
import { openDisk } from '../../../../src/files/disk.ts'
import type { Files } from '../../../../src/files/files.ts'
import { type FollowOptions, follow } from '../../support/follow.ts'
import { gradioOver, type TestProviderOptions } from './provider.ts'
import { type RecordedApp, startRecorded } from './recorded-app.ts'

/** A test's own app, as it was recorded, with a provider that runs its functions as `app/NAME`. */
export interface Running {
  readonly app: RecordedApp
  readonly files: Files
  readonly provider: ReturnType<typeof gradioOver>['provider']
  run(name: string, input?: JsonObject, options?: FollowOptions): ReturnType<typeof follow>
}

/** Starts an app that plays a recorded run. `functions` are those that the provider has as models. */
export async function running(
  plays: string,
  functions: readonly string[],
  options: TestProviderOptions = {},
): Promise<Running> {
  const app = await startRecorded(plays)
  const folder = mkdtempSync(join(tmpdir(), 'sandpit-gradio-files-'))
  const files = await openDisk(folder)
  const { provider, close } = gradioOver({
    models: functions.map((name) => [`app/${name}`, `${app.url}#/${name}`] as const),
    ...options,
  })
  onTestFinished(async () => {
    await close()
    await app.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return {
    app,
    files,
    provider,
    run: (name, input = {}, more = {}) =>
      follow(provider, files, { owner: 'app', name }, input, more),
  }
}
