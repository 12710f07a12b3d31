import type { CDPSession, Page } from 'playwright'
import { atMost, type Row } from '../row.ts'
import { withPage } from '../support/browser.ts'
import { twentyFields } from '../support/models.ts'
import { sleep } from '../support/process.ts'
import { withSandpit } from '../support/sandpit.ts'

const settleMs = 1_000

export const firstView: Row = {
  name: '3',
  title: 'The first view of a playground page (20 fields): what goes over the wire, as gzip',
  measure: (checkout) =>
    withSandpit(checkout, twentyFields, (server) =>
      withPage(async (page) => {
        const { bytes, paths } = await transferred(page, `${server.url}/bench/fields`)
        const kilobytes = bytes / 1024
        return [
          { what: 'bytes, heads included', value: kilobytes, unit: 'KB', budget: atMost(32) },
          { what: 'requests', value: paths.length, unit: 'requests', budget: atMost(4) },
          { what: `(${paths.join(' ')})`, value: paths.length, unit: 'requests', budget: null },
        ]
      }),
    ),
}

/** Covers and outputs are left out: they are as large as people make them. */
async function transferred(page: Page, url: string) {
  const session: CDPSession = await page.context().newCDPSession(page)
  const paths: string[] = []
  let bytes = 0
  const counted = new Set<string>()
  session.on('Network.requestWillBeSent', ({ request, requestId, type }) => {
    if (type === 'Image') return
    counted.add(requestId)
    paths.push(new URL(request.url).pathname)
  })
  session.on('Network.loadingFinished', ({ encodedDataLength, requestId }) => {
    if (counted.has(requestId)) bytes += encodedDataLength
  })
  await session.send('Network.enable')
  // Through a proxy without TLS, browsers accept no Brotli.
  await page.setExtraHTTPHeaders({ 'Accept-Encoding': 'gzip' })
  await page.goto(url, { waitUntil: 'load' })
  await sleep(settleMs)
  return { bytes, paths }
}
