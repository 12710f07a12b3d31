import { appAddress } from '../../../../src/domain/model/addresses/app-address.ts'
import type { Hub } from '../../../../src/providers/gradio/apps/space.ts'
import { createGradioProvider } from '../../../../src/providers/gradio/gradio.ts'
import type { GradioLimits } from '../../../../src/providers/gradio/limits.ts'
import { inFolder, type StandInOptions, standInParts } from '../../support/over-stand-ins.ts'

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

export interface TestProviderOptions extends StandInOptions<GradioLimits> {
  readonly hub?: Hub
}

export function gradioOver({ hub, ...options }: TestProviderOptions) {
  const parts = standInParts(options, hastyLimits, appAddress)
  return inFolder(createGradioProvider({ ...parts, ...(hub && { hub }) }), parts.folder)
}
