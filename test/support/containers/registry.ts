import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export interface RegistryOptions {
  /** `ann/video`. */
  readonly repository: string
  readonly labels: Readonly<Record<string, string>>
  /** `user:password` of who may see it; left out for everybody. */
  readonly login?: string
  /** Of its layer, in bytes. */
  readonly size?: number
}

/** A registry with one image, over HTTP on the loopback interface. It ends with the test. */
export async function startRegistry({ repository, labels, login, size = 1_000 }: RegistryOptions) {
  const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`
  const config = JSON.stringify({ config: { Labels: labels } })
  const manifest = JSON.stringify({ config: { digest: digestOf(config) }, layers: [{ size }] })
  const proof = login && `Basic ${Buffer.from(login).toString('base64')}`
  /** What proved who asked, with each request. */
  const proofs: (string | undefined)[] = []
  const server = createServer(({ url = '', headers }, response) => {
    proofs.push(headers.authorization)
    if (proof !== undefined && headers.authorization !== proof)
      return void response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="here"' }).end()
    if (url === `/v2/${repository}/blobs/${digestOf(config)}`) return void response.end(config)
    if (url.startsWith(`/v2/${repository}/manifests/`)) return void response.end(manifest)
    response.writeHead(404).end('{}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    host,
    /** The name that it is pulled by. */
    name: `${host}/${repository}@${digestOf(manifest)}`,
    id: digestOf(config),
    proofs,
  }
}
