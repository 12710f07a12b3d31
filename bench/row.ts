/** A row of the performance budget. */
export interface Row {
  /** Its number in the budget of one process, or a word: by this it is chosen. */
  readonly name: string
  readonly title: string
  /** Why this machine cannot measure it, as part of a sentence; null where it can. Left out when every machine can. */
  readonly missing?: () => Promise<string | null>
  /** Starts what it needs of a checkout that is built, measures, and cleans up. */
  readonly measure: (checkout: string) => Promise<readonly Figure[]>
}

/** One measurement. */
export interface Figure {
  readonly what: string
  readonly value: number
  readonly unit: 'ms' | 's' | 'KB' | 'MB' | 'requests' | 'requests/s' | '×' | 'µs' | 'cores'
  /** Null for a figure without a budget, which explains another. */
  readonly budget: Budget | null
}

export interface Budget {
  readonly kind: 'at most' | 'at least'
  readonly value: number
}

export const atMost = (value: number): Budget => ({ kind: 'at most', value })
export const atLeast = (value: number): Budget => ({ kind: 'at least', value })

/** Null for a figure without a budget. */
export function isMet({ value, budget }: Figure): boolean | null {
  if (!budget) return null
  return budget.kind === 'at most' ? value <= budget.value : value >= budget.value
}
