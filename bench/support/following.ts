import { type Answer, openConnection } from './connection.ts'
import { now } from './now.ts'

export interface Following {
  readonly port: number
  /** The header lines of all requests. */
  readonly headers: string
  /** What arrives before does not count. */
  readonly begin: number
  readonly end: number
}

/**
 * Follows the panel at this path as a page does, over requests that are held until it changes.
 * @returns How old each change was when it arrived, in milliseconds.
 */
export function follow(path: string, { port, headers, begin, end }: Following): Promise<number[]> {
  const ages: number[] = []
  return new Promise((resolve, reject) => {
    const connection = openConnection({ port, onAnswer, onError: reject })
    const ask = (target: string) => connection.ask(`GET ${target} HTTP/1.1\r\n${headers}\r\n\r\n`)
    ask(path)

    function onAnswer({ status, body }: Answer): void {
      const html = body.toString()
      const [, next] = /hx-get="([^"]+seen=[^"]+)"/.exec(html) ?? []
      if (status !== 200 || !next) {
        reject(new Error(`A panel was answered ${status}: ${html}`))
        return
      }
      const at = Number(/.*at=([\d.]+)/s.exec(html)?.[1])
      if (at > begin) ages.push(now() - at)
      if (now() < end) ask(next.replaceAll('&amp;', '&'))
      else {
        connection.close()
        resolve(ages)
      }
    }
  })
}
