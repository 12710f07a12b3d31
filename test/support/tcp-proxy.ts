import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A TCP proxy before a server, which cuts connections, refuses new ones, or lets them stall. */
export async function startTcpProxy(port: number) {
  const pairs = new Set<readonly [Socket, Socket]>()
  let refuses = false
  let stalls = false
  const server = createServer((client) => {
    if (refuses) return void client.destroy()
    const onward = connect(port, '127.0.0.1')
    const pair = [client, onward] as const
    pairs.add(pair)
    for (const [from, to] of [pair, [onward, client]] as const) {
      from.on('data', (bytes) => void (stalls || to.write(bytes)))
      from.on('error', () => {})
      from.on('close', () => {
        to.destroy()
        pairs.delete(pair)
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  function cut(): void {
    for (const [client] of pairs) client.destroy()
  }

  return {
    port: (server.address() as AddressInfo).port,
    connections: () => pairs.size,
    /** Ends all connections. */
    cut,
    /** Refuses new connections, or no longer. */
    refuse(yes: boolean): void {
      refuses = yes
    },
    /** Passes nothing on, while connections stay open, or no longer. */
    stall(yes: boolean): void {
      stalls = yes
    },
    close(): void {
      cut()
      server.close()
    },
  }
}
