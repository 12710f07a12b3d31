import { once } from 'node:events'
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { errorCode } from '../../src/domain/error-code.ts'

/** How often a target is asked whether it is ready, and how long it may take, in milliseconds. */
const checks = { every: 250, within: 1_000 }

export type RoundRobin = Awaited<ReturnType<typeof startRoundRobin>>

/** A server behind the proxy; its port is null while there is none. */
export interface Target {
  readonly port: number | null
}

/**
 * A proxy that gives each request to the next target that is ready, as load balancers do without sticky
 * sessions. A request that no server took is given to the next; one that was cut off is answered with 502.
 */
export async function startRoundRobin(targets: () => readonly Target[]) {
  const ready = new Set<Target>()
  let turn = 0
  const next = (tried: ReadonlySet<Target>) => {
    const able = targets().filter((one) => one.port !== null && !tried.has(one))
    const some = able.filter((one) => ready.has(one))
    const from = some.length > 0 ? some : able
    return from[turn++ % Math.max(from.length, 1)]
  }
  const checking = setInterval(() => {
    for (const target of targets())
      void isReady(target.port).then((is) => (is ? ready.add(target) : ready.delete(target)))
  }, checks.every)
  const server = createServer((asked, answer) => pass(asked, answer, next))
  server.requestTimeout = 0
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    /** How many targets are ready, as far as it knows. */
    ready: () => targets().filter((one) => ready.has(one)).length,
    async close(): Promise<void> {
      clearInterval(checking)
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function isReady(port: number | null): Promise<boolean> {
  if (port === null) return false
  try {
    const signal = AbortSignal.timeout(checks.within)
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal })
    await answer.arrayBuffer()
    return answer.ok
  } catch {
    return false
  }
}

type Next = (tried: ReadonlySet<Target>) => Target | undefined

function pass(
  asked: IncomingMessage,
  answer: ServerResponse,
  next: Next,
  tried: Set<Target> = new Set(),
): void {
  const target = next(tried)
  const port = target?.port
  if (!target || !port) return void refuse(answer)
  const { method, url, headers } = asked
  const onward = request({ host: '127.0.0.1', port, method, path: url, headers, agent: false })
  onward.once('response', (answered) => {
    answer.writeHead(answered.statusCode ?? 502, withoutHop(answered.headers))
    answered.pipe(answer)
    answered.once('error', () => answer.destroy())
    answered.once('aborted', () => answer.destroy())
  })
  onward.once('error', (error) => {
    if (answer.headersSent) return answer.destroy()
    // Nobody took it: nothing of its body is gone.
    if (errorCode(error) === 'ECONNREFUSED') return pass(asked, answer, next, tried.add(target))
    refuse(answer)
  })
  answer.once('close', () => onward.destroy())
  onward.once('socket', (socket) => {
    if (socket.connecting) socket.once('connect', () => asked.pipe(onward))
    else asked.pipe(onward)
  })
}

function refuse(answer: ServerResponse): void {
  if (answer.headersSent) return void answer.destroy()
  answer.writeHead(502, { 'Content-Type': 'text/html' }).end('<h1>502 Bad Gateway</h1>')
}

/** The connection to the client is another than that to the target. */
function withoutHop({ connection, 'keep-alive': _, ...headers }: OutgoingHttpHeaders) {
  return headers
}
