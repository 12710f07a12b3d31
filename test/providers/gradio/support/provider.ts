import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { appAddress } from '../../../../src/domain/model/app-address.ts'
import type { ModelRecord } from '../../../../src/domain/model/record.ts'
import { parseModelRef } from '../../../../src/domain/model-ref.ts'
import { createGuard } from '../../../../src/outbound/guard.ts'
import type { Hub } from '../../../../src/providers/gradio/apps/space.ts'
import { createGradioProvider } from '../../../../src/providers/gradio/gradio.ts'
import type { GradioLimits } from '../../../../src/providers/gradio/limits.ts'

/** Waits that would make tests slow are short, and each change is reported by itself. */
export const hastyLimits: Partial<GradioLimits> = {
  checkEveryMs: 50,
  freshMs: 0,
  pageWaitMs: 10_000,
  listWaitMs: 10_000,
  requestMs: 2_000,
  waitMs: 20,
  patienceMs: 300,
  gatherMs: 0,
  cancelGraceMs: 1_000,
}

export interface TestProviderOptions {
  /** As in `GRADIO_MODELS`: `owner/name` and `http://host:7860#/function`. */
  readonly models?: readonly (readonly [name: string, address: string])[]
  readonly records?: readonly ModelRecord[]
  readonly keys?: Readonly<Record<string, string>>
  readonly limits?: Partial<GradioLimits>
  /** Origins that files may be fetched from. */
  readonly allow?: readonly string[]
  readonly folder?: string
  readonly hub?: Hub
}

/** The provider over stand-ins, with a folder of its own. */
export function gradioOver({
  models = [],
  records = [],
  keys = {},
  limits = {},
  allow = [],
  folder = mkdtempSync(join(tmpdir(), 'sandpit-gradio-')),
  ...options
}: TestProviderOptions) {
  const provider = createGradioProvider({
    models: models.map(([name, text]) => {
      const [ref, address] = [parseModelRef(name), appAddress(text)]
      if (!ref || !address) throw new Error(`${name}=${text}`)
      return { ref, ...address }
    }),
    records: { all: () => records },
    keyOf: (base) => keys[base] ?? null,
    folder,
    guard: createGuard({ allow }),
    now: Date.now,
    limits: { ...hastyLimits, ...limits },
    ...options,
  })
  return {
    provider,
    folder,
    async close() {
      await provider.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
