import type { Prediction } from './prediction.ts'

/** Of longer logs, so much of the beginning and of the end is read. */
const lookedAt = 64 * 1024

const lineEnd = /[\n\r\u2028\u2029]/

/** `Using seed: 42`, `seed: 42`, ``Random seed used: `42` ``: at the start of a line, as models at Replicate log it. */
const logged =
  /^\W{0,8}(?:(?:using|random|the) )*seed(?: (?:used|is|set to))?(?: ?[:=])? ?`?(\d{1,20})(?![\w.])/i

/** The seed that a run logged last; null without one. */
export function seedIn(logs: string): number | bigint | null {
  const parts =
    logs.length <= 2 * lookedAt ? [logs] : [logs.slice(-lookedAt), logs.slice(0, lookedAt)]
  for (const part of parts) {
    for (const line of part.split(lineEnd).reverse()) {
      const digits = logged.exec(line)?.[1]
      if (digits !== undefined) return integerOf(digits)
    }
  }
  return null
}

/** The metrics with the seed that the run logged, unless its upstream gave one. */
export function metricsWithSeed({
  metrics,
  logs,
}: Pick<Prediction, 'metrics' | 'logs'>): Prediction['metrics'] {
  if (Object.hasOwn(metrics, 'seed')) return metrics
  const seed = seedIn(logs)
  return seed === null ? metrics : { ...metrics, seed }
}

/** The seed that a run was made with; null when it is not known. */
export function seedOf({ metrics }: Pick<Prediction, 'metrics'>): number | bigint | null {
  const { seed } = metrics
  if (typeof seed === 'bigint') return seed
  return typeof seed === 'number' && Number.isInteger(seed) ? seed : null
}

function integerOf(digits: string): number | bigint {
  const number = Number(digits)
  return Number.isSafeInteger(number) ? number : BigInt(digits)
}
