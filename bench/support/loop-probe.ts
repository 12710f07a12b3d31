/**
 * Loaded into a server before its own code (`--import`): notes for how long its event loop was held
 * between two timers of 1 ms, in processor time of its thread, so that other processes of the
 * machine do not count. Each connection to the socket that `BENCH_PROBE` names is answered with the
 * longest since the one before, in milliseconds.
 * @module
 */
import { createServer } from 'node:net'
import { isMainThread } from 'node:worker_threads'

const path = process.env.BENCH_PROBE
if (isMainThread && path) watch(path)

function watch(path: string): void {
  let longest = 0
  let last = process.threadCpuUsage()
  const look = () => {
    const now = process.threadCpuUsage()
    longest = Math.max(longest, now.user - last.user + now.system - last.system)
    last = now
  }
  setInterval(look, 1).unref()
  createServer((socket) => {
    look()
    socket.end(String(longest / 1000))
    longest = 0
  })
    .listen(path)
    .unref()
}
