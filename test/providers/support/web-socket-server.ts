import { createHash } from 'node:crypto'
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'

/** An open WebSocket of a scripted server. It sends; what the client sends is not read. */
export interface ServedSocket {
  send(message: string | Uint8Array): void
  /** Cuts the connection, without a closing frame. */
  cut(): void
}

/** Answers the WebSocket handshakes of a server. */
export function serveSockets(
  server: Server,
  opened: (request: IncomingMessage, socket: ServedSocket) => void,
  closed: (request: IncomingMessage) => void,
): void {
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
    const accept = createHash('sha1').update(key).digest('base64')
    socket.on('error', () => {})
    socket.once('close', () => closed(request))
    // A client closes with a frame, which needs no other answer than the end.
    socket.on('data', (bytes: Buffer) => {
      if (bytes[0] === 0x88) socket.end(Buffer.from([0x88, 0]))
    })
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    )
    opened(request, {
      send: (message) => socket.writable && socket.write(frameOf(message)),
      cut: () => socket.destroy(),
    })
  })
}

function frameOf(message: string | Uint8Array): Buffer {
  const bytes = Buffer.from(message as Uint8Array)
  const head = Buffer.alloc(10)
  head[0] = 0x80 | (typeof message === 'string' ? 1 : 2)
  head[1] = 127
  head.writeBigUInt64BE(BigInt(bytes.length), 2)
  return Buffer.concat([head, bytes])
}
