import type { MessageEvent, WebSocket } from 'undici'

/** Takes the messages of a WebSocket as they arrive. */
export interface SocketListener {
  text(message: string): void
  binary(message: Uint8Array): void
  /** It was closed by the server, or could not be opened. Not called after `close`. */
  closed(): void
}

export interface UpstreamSocket {
  /** Resolves once it is open, or closed. */
  readonly settled: Promise<void>
  close(): void
}

/** Listens to a WebSocket that is being opened. */
export function openSocket(socket: WebSocket, listener: SocketListener): UpstreamSocket {
  const settled = Promise.withResolvers<void>()
  let isOver = false

  function over(): void {
    settled.resolve()
    if (!isOver) listener.closed()
    isOver = true
  }

  socket.binaryType = 'arraybuffer'
  socket.addEventListener('open', () => settled.resolve())
  socket.addEventListener('close', over)
  socket.addEventListener('error', over)
  socket.addEventListener('message', ({ data }: MessageEvent) => {
    if (isOver) return
    if (typeof data === 'string') listener.text(data)
    else if (data instanceof ArrayBuffer) listener.binary(new Uint8Array(data))
  })
  return {
    settled: settled.promise,
    close() {
      isOver = true
      settled.resolve()
      // A server that does not answer the closing frame is left after a while.
      socket.close()
    },
  }
}
