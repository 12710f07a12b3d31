/** The longest durations of each bucket, in seconds. */
const bounds = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_800]

/** Durations, counted by bucket. */
export interface Durations {
  /** How many there are in each bucket, and at the end how many are longer. */
  readonly counts: number[]
  /** In seconds. */
  sum: number
}

export function noDurations(): Durations {
  return { counts: Array.from({ length: bounds.length + 1 }, () => 0), sum: 0 }
}

/** Adds a duration in milliseconds. */
export function addDuration(durations: Durations, ms: number): void {
  const seconds = ms / 1000
  const found = bounds.findIndex((bound) => seconds <= bound)
  const at = found === -1 ? bounds.length : found
  durations.counts[at] = (durations.counts[at] ?? 0) + 1
  durations.sum += seconds
}

export function addDurations(durations: Durations, more: Durations): void {
  for (const [at, count] of more.counts.entries())
    durations.counts[at] = (durations.counts[at] ?? 0) + count
  durations.sum += more.sum
}

/** A histogram as Prometheus reads it: prom-client makes none of durations that are counted already. */
export function histogramText(
  { name, help }: { readonly name: string; readonly help: string },
  byModel: ReadonlyMap<string, Durations>,
): string {
  const lines = [...byModel].flatMap(([model, { counts, sum }]) => {
    const label = `model=${JSON.stringify(model)}`
    let total = 0
    const buckets = counts.map((count, at) => {
      total += count
      return `${name}_bucket{le="${bounds[at] ?? '+Inf'}",${label}} ${total}`
    })
    return [...buckets, `${name}_sum{${label}} ${sum}`, `${name}_count{${label}} ${total}`]
  })
  return [`# HELP ${name} ${help}`, `# TYPE ${name} histogram`, ...lines, ''].join('\n')
}
