import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { sleep } from './process.ts'

const probe = new URL('./loop-probe.ts', import.meta.url)
/** Until what a request left behind is done, too. */
const settleMs = 100

/** The environment of a server whose loop is watched over this socket. */
export function watched(socket: string): Record<string, string> {
  return { NODE_OPTIONS: `--import ${fileURLToPath(probe)}`, BENCH_PROBE: socket }
}

/** For how long, at most, the loop was held at a time during `use`: ms of processor time. */
export async function longestHold(socket: string, use: () => Promise<unknown>): Promise<number> {
  await read(socket)
  await use()
  await sleep(settleMs)
  return read(socket)
}

async function read(socket: string): Promise<number> {
  return Number(await text(connect(socket)))
}
