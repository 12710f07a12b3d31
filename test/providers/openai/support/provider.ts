import { serverAddress } from '../../../../src/domain/address.ts'
import type { OpenAiLimits } from '../../../../src/providers/openai/limits.ts'
import { createOpenAiProvider } from '../../../../src/providers/openai/openai.ts'
import { inFolder, type StandInOptions, standInParts } from '../../support/over-stand-ins.ts'

/** Waits that would make tests slow are short, and each piece of text is reported by itself. */
export const hastyLimits: Partial<OpenAiLimits> = {
  checkEveryMs: 50,
  waitMs: 20,
  patienceMs: 300,
  gatherMs: 0,
  afterEndMs: 100,
  requestMs: 2_000,
}

export type TestProviderOptions = StandInOptions<OpenAiLimits>

export function openAiOver(options: TestProviderOptions) {
  const parts = standInParts(options, hastyLimits, serverAddress)
  return inFolder(createOpenAiProvider(parts), parts.folder)
}
