import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where a container engine listens: Docker, or what speaks its API, such as Podman. */
export interface EngineAddress {
  /** Its name among several: `local`, `gpu-2`. */
  readonly name: string
  /** The path of its Unix socket; null when it is reached over TCP. */
  readonly socket: string | null
  /** `https://gpu-2:2376`; for a socket, a host that no name server is asked for. */
  readonly origin: string
  /** The client certificate for TCP, in PEM; null for a socket. */
  readonly certificate: ClientCertificate | null
}

export interface ClientCertificate {
  readonly ca: string
  readonly cert: string
  readonly key: string
}

/**
 * The address of an engine. TCP needs `ca.pem`, `cert.pem` and `key.pem` in a folder, as `DOCKER_CERT_PATH` names
 * one: without a client certificate, whoever reaches the port owns the host.
 *
 * @param url As `DOCKER_HOST` writes it: `unix:///var/run/docker.sock`, `tcp://gpu-2:2376`.
 * @throws when the files cannot be read.
 */
export function engineAddress(
  { name, url }: { readonly name: string; readonly url: string },
  certificates: string | null,
): EngineAddress {
  if (url.startsWith('unix://')) {
    const socket = url.slice('unix://'.length)
    return { name, socket, origin: 'http://engine', certificate: null }
  }
  if (certificates === null)
    throw new Error(`The engine at ${url} needs client certificates: set SANDPIT_ENGINE_CERTS`)
  const read = (file: string) => readFileSync(join(certificates, file), 'utf8')
  const certificate = { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') }
  return { name, socket: null, origin: url.replace('tcp://', 'https://'), certificate }
}
