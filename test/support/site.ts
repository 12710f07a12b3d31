import type { Browser, BrowserContextOptions, Page } from 'playwright'
import { afterAll, beforeAll } from 'vitest'
import { type AnyServer, startAnyServer } from './any-server.ts'
import { startBrowser } from './browser.ts'
import type { ServerOptions } from './server.ts'

/**
 * The built server and a browser, started before the tests of a file and stopped after them. Given a
 * function, the options are those it resolves with when the tests start.
 */
export function startSite(
  options: ServerOptions | (() => Promise<ServerOptions>) = {},
  browserArguments: readonly string[] = [],
) {
  let server: AnyServer
  let browser: Browser

  beforeAll(async () => {
    server = await startAnyServer(typeof options === 'function' ? await options() : options)
    browser = await startBrowser(browserArguments)
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop('SIGKILL')
  })

  return {
    get server() {
      return server
    },
    get browser() {
      return browser
    },
    /** Opens a path in a new browser context. */
    async open(path: string, context: BrowserContextOptions = {}): Promise<Page> {
      const page = await (await browser.newContext(context)).newPage()
      await page.goto(server.url + path)
      return page
    },
  }
}
