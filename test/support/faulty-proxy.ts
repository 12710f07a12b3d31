import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type FaultyProxy = Awaited<ReturnType<typeof startFaultyProxy>>

/** What it makes of a form: passes it on, holds on to it, takes it for too large, or hangs up. */
export type Mood = 'pass' | 'hold' | 'too large' | 'hang up'

/** A proxy before a server, as teams have one, with the faults that those have. */
export async function startFaultyProxy(port: number) {
  let mood: Mood = 'pass'
  const waiting = new Set<() => void>()
  const server = createServer((asked, answer) => {
    if (asked.method !== 'POST' || mood === 'pass') return pass(asked, answer, port)
    if (mood === 'hold') return void waiting.add(() => pass(asked, answer, port))
    if (mood === 'hang up') return void asked.once('data', () => asked.socket.destroy())
    asked.resume()
    asked.once('end', () => {
      answer.writeHead(413, { 'Content-Type': 'text/html' }).end('<h1>413 Too large</h1>')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    become(next: Mood) {
      mood = next
    },
    /** Lets go of what it held on to. */
    release() {
      for (const passOn of waiting) passOn()
      waiting.clear()
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

function pass(asked: IncomingMessage, answer: ServerResponse, port: number): void {
  const { method, url, headers } = asked
  const onward = request({ host: '127.0.0.1', port, method, path: url, headers }, (answered) => {
    answer.writeHead(answered.statusCode ?? 502, answered.headers)
    answered.pipe(answer)
  })
  onward.on('error', () => answer.destroy())
  asked.on('error', () => onward.destroy())
  answer.on('close', () => onward.destroy())
  asked.pipe(onward)
}
