import type { RunGroup } from '../../src/domain/group/group.ts'

/** A kind of group as a word. */
export const kindWords: Readonly<Record<RunGroup['kind'], string>> = {
  compare: 'comparison',
  sweep: 'sweep',
  batch: 'batch',
}
