import { askOnce } from './connection.ts'
import { isSignedIn, programHeaders } from './person.ts'
import { sleep } from './process.ts'

const endsWithinMs = 20_000

/** An API client on this machine; without a token, unless the bench is signed in. */
export function createProgram(port: number) {
  const headers = [
    `Host: 127.0.0.1:${port}`,
    'Accept: */*',
    'User-Agent: replicate-javascript/1.4.0',
    'Content-Type: application/json',
    ...(isSignedIn() ? programHeaders : []),
  ].join('\r\n')

  function post(path: string, json: unknown, preference = ''): string {
    const body = JSON.stringify(json)
    const prefer = preference === '' ? '' : `\r\nPrefer: ${preference}`
    return `POST ${path} HTTP/1.1\r\n${headers}${prefer}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  }

  const get = (path: string) => `GET ${path} HTTP/1.1\r\n${headers}\r\n\r\n`

  return {
    get,
    post,
    /** Runs a model to its end, and returns the id of the prediction. */
    async finish(version: string, input: unknown): Promise<string> {
      const { body } = await askOnce(port, post('/v1/predictions', { version, input }, 'wait'))
      const { id } = predictionIn(body)
      const deadline = performance.now() + endsWithinMs
      while (performance.now() < deadline) {
        const found = await askOnce(port, get(`/v1/predictions/${id}`))
        if (predictionIn(found.body).status === 'succeeded') return id
        await sleep(20)
      }
      throw new Error(`${id} did not end well`)
    },
  }
}

function predictionIn(body: Buffer): { id: string; status: string } {
  return JSON.parse(body.toString())
}
