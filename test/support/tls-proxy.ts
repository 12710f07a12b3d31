import { once } from 'node:events'
import { request } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'

/** A certificate of `localhost` for tests, which nobody trusts. */
const cert = `-----BEGIN CERTIFICATE-----
MIIBnDCCAUGgAwIBAgIURde3xCwMgACQK/hj6hdrDEGq6ccwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyOTIyMzMwNloYDzIxMjYxMTA1
MjIzMzA2WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATR/mNdtOwMsoP7PTW26vh+WhXca+14IGgXyD6Kn4nIf/HtWe1BQJJ3
jAAs/+qVQDgryt5hBp1T1M6b9j47SEF3o28wbTAdBgNVHQ4EFgQUT2G4j3HuoZhq
HMAf05y+wRiHI0AwHwYDVR0jBBgwFoAUT2G4j3HuoZhqHMAf05y+wRiHI0AwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSQAwRgIhALFJdPbUtISybpXJ/rOkACeLARbfPufkI6hVJ8PJB3CuAiEA
4UfaQElL4WRhRRjnlYlF5Vn8pT3c0cgCgry1gztCmPM=
-----END CERTIFICATE-----`
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgNEdQrEjcdUX1rTUV
p6M2t7ADzz/GWbCB2lavqBbOvquhRANCAATR/mNdtOwMsoP7PTW26vh+WhXca+14
IGgXyD6Kn4nIf/HtWe1BQJJ3jAAs/+qVQDgryt5hBp1T1M6b9j47SEF3
-----END PRIVATE KEY-----`

export type TlsProxy = Awaited<ReturnType<typeof startTlsProxy>>

/** A proxy that ends TLS, before a server on a port that is told later. */
export async function startTlsProxy() {
  let port = 0
  const server = createServer({ cert, key }, (asked, answer) => {
    const { url, method, headers } = asked
    const passed = request({ host: '127.0.0.1', port, path: url, method, headers }, (given) => {
      answer.writeHead(given.statusCode ?? 502, given.rawHeaders)
      given.pipe(answer)
    })
    passed.once('error', () => answer.destroy())
    asked.pipe(passed)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address() as AddressInfo
  return {
    url: `https://127.0.0.1:${address.port}`,
    passTo(to: number): void {
      port = to
    },
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
