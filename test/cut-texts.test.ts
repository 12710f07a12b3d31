import { expect, it } from 'vitest'
import { summaryOf } from '../src/domain/prediction/summary.ts'
import { problemOf } from '../src/domain/schema/limits.ts'
import { conditionSentence } from '../src/providers/cog/containers/health.ts'
import { refusalSentence } from '../src/providers/cog/run/refusal.ts'
import { describeThrown } from '../src/providers/local/copy/thrown.ts'

/** For every bound, one of these has a surrogate pair across it. */
const texts = ['', 'x'].map((first) => first + '😀'.repeat(40_000))
const health = {
  condition: 'setup failed',
  instance: null,
  startedAt: null,
  reason: null,
  coglet: false,
  cogVersion: null,
  refused: false,
} as const

it.each<[what: string, cut: (text: string) => string | null]>([
  ['the summary of inputs', (text) => summaryOf({ input: { text }, files: [] })],
  ['the name of an input', (text) => problemOf({ properties: { [`${text}\0`]: {} } })],
  ['what a model threw', (text) => describeThrown(new Error(text)).message],
  ['the log of a set-up', (text) => conditionSentence('http://gpu', { ...health, logs: text })],
  ['what a container refused', (text) => refusalSentence({ detail: text })],
])('%s is cut before a character, and not in it', (_, cut) => {
  for (const text of texts) {
    const shown = cut(text)
    expect(shown).toContain('😀')
    expect(shown?.isWellFormed()).toBe(true)
    expect(shown).not.toContain('\ufffd')
  }
})
