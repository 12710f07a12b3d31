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
  const working = work().finally(() => {
    over = true
  })
  for (let last = threadMs(); !over; last = threadMs()) {
    await turn()
    longest = Math.max(longest, threadMs() - last)
  }
  await working
  return longest
}
