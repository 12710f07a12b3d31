import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serverAddress } from '../../../../src/domain/address.ts'
import type { ModelRecord } from '../../../../src/domain/model/record.ts'
import { parseModelRef } from '../../../../src/domain/model-ref.ts'
import { createGuard } from '../../../../src/outbound/guard.ts'
import type { OpenAiLimits } from '../../../../src/providers/openai/limits.ts'
import { createOpenAiProvider } from '../../../../src/providers/openai/openai.ts'

/** Waits that would make tests slow are short, and each piece of text is reported by itself. */
export const hastyLimits: Partial<OpenAiLimits> = {
  checkEveryMs: 50,
  waitMs: 20,
  patienceMs: 300,
  gatherMs: 0,
  afterEndMs: 100,
  requestMs: 2_000,
}

export interface TestProviderOptions {
  /** As in `OPENAI_MODELS`: `owner/name` and `http://host:8000#model`. */
  readonly models?: readonly (readonly [name: string, address: string])[]
  readonly records?: readonly ModelRecord[]
  readonly keys?: Readonly<Record<string, string>>
  readonly limits?: Partial<OpenAiLimits>
  /** Origins that pictures may be fetched from. */
  readonly allow?: readonly string[]
  readonly folder?: string
}

/** The provider over stand-ins, with a folder of its own. */
export function openAiOver({
  models = [],
  records = [],
  keys = {},
  limits = {},
  allow = [],
  folder = mkdtempSync(join(tmpdir(), 'sandpit-openai-')),
}: TestProviderOptions) {
  const provider = createOpenAiProvider({
    models: models.map(([name, text]) => {
      const [ref, address] = [parseModelRef(name), serverAddress(text)]
      if (!ref || !address) throw new Error(`${name}=${text}`)
      return { ref, ...address }
    }),
    records: { all: () => records },
    keyOf: (base) => keys[base] ?? null,
    folder,
    guard: createGuard({ allow }),
    now: Date.now,
    limits: { ...hastyLimits, ...limits },
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
