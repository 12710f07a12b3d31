import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type FaultyProxy = Awaited<ReturnType<typeof startFaultyProxy>>

/** How it treats a form: passes it on, holds it, refuses it as too large, or closes the connection. */
type FormMood = 'hold' | 'too large' | 'hang up'

/** Its own responses to forms and panels, in place of the server's. */
const answers = {
  'asks who you are': [401, {}, 'Unauthorized'],
  'leads to a login page': [302, { Location: '/login' }, ''],
  'leads to another site': [302, { Location: 'http://login.invalid/' }, ''],
  'is asked too much': [429, { 'Retry-After': '1' }, 'Too Many Requests'],
  'finds no server': [502, { 'Content-Type': 'text/html' }, '<h1>502 Bad Gateway</h1>'],
  'has a page of its own': [200, { 'Content-Type': 'text/html' }, '<h1>Down for the night</h1>'],
} as const

export type Fault = keyof typeof answers
export type Mood = 'pass' | FormMood | Fault

export const faults = Object.keys(answers) as Fault[]

/** A proxy before a server, as teams have one, with the faults that those have. */
export async function startFaultyProxy(port: number) {
  let mood: Mood = 'pass'
  const waiting = new Set<() => void>()
  const server = createServer((asked, answer) => {
    if (asked.url === '/login')
      return void answer.writeHead(200, { 'Content-Type': 'text/html' }).end('<h1>Sign in</h1>')
    if (isFault(mood) && (asked.method !== 'GET' || isPanel(asked))) {
      const [status, headers, body] = answers[mood]
      asked.resume()
      return void asked.once('end', () => answer.writeHead(status, headers).end(body))
    }
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

function isFault(mood: Mood): mood is Fault {
  return mood in answers
}

function isPanel({ url }: IncomingMessage): boolean {
  return url?.includes('/panel') ?? false
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
