import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe } from 'vitest'
import { createFolderDescriptions } from '../../src/providers/descriptions.ts'
import { describeDescriptions } from './descriptions-conformance.ts'

describe('descriptions in a folder', () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'sandpit-descriptions-')), 'descriptions')
  describeDescriptions(() => createFolderDescriptions(folder, encodeURIComponent))
})
