import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What it does with a request: passes it on, refuses it, is busy, never answers, or cuts it in its middle. */
export type Mood =
  | 'pass'
  | 'refuse'
  | 'busy'
  | 'hang'
  | 'cut download'
  | 'stall download'
  | 'cut upload'

/** A proxy before a server of S3, with the faults that those and the lines to them have. */
export async function startS3Proxy(port: number) {
  let mood: Mood = 'pass'
  const asked: string[] = []
  const server = createServer((from, to) => {
    asked.push(from.method ?? '')
    if (mood === 'hang') return
    if (mood === 'refuse') return void to.writeHead(403).end()
    if (mood === 'busy') return void to.writeHead(503).end()
    if (mood === 'cut upload' && from.method === 'PUT')
      return void from.once('data', () => from.socket.destroy())
    pass(from, to, port, mood)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    /** The methods of the requests, in order. */
    asked,
    become(next: Mood) {
      mood = next
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

function pass(from: IncomingMessage, to: ServerResponse, port: number, mood: Mood): void {
  const { method, url, headers } = from
  const onward = request({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
    to.writeHead(answer.statusCode ?? 502, answer.headers)
    if (method === 'GET' && mood !== 'pass')
      return void answer.once('data', (piece: Buffer) => {
        to.write(piece.subarray(0, 1_000), () => {
          if (mood === 'cut download') to.destroy()
        })
        answer.pause()
      })
    answer.pipe(to)
  })
  onward.on('error', () => to.destroy())
  from.on('error', () => onward.destroy())
  from.pipe(onward)
}
