import { connect } from 'node:net'

export interface Answer {
  readonly status: number
  readonly head: string
  readonly body: Buffer
}

export interface ConnectionOptions {
  readonly port: number
  readonly onAnswer: (answer: Answer) => void
  readonly onError: (error: Error) => void
  /** The local loopback address. */
  readonly from?: string
}

export type Connection = ReturnType<typeof openConnection>

const nothing = Buffer.alloc(0)

/** A kept-alive connection with one request at a time, and as little work as possible. */
export function openConnection({ port, onAnswer, onError, from }: ConnectionOptions) {
  const address = from === undefined ? {} : { localAddress: from }
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, ...address })
  let arrived = nothing
  let done = false
  socket.on('data', (data) => {
    arrived = arrived.length === 0 ? data : Buffer.concat([arrived, data])
    const answer = readAnswer(arrived)
    if (!answer) return
    arrived = nothing
    onAnswer(answer)
  })
  socket.on('error', (error) => !done && onError(error))
  socket.on('close', () => !done && onError(new Error('The server closed a connection')))
  return {
    ask: (request: string | Buffer) => socket.write(request),
    close(): void {
      done = true
      socket.destroy()
    },
  }
}

/** Sends one request on a new connection. */
export function askOnce(port: number, request: string | Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const connection = openConnection({
      port,
      onAnswer(answer) {
        connection.close()
        resolve(answer)
      },
      onError: reject,
    })
    connection.ask(request)
  })
}

/** Null until the response is complete. */
function readAnswer(bytes: Buffer): Answer | null {
  const headEnd = bytes.indexOf('\r\n\r\n')
  if (headEnd < 0) return null
  const head = bytes.toString('latin1', 0, headEnd)
  const body = bytes.subarray(headEnd + 4)
  const [, length] = /^content-length: *(\d+)/im.exec(head) ?? []
  const isWhole =
    length === undefined
      ? body.subarray(-5).toString('latin1') === '0\r\n\r\n'
      : body.length >= Number(length)
  return isWhole ? { status: Number(head.slice(9, 12)), head, body } : null
}
