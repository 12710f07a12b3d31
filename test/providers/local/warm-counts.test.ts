import { expect, it } from 'vitest'
import { versionsToForget } from '../../../src/providers/local/versions/versions-to-forget.ts'
import { withinLimit } from '../../../src/providers/local/warm/warm-counts.ts'

it('gives the model its copies first, then its deployments, up to its limit', () => {
  const counts = [
    { model: 'a/b', version: null, count: 2 },
    { model: 'a/b', version: 'old', count: 2 },
    { model: 'a/b', version: 'now', count: 2 },
  ]
  const within = (most: number) => Object.fromEntries(withinLimit(counts, 'now', most))
  expect(within(1)).toEqual({ now: 1 })
  expect(within(3)).toEqual({ now: 2, old: 1 })
  expect(within(9)).toEqual({ now: 4, old: 2 })
})

it('forgets what nothing needs first, then what was used longest ago, and never the current version', async () => {
  const all = new Map<string, { bytes: number; usedAt: number }>()
  for (let index = 0; index < 33; index++) all.set(`v${index}`, { bytes: 1, usedAt: index })
  const needOf = async (id: string) => (id === 'v0' ? 'pinned' : id === 'v1' ? 'predicted' : 'none')
  expect(await versionsToForget(all, 'v2', needOf)).toEqual(['v4', 'v3'])
  all.set('v9', { bytes: 70 * 2 ** 20, usedAt: 99 })
  expect(await versionsToForget(all, 'v2', needOf)).toEqual(['v9', 'v3'])
  expect(await versionsToForget(new Map([...all].slice(0, 9)), 'v2', needOf)).toEqual([])
})
