import { randomBytes } from 'node:crypto'
import type { Generation } from '../../providers/support/cog-generations.ts'
import type { CogModel } from '../../providers/support/cog-run.ts'
import { type CogServer, startCogServer } from '../../providers/support/cog-server.ts'

/** An image of a scripted engine, and the server that its containers run. */
export interface ScriptedImage {
  readonly name: string
  /** `sha256:…`. */
  readonly id: string
  readonly labels?: Readonly<Record<string, string>>
  readonly digests?: readonly string[]
  readonly model: CogModel
  readonly generation?: Generation
  readonly concurrency?: number
  /** Whether a container stays with its set-up until the test says that it is done. */
  readonly booting?: boolean
  /** Texts in its containers, by their paths. */
  readonly files?: Readonly<Record<string, string>>
  /** What a container writes when it starts. */
  readonly writes?: readonly string[]
}

/** The body that a container was created from, as far as an engine looks at it here. */
export interface CreateBody {
  readonly Image: string
  readonly Labels?: Readonly<Record<string, string>>
  readonly HostConfig?: {
    readonly NetworkMode?: string
    readonly PortBindings?: unknown
    readonly DeviceRequests?: readonly unknown[]
  }
}

export type ScriptedContainer = ReturnType<typeof createScriptedContainer>

let addresses = 0

/** An address of the loopback interface that no other container of this machine’s tests has. */
function nextAddress(): string {
  addresses++
  return `127.${(process.pid % 200) + 20}.${addresses >> 8}.${addresses & 255 || 1}`
}

/** A container of a scripted engine. What runs in it is a Cog server of this process. */
export function createScriptedContainer(
  name: string,
  body: CreateBody,
  image: ScriptedImage,
  changed: (action: string) => void,
) {
  const id = randomBytes(32).toString('hex')
  const network = body.HostConfig?.NetworkMode ?? null
  const host = network === null ? '127.0.0.1' : nextAddress()
  const ended = new Set<(code: number) => void>()
  const readers = new Set<(line: string | null) => void>()
  const lines: string[] = []
  let status: 'created' | 'running' | 'exited' = 'created'
  let exitCode = 0
  let server: CogServer | null = null
  let startedAt = '0001-01-01T00:00:00Z'

  function write(line: string): void {
    lines.push(line)
    for (const read of readers) read(line)
  }

  async function end(code: number): Promise<void> {
    if (status !== 'running') return
    status = 'exited'
    exitCode = code
    await server?.close()
    for (const read of readers) read(null)
    for (const tell of ended) tell(code)
    changed('die')
  }

  return {
    id,
    name,
    body,
    image,
    /** Its server answers nobody any more, and the container runs on. */
    hang: async (): Promise<void> => server?.close(),
    host,
    network,
    labels: body.Labels ?? {},
    /** Its server, once it runs. */
    server(): CogServer {
      if (!server) throw new Error(`${name} was not started`)
      return server
    },
    state: () => ({ status, exitCode, startedAt }),
    async start(): Promise<void> {
      const { model, generation = '0.16', concurrency = 1, booting = false } = image
      const address = { host, port: network === null ? 0 : 5000 }
      const own = { model, generation, concurrency, booting }
      server = await startCogServer({ ...own, address })
      status = 'running'
      startedAt = new Date().toISOString()
      for (const line of image.writes ?? []) write(line)
      changed('start')
    },
    write,
    /** Calls back with each line that was and is written, and with null at the end. */
    read(line: (text: string | null) => void): () => void {
      for (const one of lines) line(one)
      if (status === 'exited') line(null)
      else readers.add(line)
      return () => readers.delete(line)
    },
    /** Its process ends by itself, or is killed: 137. */
    end,
    /** Calls back with its exit code, once. */
    whenEnded(tell: (code: number) => void): () => void {
      if (status !== 'running') tell(exitCode)
      else ended.add(tell)
      return () => ended.delete(tell)
    },
  }
}
