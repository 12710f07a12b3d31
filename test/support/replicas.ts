import { root } from '../../src/root.ts'
import { startRoundRobin } from './round-robin.ts'
import { temporaryFolder } from './run-folder.ts'
import { newBucket, startS3 } from './s3.ts'
import { testSecret } from './secret.ts'
import { type Server, startServer } from './server.ts'

export interface ReplicasOptions {
  /** The URL of the PostgreSQL database. */
  readonly database: string
  /** Three when left out. */
  readonly count?: number
  readonly environment?: Readonly<Record<string, string>>
  /** The folder of the Sandpit that is started: this one when left out. */
  readonly checkout?: string
}

export type Replicas = Awaited<ReturnType<typeof startReplicas>>
export type Replica = ReturnType<typeof createReplica>

/** Several built servers on one database and one file store, behind a proxy that takes them in turns. */
export async function startReplicas(options: ReplicasOptions) {
  const { database, count = 3, environment, checkout = root } = options
  const s3 = await startS3()
  const { bucket, endpoint } = newBucket(s3)
  const replicas: Replica[] = []
  const proxy = await startRoundRobin(() => replicas)
  const shared = {
    DATABASE_URL: database,
    SANDPIT_SECRET: testSecret,
    SANDPIT_URL: proxy.url,
    S3_BUCKET: bucket,
    S3_ENDPOINT: String(endpoint),
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    ...environment,
  }
  for (let at = 0; at < count; at++) replicas.push(createReplica(shared, checkout))
  await Promise.all(replicas.map((replica) => replica.start()))
  return {
    proxy,
    /** The origin of the proxy. */
    url: proxy.url,
    replicas,
    /** The origin of one of them. */
    at(index: number): string {
      return replicas[index % count]?.url ?? ''
    },
    /** Starts one more, from the folder of another Sandpit. */
    async add(other: string): Promise<Replica> {
      const replica = createReplica(shared, other)
      await replica.start()
      replicas.push(replica)
      return replica
    },
    async stop(): Promise<void> {
      await Promise.all(replicas.map((replica) => replica.end('SIGKILL')))
      await proxy.close()
      await s3.stop()
    },
  }
}

function createReplica(environment: Readonly<Record<string, string>>, checkout: string) {
  const data = temporaryFolder('sandpit-replica-')
  let server: Server | null = null
  const signal = (name: NodeJS.Signals) => server && process.kill(server.pid, name)
  return {
    get port(): number | null {
      return server?.port ?? null
    },
    get pid(): number | null {
      return server?.pid ?? null
    },
    get url(): string {
      return server?.url ?? ''
    },
    data,
    /** Starts it, on another port each time. `readsFirst`: whether to wait until it has read its models. */
    async start(readsFirst = true): Promise<void> {
      server = await startServer({ data, environment, readsFirst, checkout })
    },
    /** Sends it a signal that ends it, and waits until it is gone. */
    async end(name: 'SIGKILL' | 'SIGTERM') {
      const ending = server
      server = null
      // A stopped process hears of no other signal but this.
      return ending?.stop(name)
    },
    pause: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
  }
}
