import type { Context } from 'hono'
import { usedText } from '../../../views/form/quota-used.tsx'
import type { Deps } from '../../deps.ts'
import { viewerOf } from '../request/viewer.ts'

const nothing = { runsToday: 0, msToday: 0, waiting: 0 }

/** What the viewer has used of their limits, in the words of the bar with Run; empty for one without. */
export async function quotaUsed(c: Context, deps: Deps): Promise<string> {
  const { runner } = deps
  const viewer = viewerOf(c, deps)
  const quota = await runner.quotaOf(viewer)
  if (!quota) return ''
  return usedText(quota, viewer.id === '' ? nothing : await runner.usage(viewer.id, quota))
}
