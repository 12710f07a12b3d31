import { setImmediate as turn } from 'node:timers/promises'

/** Time of this thread alone, in milliseconds: other programs on the machine do not count. */
export function threadMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

/** The longest that this thread did nothing else meanwhile, in milliseconds of its own time. */
export async function longestHold(work: () => Promise<unknown>): Promise<number> {
  let longest = 0
  let over = false
  let last = threadMs()
  const note = () => {
    longest = Math.max(longest, threadMs() - last)
    last = threadMs()
  }
  const working = work().finally(() => {
    over = true
  })
  for (note(); !over; note()) await turn()
  await working
  return longest
}

/** The same of the best of three tries: the garbage of other tests may be collected in one of them. */
export async function usualHold(work: () => Promise<unknown>): Promise<number> {
  const holds: number[] = []
  for (let tries = 0; tries < 3; tries++) holds.push(await longestHold(work))
  return Math.min(...holds)
}
