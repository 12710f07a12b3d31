import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ModelRecord } from '../../../src/domain/model/record.ts'
import { type ModelRef, parseModelRef } from '../../../src/domain/model-ref.ts'
import { createGuard } from '../../../src/outbound/guard.ts'
import type { Provider } from '../../../src/providers/provider.ts'

/** A provider of models at addresses, over stand-ins. */
export interface StandInOptions<Limits> {
  /** As in the configuration: `owner/name` and an address. */
  readonly models?: readonly (readonly [name: string, address: string])[]
  readonly records?: readonly ModelRecord[]
  readonly keys?: Readonly<Record<string, string>>
  readonly limits?: Partial<Limits>
  /** Origins that files may be fetched from. */
  readonly allow?: readonly string[]
  readonly folder?: string
}

/** The options of such a provider, with a folder of its own. */
export function standInParts<Limits, Address extends object>(
  { models = [], records = [], keys = {}, limits = {}, allow = [], folder }: StandInOptions<Limits>,
  hasty: Partial<Limits>,
  addressIn: (text: string) => Address | null,
) {
  return {
    models: models.map(([name, text]): Address & { readonly ref: ModelRef } => {
      const [ref, address] = [parseModelRef(name), addressIn(text)]
      if (!ref || !address) throw new Error(`${name}=${text}`)
      return { ref, ...address }
    }),
    records: { all: () => records },
    keyOf: (base: string) => keys[base] ?? null,
    folder: folder ?? mkdtempSync(join(tmpdir(), 'sandpit-stand-in-')),
    guard: createGuard({ allow }),
    now: Date.now,
    limits: { ...hasty, ...limits },
  }
}

/** A provider that is closed with its folder. */
export function inFolder(provider: Provider, folder: string) {
  return {
    provider,
    folder,
    async close() {
      await provider.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
