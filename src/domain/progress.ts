import type { Progress } from './prediction.ts'

/** How much of the end of a log is looked at. */
const lookedAt = 4_096

const bar = /(?:^|[\r\n])([^\r\n|%]{0,80}?)[ \t]*(\d{1,3})%\|[^|\r\n]*\|([^\r\n]*)/g

/**
 * The progress that the last bar in a log shows, as tqdm draws them:
 * `denoising:  42%|████▏     | 21/50 [00:03<00:04,  6.9it/s]`. Null when there is none.
 */
export function progressIn(logs: string): Progress | null {
  const last = [...logs.slice(-lookedAt).matchAll(bar)].at(-1)
  if (!last) return null
  const [, before = '', percent = '', after = ''] = last
  const label = before.replace(/[\s:]+$/, '').trim()
  const eta = secondsOf(/<((?:\d+:)?\d{1,3}:\d\d)[,\]]/.exec(after)?.[1])
  return {
    fraction: fractionIn(after) ?? Math.min(1, Number(percent) / 100),
    ...(label === '' ? {} : { label }),
    ...(eta === null ? {} : { eta }),
  }
}

/** `21/50` says more than `42%`. */
function fractionIn(after: string): number | null {
  const [, done, all] = /^\s*(\d{1,12})\/(\d{1,12})\s/.exec(after) ?? []
  const fraction = Number(done) / Number(all)
  return fraction >= 0 && fraction <= 1 ? fraction : null
}

function secondsOf(time: string | undefined): number | null {
  return time === undefined
    ? null
    : time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
}
