import { randomInt } from 'node:crypto'
import type { Outbox } from './outbox.ts'

/** Drawn seeds are below it: many models take no larger ones. */
const mostSeeds = 2 ** 31

/** The seed of a run: the one given, or one that is drawn. The first call logs it. */
export function createSeed(outbox: Pick<Outbox, 'log'>) {
  let seed: number | null = null
  let given: number | null = null

  return {
    /** To be called with the input, before the model runs. */
    read(input: Readonly<Record<string, unknown>>): void {
      if (typeof input.seed === 'number' && Number.isInteger(input.seed)) given = input.seed
    },
    get(): number {
      if (seed !== null) return seed
      seed = given ?? randomInt(mostSeeds)
      outbox.log(`Using seed: ${seed}\n`)
      return seed
    },
  }
}
