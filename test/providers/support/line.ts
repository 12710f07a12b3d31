import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A line to a server that can go dead, or be cut, as networks do. It ends with the test. */
export async function startLine(port: number) {
  const pairs = new Set<readonly [Socket, Socket]>()
  let dead = false
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    const pair = [near, far] as const
    pairs.add(pair)
    for (const end of pair) {
      end.on('error', () => {})
      end.once('close', () => {
        pairs.delete(pair)
        // The server behind a dead connection is not told that the client closed it.
        if (!dead) for (const other of pair) other.destroy()
      })
      if (dead) end.pause()
    }
    near.on('data', (bytes) => far.write(bytes))
    far.on('data', (bytes) => near.write(bytes))
    if (dead) for (const end of pair) end.pause()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  function drop(): void {
    for (const pair of pairs) for (const end of pair) end.destroy()
  }
  onTestFinished(() => {
    drop()
    server.close()
  })
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Nothing gets through, and nobody is told. */
    goDead() {
      dead = true
      for (const pair of pairs) for (const end of pair) end.pause()
    },
    /** Waiting data gets through. */
    mend() {
      dead = false
      for (const pair of pairs) for (const end of pair) end.resume()
    },
    /** Every connection breaks; new ones are made. */
    drop,
  }
}
